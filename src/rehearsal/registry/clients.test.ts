// The registry at the root of the world's origin, proved by real skopeo and buildah.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'
import { contentsOf, plantTag } from './arrange.ts'
import { INDEX, MANIFEST, sha256 } from './registry.rig.ts'
import { registryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState, findManifest, makePrivate, tagsOf } from './state.ts'
import type { RegistryState } from './state.ts'

/** Why a test of this program is skipped; false when it is here. */
const missing = (program: string): string | false => (spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`)
const skopeo = { skip: missing('skopeo') }
const buildah = { skip: missing('buildah') }

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Rig extends AsyncDisposable {
  readonly ghcr: RegistryState
  readonly hub: RegistryState
  readonly oci: RegistryState
  readonly world: Served
  readonly folder: string
  /** `docker://127.0.0.1:PORT/HOST/NAME` */
  at(image: string): string
  run(program: string, ...args: readonly string[]): Promise<Ran>
}

const TOKENS = [{ token: 'right', user: 'acme', may: ['acme/*'] }, { token: 'powerless', may: [] }] as const

async function rig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-registry-'))
  const ghcr = createRegistryState({ host: 'ghcr.io', rules: registryRules.ghcr, tokens: TOKENS })
  const hub = createRegistryState({ host: 'registry-1.docker.io', rules: registryRules.hub, tokens: TOKENS })
  const oci = createRegistryState({ host: 'r.example.org', rules: registryRules.oci, tokens: TOKENS })
  const world = await serve({ services: [ghcr, hub, oci].map((state) => registryService({ state })) })
  // Everything that these programs read or keep on their own is in the folder.
  mkdirSync(join(folder, '.config', 'containers'), { recursive: true })
  writeFileSync(join(folder, '.config', 'containers', 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}')
  writeFileSync(join(folder, 'auth.json'), '{}')
  writeFileSync(join(folder, 'registries.conf'), '')
  const env = {
    PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder, TMPDIR: folder, NO_PROXY: '127.0.0.1',
    REGISTRY_AUTH_FILE: join(folder, 'auth.json'), CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'), BUILDAH_ISOLATION: 'chroot',
  }
  return {
    ghcr, hub, oci, world, folder,
    at: (image) => `docker://${world.origin.slice('http://'.length)}/${image}`,
    run: (program, ...args) => new Promise((resolve) => {
      execFile(program, args, { env, cwd: folder }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }))
    }),
    async [Symbol.asyncDispose]() {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function succeeds(ran: Promise<Ran>): Promise<string> {
  const { code, stdout, stderr } = await ran
  assert.equal(code, 0, stderr)
  return stdout
}

/** Writes an OCI layout with one image for two platforms, and gives the digest of its index. */
function layout(folder: string): string {
  const blobs = join(folder, 'blobs', 'sha256')
  mkdirSync(blobs, { recursive: true })
  const keep = (mediaType: string, content: Uint8Array | object): { mediaType: string; digest: string; size: number } => {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
    writeFileSync(join(blobs, sha256(bytes).slice('sha256:'.length)), bytes)
    return { mediaType, digest: sha256(bytes), size: bytes.byteLength }
  }
  const manifests = ['amd64', 'arm64'].map((architecture) => {
    const tar = Buffer.alloc(1024)
    const layer = keep('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar))
    const config = keep('application/vnd.oci.image.config.v1+json', { architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [sha256(tar)] } })
    return { ...keep(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }), platform: { architecture, os: 'linux' } }
  })
  const index = keep(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests })
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [{ ...index, annotations: { 'org.opencontainers.image.ref.name': '1' } }] }))
  return index.digest
}

for (const image of ['ghcr.io/acme/app', 'registry-1.docker.io/acme/app', 'r.example.org/acme/app'] as const) {
  test(`skopeo copies an image for two platforms to ${image} and back, bytes and all`, skopeo, async () => {
    await using the = await rig()
    const digest = layout(join(the.folder, 'out'))
    const state = [the.ghcr, the.hub, the.oci].find(({ host }) => image.startsWith(`${host}/`))!
    await succeeds(the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', '--dest-creds', 'acme:right', 'oci:out:1', the.at(`${image}:2.1.0`)))
    assert.deepEqual(tagsOf(state, 'acme/app'), { '2.1.0': digest })
    assert.equal(contentsOf(state)['acme/app']?.manifests.length, 3)
    assert.equal(contentsOf(state)['acme/app']?.blobs.length, 3)
    const raw = await succeeds(the.run('skopeo', 'inspect', '--raw', '--tls-verify=false', the.at(`${image}:2.1.0`)))
    assert.equal(sha256(raw), digest)
    await succeeds(the.run('skopeo', 'copy', '--all', '--src-tls-verify=false', the.at(`${image}@${digest}`), 'oci:back:1'))
    assert.equal(sha256(readFileSync(join(the.folder, 'back', 'blobs', 'sha256', digest.slice('sha256:'.length)))), digest)
    const platform = JSON.parse(await succeeds(the.run('skopeo', 'inspect', '--override-os', 'linux', '--override-arch', 'arm64', '--tls-verify=false', the.at(`${image}:2.1.0`))))
    assert.deepEqual([platform.Architecture, platform.RepoTags], ['arm64', ['2.1.0']])
  })
}

test('skopeo sets another tag to the same image, and pushes again what is there', skopeo, async () => {
  await using the = await rig()
  const digest = layout(join(the.folder, 'out'))
  const push = (tag: string): Promise<Ran> => the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', '--dest-creds', 'acme:right', 'oci:out:1', the.at(`ghcr.io/acme/app:${tag}`))
  await succeeds(push('2.1.0'))
  await succeeds(push('2.1.0'))
  const retag = ['copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false', '--src-creds', 'acme:right', '--dest-creds', 'acme:right']
  await succeeds(the.run('skopeo', ...retag, the.at('ghcr.io/acme/app:2.1.0'), the.at('ghcr.io/acme/app:latest')))
  await succeeds(the.run('skopeo', ...retag, the.at('ghcr.io/acme/app:2.1.0'), the.at('r.example.org/acme/copy:latest')))
  assert.deepEqual(tagsOf(the.ghcr, 'acme/app'), { '2.1.0': digest, latest: digest })
  assert.deepEqual(tagsOf(the.oci, 'acme/copy'), { latest: digest })
})

test('skopeo is refused with no, a wrong or a powerless password', skopeo, async () => {
  await using the = await rig()
  layout(join(the.folder, 'out'))
  for (const [creds, words] of [[[], /authentication required|unauthorized/i], [['--dest-creds', 'acme:wrong'], /403 \(Forbidden\)/], [['--dest-creds', 'acme:powerless'], /denied/i]] as const) {
    const ran = await the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', ...creds, 'oci:out:1', the.at('ghcr.io/acme/app:2.1.0'))
    assert.notEqual(ran.code, 0)
    assert.match(ran.stderr, words)
  }
  assert.deepEqual(contentsOf(the.ghcr), {})
  plantTag(the.ghcr, 'acme/app', { tag: '2.1.0' })
  makePrivate(the.ghcr, 'acme/app')
  assert.notEqual((await the.run('skopeo', 'inspect', '--raw', '--tls-verify=false', the.at('ghcr.io/acme/app:2.1.0'))).code, 0)
  await succeeds(the.run('skopeo', 'inspect', '--raw', '--tls-verify=false', '--creds', 'acme:right', the.at('ghcr.io/acme/app:2.1.0')))
})

test('skopeo logs in with the right password only, and then needs none', skopeo, async () => {
  await using the = await rig()
  const digest = layout(join(the.folder, 'out'))
  const login = (password: string): Promise<Ran> => the.run('skopeo', 'login', '--tls-verify=false', '--username', 'acme', '--password', password, the.world.origin.slice('http://'.length))
  assert.match((await login('wrong')).stderr, /403 \(Forbidden\)/)
  await succeeds(login('right'))
  await succeeds(the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', 'oci:out:1', the.at('ghcr.io/acme/app:2.1.0')))
  assert.deepEqual(tagsOf(the.ghcr, 'acme/app'), { '2.1.0': digest })
})

test('skopeo deletes where the registry deletes', skopeo, async () => {
  await using the = await rig()
  layout(join(the.folder, 'out'))
  for (const image of ['ghcr.io/acme/app:1', 'r.example.org/acme/app:1']) {
    await succeeds(the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', '--dest-creds', 'acme:right', 'oci:out:1', the.at(image)))
  }
  const gone = (image: string): Promise<Ran> => the.run('skopeo', 'delete', '--tls-verify=false', '--creds', 'acme:right', the.at(image))
  assert.match((await gone('ghcr.io/acme/app:1')).stderr, /405|unsupported/i)
  await succeeds(gone('r.example.org/acme/app:1'))
  assert.notEqual(findManifest(the.ghcr, 'acme/app', '1'), undefined)
  assert.deepEqual(tagsOf(the.oci, 'acme/app'), {})
})

test('skopeo does not take changed bytes', skopeo, async () => {
  await using the = await rig()
  const digest = layout(join(the.folder, 'out'))
  await succeeds(the.run('skopeo', 'copy', '--all', '--dest-tls-verify=false', '--dest-creds', 'acme:right', 'oci:out:1', the.at('ghcr.io/acme/app:1')))
  the.ghcr.lies.bytes.set(digest, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] })))
  const ran = await the.run('skopeo', 'copy', '--all', '--src-tls-verify=false', the.at(`ghcr.io/acme/app@${digest}`), 'oci:back:1')
  assert.match(ran.stderr, /does not match/)
})

test('buildah builds for two platforms, pushes all of it and pulls it', buildah, async () => {
  await using the = await rig()
  const context = join(the.folder, 'context')
  mkdirSync(context)
  writeFileSync(join(context, 'hello'), 'hello')
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY hello /hello\n')
  const store = (name: string): readonly string[] => ['--root', join(the.folder, name, 'root'), '--runroot', join(the.folder, name, 'run'), '--storage-driver', 'vfs']
  const common = ['--isolation', 'chroot', '--format', 'oci', '--jobs', '1', '--timestamp', '1700000000']
  await succeeds(the.run('buildah', ...store('one'), 'build', ...common, '--platform', 'linux/amd64,linux/arm64', '--manifest', 'localhost/app:1', context))
  await succeeds(the.run('buildah', ...store('one'), 'manifest', 'push', '--all', '--format', 'oci', '--tls-verify=false', '--creds', 'acme:right', 'localhost/app:1', the.at('ghcr.io/acme/app:2.1.0')))
  const pushed = findManifest(the.ghcr, 'acme/app', '2.1.0')
  assert.equal(pushed?.mediaType, INDEX)
  assert.equal(contentsOf(the.ghcr)['acme/app']?.manifests.length, 3)
  const refused = await the.run('buildah', ...store('one'), 'manifest', 'push', '--all', '--format', 'oci', '--tls-verify=false', '--creds', 'acme:wrong', 'localhost/app:1', the.at('ghcr.io/acme/app:other'))
  assert.notEqual(refused.code, 0)
  const id = (await succeeds(the.run('buildah', ...store('two'), 'pull', '--quiet', '--tls-verify=false', the.at('ghcr.io/acme/app:2.1.0')))).trim()
  // The id of an image is the digest of its config.
  assert.ok(contentsOf(the.ghcr)['acme/app']?.blobs.includes(`sha256:${id}`), id)
})
