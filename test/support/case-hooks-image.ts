// The hooks of the cases about images: programs that are there or not, what builders find, and what registries answer.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { FaultCall, FaultWay } from '../../src/rehearsal/faults.ts'
import { changeByte, plantTag } from '../../src/rehearsal/registry/arrange.ts'
import { plantFormer } from '../../src/rehearsal/registry/former.ts'
import type { RegistryState } from '../../src/rehearsal/registry/state.ts'
import { CASE_IMAGE } from './case-image.ts'
import type { Arrangement, Hook } from './case-hooks.ts'
import { rigEnvironment } from './rig-environment.ts'
import { RIG_TOKEN, type Rig } from './rig.ts'

const BUILDERS = ['docker', 'podman', 'buildah']
const SCANNERS = ['trivy', 'grype']

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function pathOf(rig: Rig, { run }: Arrangement): string {
  return run.env?.['PATH'] ?? rigEnvironment(rig.home)['PATH'] ?? ''
}

function setPath(arrangement: Arrangement, path: string): void {
  arrangement.run = { ...arrangement.run, env: { ...arrangement.run.env, PATH: path } }
}

/** Leads PATH to everything that it leads to now, without these programs. */
function hide(rig: Rig, arrangement: Arrangement, programs: readonly string[]): void {
  const bin = join(rig.folder, 'without')
  mkdirSync(bin)
  for (const folder of pathOf(rig, arrangement).split(delimiter).filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder)) if (!programs.includes(name) && !existsSync(join(bin, name))) symlinkSync(join(folder, name), join(bin, name))
  }
  setPath(arrangement, bin)
}

/** Puts a shell script of this name before everything else on PATH. */
function standIn(rig: Rig, arrangement: Arrangement, { name, script }: { readonly name: string; readonly script: string }): void {
  const bin = join(rig.folder, 'stand-ins')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  setPath(arrangement, [bin, pathOf(rig, arrangement)].join(delimiter))
}

function registryOf({ world }: Rig): RegistryState {
  const found = world.registries.find(({ host }) => host === CASE_IMAGE.host)
  if (found === undefined) throw new Error(`the world has no ${CASE_IMAGE.host}`)
  return found
}

/** A fault for calls that are none of the preset's. */
function answer(rig: Rig, fault: (call: FaultCall) => FaultWay | undefined): void {
  const next = rig.world.faults.next
  rig.world.faults.next = (call) => fault(call) ?? next(call)
}

const BEGINS_UPLOAD = /\/blobs\/uploads\/$/

/** Answers the beginning of uploads so, as often as it says. */
function answerPush(rig: Rig, way: FaultWay, times = Infinity): void {
  let left = times
  answer(rig, ({ method, url }) => url.host === CASE_IMAGE.host && method === 'POST' && BEGINS_UPLOAD.test(url.pathname) && left-- > 0 ? way : undefined)
}

function refusal(status: number, code: string, message: string): FaultWay {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errors: [{ code, message }] }) }
}

/** Does something when the registry has given the image its version tag. */
function onceTagged(rig: Rig, tag: string, then: (registry: RegistryState) => void): void {
  rig.onCall = ({ method, url }, moment) => {
    if (moment === 'after' && method === 'PUT' && url === `https://${CASE_IMAGE.host}/v2/${CASE_IMAGE.name}/manifests/${tag}`) then(registryOf(rig))
  }
}

interface ManifestNames { readonly layers?: readonly { readonly digest: string }[]; readonly manifests?: readonly { readonly digest: string }[] }

/** The first layer of what a tag names. */
function layerOf(registry: RegistryState, tag: string): string {
  const repository = registry.repositories.get(CASE_IMAGE.name)
  const read = (digest: string): ManifestNames => JSON.parse(Buffer.from(repository?.manifests.get(digest)?.bytes ?? []).toString('utf8')) as ManifestNames
  const [platform] = read(repository?.tags.get(tag) ?? '').manifests ?? []
  const [layer] = read(platform?.digest ?? '').layers ?? []
  if (layer === undefined) throw new Error(`${CASE_IMAGE.name}:${tag} has no layer`)
  return layer.digest
}

function beginsWith(path: string, bytes: readonly number[]): boolean {
  const file = openSync(path, 'r')
  const found = Buffer.alloc(bytes.length)
  readSync(file, found)
  closeSync(file)
  return found.equals(Buffer.from(bytes))
}

/** Changes the last byte of everything in the artifact store that is packed, which is what layers are. */
function changeLayers({ state }: Rig): void {
  const store = join(state, 'artifacts', 'sha256')
  const layers = readdirSync(store, { recursive: true, encoding: 'utf8' }).map((path) => join(store, path)).filter((path) => statSync(path).isFile() && beginsWith(path, GZIP))
  if (layers.length === 0) throw new Error('there is no layer in the store')
  for (const layer of layers) {
    chmodSync(layer, 0o644)
    const bytes = readFileSync(layer)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(layer, bytes)
  }
}

const GZIP = [0x1f, 0x8b]

const TRIVY_REPORTS = 'while [ $# -gt 0 ]; do case "$1" in --output) to=$2;; esac; shift; done'

/** Hooks by the name that case.json gives. */
export const IMAGE_HOOKS = {
  'images can be built here': () => works('docker', ['buildx', 'inspect']) || works('podman', ['info']) || works('buildah', ['info']) ? undefined : 'nothing here builds container images',
  'buildah builds images here': () => works('buildah', ['info']) ? undefined : 'buildah is not installed here, or does not work',
  'no builder of images is installed': (rig, arrangement) => { hide(rig, arrangement, BUILDERS) },
  'apt-get installs a builder': (rig, arrangement) => {
    if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return 'nothing is installed here with apt-get'
    const buildah = join(rig.folder, 'stand-ins', 'buildah')
    standIn(rig, arrangement, { name: 'apt-get', script: `printf '#!/bin/sh\\necho "{\\"host\\": {\\"os\\": \\"linux\\", \\"arch\\": \\"amd64\\"}}"\\n' > ${buildah}; chmod +x ${buildah}` })
    return undefined
  },
  'apt-get finds nothing': (rig, arrangement) => { standIn(rig, arrangement, { name: 'apt-get', script: 'exit 100' }) },
  'gh is logged in': (rig, arrangement) => {
    standIn(rig, arrangement, { name: 'gh', script: `test "$*" = 'auth token --hostname github.com' && echo '${RIG_TOKEN}'` })
  },
  'the GitHub token may write packages': ({ world: { github } }) => {
    (github.tokens as Record<string, unknown>)[RIG_TOKEN] = { login: 'owner', rights: { contents: 'write', pull_requests: 'write', administration: 'write' }, scopes: ['repo', 'write:packages'] }
  },
  'the GitHub token may not write packages': ({ world: { github } }) => {
    (github.tokens as Record<string, unknown>)[RIG_TOKEN] = { login: 'owner', rights: { contents: 'write', pull_requests: 'write', administration: 'write' }, scopes: ['repo'] }
  },
  'podman is not installed': (rig, arrangement) => { hide(rig, arrangement, ['podman']) },
  'no scanner is installed': (rig, arrangement) => { hide(rig, arrangement, SCANNERS) },
  'trivy has no database': (rig, arrangement) => {
    standIn(rig, arrangement, { name: 'trivy', script: 'echo "2026-09-22T16:16:53Z FATAL Fatal error run error: init error: DB error: failed to download vulnerability DB: OCI artifact error" >&2\nexit 1' })
  },
  'trivy writes half a report': (rig, arrangement) => {
    standIn(rig, arrangement, { name: 'trivy', script: `${TRIVY_REPORTS}\nprintf '{"SchemaVersion": 2, "Artif' > "$to"` })
  },
  'a registry that buildah knows has a base image for amd64 and arm64': (rig, arrangement) => {
    plantFormer(registryOf(rig), 'oneflow-ai/base', ['1'])
    const file = join(rig.folder, 'registries.conf')
    writeFileSync(file, `[[registry]]\nprefix = "base.example.org"\nlocation = "${new URL(rig.world.served.origin).host}/${CASE_IMAGE.host}/oneflow-ai"\ninsecure = true\n`)
    arrangement.run = { ...arrangement.run, env: { ...arrangement.run.env, CONTAINERS_REGISTRIES_CONF: file } }
  },
  'the layers in the store are changed before they are pushed': (rig) => {
    rig.onCall = ({ method, url }, moment) => {
      if (moment !== 'before' || method !== 'HEAD' || !url.includes(`${CASE_IMAGE.host}/v2/${CASE_IMAGE.name}/blobs/`)) return
      rig.onCall = undefined
      changeLayers(rig)
    }
  },
  'ghcr.io answers every push with 401': (rig) => { answerPush(rig, refusal(401, 'UNAUTHORIZED', 'unauthenticated: User cannot be authenticated with the token provided.')) },
  'ghcr.io answers every push with 403': (rig) => { answerPush(rig, refusal(403, 'DENIED', 'permission_denied: write_package')) },
  'ghcr.io answers every push with 404': (rig) => { answerPush(rig, refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry')) },
  'ghcr.io answers every push with 413': (rig) => { answerPush(rig, { status: 413, headers: { 'content-type': 'text/html' }, body: '<html><head><title>413 Request Entity Too Large</title></head></html>' }) },
  'ghcr.io answers every push with 503': (rig) => { answerPush(rig, { status: 503, body: 'Service Unavailable' }) },
  'ghcr.io answers a push with 429 once': (rig) => { answerPush(rig, refusal(429, 'TOOMANYREQUESTS', 'retry-after: 1s, allowed: 2000/minute'), 1) },
  'ghcr.io gives no answer to a push once': (rig) => { answerPush(rig, 'hang-before', 1) },
  'ghcr.io serves another layer than was pushed': (rig) => { onceTagged(rig, '2.1.0', (registry) => { changeByte(registry, CASE_IMAGE.name, layerOf(registry, '2.1.0')) }) },
  'the registry has this version': (rig) => { plantTag(registryOf(rig), CASE_IMAGE.name, { tag: '2.1.0' }) },
  'somebody moves latest before the release does': (rig) => { onceTagged(rig, '2.1.0', (registry) => { plantTag(registry, CASE_IMAGE.name, { tag: 'latest' }) }) },
  'latest is where somebody has moved it': (rig) => {
    const tags = registryOf(rig).repositories.get(CASE_IMAGE.name)?.tags
    assert.equal(new Set(['latest', '2.0.0', '2.1.0'].map((tag) => tags?.get(tag))).size, 3, 'latest is this version or the one before')
  },
  'the next package that is asked about is vulnerable': ({ world }) => { world.osv.plantNext = true },
} as const satisfies Readonly<Record<string, Hook>>
