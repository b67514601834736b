// What the tests of building images stand on: a repository with a Dockerfile, storages of their own for buildah, wheels, and stand-ins for programs.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { pack } from 'tar-stream'
import type { Digest } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { openTiny, type Tiny } from '../pypi/tiny.fixture.ts'
import type { BuildInput } from './build.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

/** Seconds since 1970, and the same as a date. */
export const EPOCH = 1_760_486_400
export const DATE = '2025-10-15T00:00:00.000Z'

/** A repository, and folders that are gone afterwards. */
export interface Bench extends AsyncDisposable {
  readonly tiny: Tiny
  /** An empty folder. */
  folder(): string
  /** A world in which these programs come before those of the machine; each is a shell script. */
  worldOf(programs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): World
  /** A world whose builders are buildah alone, over a new storage; with `base`, the demo's base image is in it. */
  buildahWorld(base: 'base' | 'empty'): { readonly world: World; readonly env: Readonly<Record<string, string>> }
  /** The tree of a repository that holds these files alone. */
  tree(files: Readonly<Record<string, string>>): string
}

/** Opens a bench. */
export function openBench(): Bench {
  const tiny = openTiny()
  const root = mkdtempSync(join(tmpdir(), 'image-'))
  const path = process.env['PATH'] ?? ''
  const folder = () => mkdtempSync(join(root, 'x-'))
  const worldOf: Bench['worldOf'] = (programs, env = {}) => {
    const bin = folder()
    for (const [name, script] of Object.entries(programs)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return tiny.worldWith({ env: { PATH: `${bin}${delimiter}${path}`, ...env } })
  }
  return {
    tiny,
    folder,
    worldOf,
    buildahWorld(base) {
      const store = folder()
      writeFileSync(join(store, 'storage.conf'), `[storage]\ndriver = "vfs"\ngraphroot = "${store}/graph"\nrunroot = "${store}/run"\n`)
      const env = { CONTAINERS_STORAGE_CONF: join(store, 'storage.conf') }
      if (base === 'base') execFileSync(process.execPath, [join(ROOT, 'scripts/base-image.ts')], { env: { ...process.env, ...env } })
      return { world: worldOf({ docker: 'exit 1', podman: 'exit 1' }, env), env }
    },
    tree: (files) => tiny.tree({ 'pyproject.toml': null, 'setup.py': null, 'README.md': null, 'MANIFEST.in': null, 'hello.sh': null, 'tinyslip/__init__.py': null, ...files }),
    async [Symbol.asyncDispose]() {
      await tiny[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Why images cannot be built here for real, or false. */
export function withoutBuildah(): string | false {
  try {
    execFileSync('buildah', ['info'], { stdio: 'ignore' })
    return ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox'].some((path) => existsSync(path)) ? false : 'busybox-static is not installed here'
  } catch {
    return 'buildah is not installed here, or does not work'
  }
}

/** What is to be built from a tree. */
export function buildOf(tree: string, changes: Partial<BuildInput> = {}): BuildInput {
  return {
    tree, commit: 'c'.repeat(40), image: 'ghcr.io/acme/tiny', version: '2.1.0', date: DATE, platforms: ['linux/amd64'], dockerfile: 'Dockerfile', context: '.', args: {},
    labels: { title: 'Tiny', licenses: 'MIT' }, wheels: [], builder: 'auto', ...changes,
  }
}

/** Keeps bytes in the store. */
export async function keepBytes(world: World, bytes: Uint8Array): Promise<Digest> {
  return world.scratch(async (scratch) => {
    writeFileSync(join(scratch.path, 'bytes'), bytes)
    return (await scratch.keep('bytes')).sha256
  })
}

/** The files that a wheel of tiny-slip installs. */
export function wheelFiles(version = '2.1.0'): Record<string, string> {
  const files = {
    'tinyslip/__init__.py': 'def hello():\n    return "hello"\n',
    'tinyslip/with, comma.txt': 'x\n',
    [`tiny_slip-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: tiny-slip\nVersion: ${version}\n\nText\n`,
    [`tiny_slip-${version}.dist-info/WHEEL`]: 'Wheel-Version: 1.0\n',
    [`tiny_slip-${version}.data/scripts/tiny`]: '#!python\n',
  }
  const record = Object.entries(files).map(([path, text]) => `${path.includes(',') ? `"${path}"` : path},sha256=${createHash('sha256').update(text).digest('base64url')},${text.length}\n`)
  return { ...files, [`tiny_slip-${version}.dist-info/RECORD`]: `${record.join('')}tiny_slip-${version}.dist-info/RECORD,,\n` }
}

/** Makes and keeps a wheel of tiny-slip. */
export async function keepWheel(world: World, version = '2.1.0'): Promise<BuildInput['wheels'][number]> {
  const bytes = zipSync(Object.fromEntries(Object.entries(wheelFiles(version)).map(([path, text]) => [path, strToU8(text)])), { mtime: '2020-01-01' })
  return { name: `tiny_slip-${version}-py3-none-any.whl`, sha256: await keepBytes(world, bytes), by: 'pypi' }
}

/** A layer: its files by path, links as `-> path`. */
export type Layer = Readonly<Record<string, string>>

/** A layer's bytes. */
export async function layerBytes(layer: Layer, compress: 'gzip' | 'zstd' = 'gzip'): Promise<Buffer> {
  const archive = pack()
  for (const [name, text] of Object.entries(layer)) {
    if (text.startsWith('-> ')) archive.entry({ name, type: 'link', linkname: text.slice(3) })
    else archive.entry({ name, type: name.endsWith('/') ? 'directory' : 'file' }, text)
  }
  archive.finalize()
  const tar = await buffer(archive)
  return compress === 'gzip' ? gzipSync(tar) : zstdCompressSync(tar)
}

/** What a layout of the tests holds. */
export interface LayoutOf {
  readonly layers: readonly Layer[]
  readonly labels?: Readonly<Record<string, string>>
  readonly platform?: string
  readonly compress?: 'gzip' | 'zstd'
}

/** Writes an OCI layout as BuildKit does, its index in an index with a statement beside the image, and returns the paths of its blobs by what they are. */
export async function writeLayoutOf(folder: string, { layers, labels, platform = 'linux/amd64', compress = 'gzip' }: LayoutOf): Promise<Readonly<Record<string, string>>> {
  const paths: Record<string, string> = {}
  const put = (what: string, bytes: Uint8Array | string, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    const path = join(folder, 'blobs/sha256', hex)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
    paths[what] = path
    return { mediaType, digest: `sha256:${hex}`, size: typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length }
  }
  const [os, architecture] = platform.split('/')
  const config = put('config', JSON.stringify({ os, architecture, config: { Labels: labels ?? { 'org.opencontainers.image.version': '2.1.0' } }, rootfs: { type: 'layers', diff_ids: [] } }), 'application/vnd.oci.image.config.v1+json')
  const packed = await Promise.all(layers.map((layer) => layerBytes(layer, compress)))
  const listed = packed.map((bytes, at) => put(`layer${at}`, bytes, `application/vnd.oci.image.layer.v1.tar+${compress}`))
  const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = put('manifest', JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: listed }), MANIFEST)
  const statement = { ...put('statement', '{}', MANIFEST), platform: { os: 'unknown', architecture: 'unknown' }, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }
  const inner = put('index', JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, platform: { os, architecture } }, statement] }), 'application/vnd.oci.image.index.v1+json')
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [inner] }))
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  return paths
}

/** A stand-in for docker buildx: it writes its arguments to `args` in this folder, and gives out the layout that is there, or runs `instead`. */
export function buildxOver(folder: string, instead = ''): Readonly<Record<string, string>> {
  return {
    docker: [
      'if [ "$2" = inspect ]; then printf "Name: b\\nDriver: docker-container\\n"; exit 0; fi',
      `printf "%s\\n" "$@" >> ${folder}/args; echo "epoch $SOURCE_DATE_EPOCH" >> ${folder}/args`,
      'echo "#5 [2/2] COPY a /a"; echo "[Warning] one or more build args were not consumed: [FOO]" >&2',
      instead,
      `for arg; do case "$arg" in type=oci,*) dest=\${arg#*dest=}; cp -r ${folder}/layout "\${dest%%,*}";; esac; done`,
    ].join('\n'),
  }
}

