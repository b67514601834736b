// Pushing an image against `skopeo copy` to the same registry (Debian's docker-registry): a 1 GiB layer, 50 small layers, a tag moved.
import { createHash, randomBytes } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm, writeFile, copyFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canonicalJson, type JsonObject } from '../src/model/json.ts'
import type { Once } from '../src/model/kind.ts'
import type { Digest } from '../src/model/plan.ts'
import { openArtifacts } from '../src/world/artifacts.ts'
import { openWorld } from '../src/world/world.ts'
import { median, row, type Row } from './row.ts'

const self = fileURLToPath(import.meta.url)
const rounds = 3
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** An image as it is pushed: in an artifact store for ours, and as an OCI layout for skopeo. */
interface Made {
  readonly folder: string
  readonly manifest: { readonly digest: Digest; readonly size: number }
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[]
}

/** One run of a program. */
interface Ran {
  /** Seconds, the whole process. */
  readonly wall: number
  /** MB resident at the most, as seen every few milliseconds; 0 where there is no /proc. */
  readonly memory: number
}

/** Measures three times by turns and takes medians. Needs docker-registry and skopeo, and 5 GiB of room in the temporary folder for a moment; without them there are no rows. */
export async function imageRows(): Promise<readonly Row[]> {
  if (!['docker-registry', 'skopeo'].every((name) => (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name))))) {
    console.error('image: docker-registry or skopeo is not installed, so there is nothing to measure against')
    return []
  }
  const root = await mkdtemp(join(tmpdir(), 'slipway-bench-image-'))
  try {
    const large = await make(join(root, 'large'), [1024 ** 3])
    const small = await make(join(root, 'small'), Array.from({ length: 50 }, () => 64 * 1024))
    const pushed = [...await pushes(root, 'a 1 GiB layer', large), ...await pushes(root, '50 layers of 64 KiB', small)]
    return [...pushed, ...await retag(root, small)]
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function pushes(root: string, what: string, made: Made): Promise<readonly Row[]> {
  const runs: Record<'ours' | 'skopeo', Ran[]> = { ours: [], skopeo: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['skopeo', 'ours'] as const) {
      // A registry that has the blobs already would be no work.
      await using registry = await startRegistry(join(root, 'data'))
      const args = name === 'ours' ? [self, 'push', made.folder, registry.host] : ['copy', '--quiet', '--preserve-digests', '--dest-tls-verify=false', `oci:${join(made.folder, 'layout')}:image`, `docker://${registry.host}/bench/image:1`]
      runs[name].push(await timed(name === 'ours' ? process.execPath : 'skopeo', args))
    }
  }
  const against = 'skopeo copy to the same registry'
  const of = (name: keyof typeof runs, part: keyof Ran): number => median(runs[name].map((ran) => ran[part]))
  return [
    row(`push of an image with ${what}`, { ours: of('ours', 'wall'), limit: of('skopeo', 'wall'), unit: 's', against }),
    ...(existsSync('/proc/self/status') ? [row(`its peak memory: ${what}`, { ours: of('ours', 'memory'), limit: of('skopeo', 'memory'), unit: 'MB', against })] : []),
  ]
}

async function retag(root: string, made: Made): Promise<readonly Row[]> {
  await using registry = await startRegistry(join(root, 'data'))
  await timed(process.execPath, [self, 'push', made.folder, registry.host])
  const walls: Record<'ours' | 'skopeo', number[]> = { ours: [], skopeo: [] }
  for (let round = 0; round < rounds * 3; round += 1) {
    const reference = `docker://${registry.host}/bench/image`
    walls.skopeo.push((await timed('skopeo', ['copy', '--quiet', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false', `${reference}@${made.manifest.digest}`, `${reference}:s${round}`])).wall)
    walls.ours.push((await timed(process.execPath, [self, 'tag', made.folder, registry.host, `o${round}`])).wall)
  }
  return [row('a tag put on a pushed image of 50 layers, the whole process', { ours: median(walls.ours), limit: median(walls.skopeo), unit: 's', against: 'skopeo copy within the registry' })]
}

/** Makes an image of layers of these sizes, once in a store and once as a layout. */
async function make(folder: string, sizes: readonly number[]): Promise<Made> {
  const layout = join(folder, 'layout')
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
  const artifacts = openArtifacts(join(folder, 'artifacts'))
  const keep = async (path: string, digest: Digest): Promise<void> => {
    await artifacts.keep(path)
    await copyFile(path, join(layout, 'blobs/sha256', digest.slice('sha256:'.length)))
    await rm(path)
  }
  const text = async (value: JsonObject): Promise<{ readonly digest: Digest; readonly size: number }> => {
    const bytes = Buffer.from(canonicalJson(value))
    const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    await writeFile(join(folder, 'incoming'), bytes)
    await keep(join(folder, 'incoming'), digest)
    return { digest, size: bytes.length }
  }
  const layers: { readonly mediaType: string; readonly digest: Digest; readonly size: number }[] = []
  for (const size of sizes) {
    const hash = createHash('sha256')
    await using file = await open(join(folder, 'incoming'), 'w')
    for (let at = 0; at < size; at += 16 * 1024 ** 2) {
      const block = randomBytes(Math.min(16 * 1024 ** 2, size - at))
      hash.update(block)
      await file.write(block)
    }
    const digest: Digest = `sha256:${hash.digest('hex')}`
    await keep(join(folder, 'incoming'), digest)
    layers.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size })
  }
  const config = await text({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) } })
  const manifest = await text({ schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config }, layers })
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(layout, 'index.json'), canonicalJson({ schemaVersion: 2, manifests: [{ mediaType: MANIFEST, ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'image' } }] }))
  const made = { folder, manifest, blobs: [...layers.map(({ digest, size }) => ({ digest, size })), config] }
  await writeFile(join(folder, 'made.json'), JSON.stringify(made))
  return made
}

async function startRegistry(data: string): Promise<AsyncDisposable & { readonly host: string }> {
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  await mkdir(data, { recursive: true })
  const config = join(data, 'config.yml')
  await writeFile(config, `version: 0.1\nlog: { level: error, accesslog: { disabled: true } }\nstorage: { filesystem: { rootdirectory: ${data}/files } }\nhttp: { addr: "${host}" }\n`)
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  const gone = once(child, 'exit')
  while (!(await fetch(`http://${host}/v2/`).then((answer) => answer.ok, () => false))) await new Promise((resolve) => { setTimeout(resolve, 20) })
  return {
    host,
    async [Symbol.asyncDispose]() {
      child.kill()
      await gone
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function timed(program: string, args: readonly string[]): Promise<Ran> {
  const began = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: '' } })
  let memory = 0
  const timer = setInterval(() => { void peakOf(child).then((seen) => { memory = Math.max(memory, seen) }) }, 10)
  const [code] = await once(child, 'exit') as [number | null]
  clearInterval(timer)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
  return { wall: (performance.now() - began) / 1000, memory }
}

async function peakOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

const oncePushed: Once = { key: 'bench', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }

async function beClient(what: string, { folder, host, tag }: { readonly folder: string; readonly host: string; readonly tag: string }): Promise<void> {
  const { imageTarget } = await import('../src/targets/image/index.ts')
  const kinds = new Map(imageTarget.kinds.map((kind) => [kind.kind, kind]))
  const { manifest, blobs } = JSON.parse(await readFile(join(folder, 'made.json'), 'utf8')) as Made
  const world = openWorld({ repository: folder, folder, env: {}, version: 'bench', evidence: { find: async () => undefined, record: async () => undefined } })
  const planned = { image: `${host}/bench/image`, token: { $secret: 'REGISTRY_TOKEN' }, digest: manifest.digest, size: manifest.size, mediaType: MANIFEST }
  const { image, token } = planned
  if (what === 'push') {
    await kinds.get('image.blobs')?.apply?.(world, { image, token, blobs, mountFrom: [] }, oncePushed)
    await kinds.get('image.manifest')?.apply?.(world, { ...planned, what: 'the image' }, oncePushed)
  }
  await kinds.get('image.tag')?.apply?.(world, { ...planned, tag }, oncePushed)
}

if (import.meta.main) {
  const [role, folder = '', host = '', tag = '1'] = process.argv.slice(2)
  if (role === undefined) console.table(await imageRows())
  else await beClient(role, { folder, host, tag })
}
