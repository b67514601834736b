// What tests of this target stand on: an image in an artifact store, and registries to push it to, rehearsed or Debian's docker-registry.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groundImage, type ImagePart, type ImageSpec } from '../../../test/support/ground-image.ts'
import type { Evidence, World } from '../../model/world.ts'
import { faultPlan, type FaultRule } from '../../rehearsal/faults.ts'
import { registryRules, type RegistryRules } from '../../rehearsal/registry/rules.ts'
import { registryService } from '../../rehearsal/registry/service.ts'
import { createRegistryState, type RegistryState } from '../../rehearsal/registry/state.ts'
import { serve, type Served } from '../../rehearsal/serve.ts'
import { openArtifacts } from '../../world/artifacts.ts'
import { openWorld } from '../../world/world.ts'
import { imageIn, type Image } from './artifact.ts'

/** The token that opens the rehearsed registries. */
export const TOKEN = 'registry-rig-token-1234'

/** A world with an image in its store. */
export interface ImageRig extends AsyncDisposable {
  readonly world: World
  readonly image: Image
  readonly parts: readonly ImagePart[]
  /** Path of a stored blob. */
  stored(digest: string): string
}

/** A rehearsed registry around it. */
export interface RegistryRig extends ImageRig {
  readonly registry: RegistryState
  readonly served: Served
}

/** How a rehearsed registry is. */
export interface RegistryOptions {
  readonly host?: string
  readonly rules?: RegistryRules
  readonly faults?: readonly FaultRule[]
  readonly token?: string
  readonly spec?: Partial<ImageSpec>
}

/** An image of `ghcr.io/acme/ground` (or of another host) and a registry that is empty. */
export async function rehearsedRegistry(options: RegistryOptions = {}): Promise<RegistryRig> {
  const host = options.host ?? 'ghcr.io'
  const registry = createRegistryState({ host, rules: options.rules ?? registryRules.ghcr, tokens: [{ token: TOKEN, may: ['acme/ground'] }, { token: 'reading-only-token', may: [] }] })
  const served = await serve({ services: [registryService({ state: registry })], faults: faultPlan(options.faults ?? []) })
  const rig = await imageWorld({ image: `${host}/acme/ground`, version: '2.1.0', ...options.spec }, { routes: served.routes, secrets: { GITHUB_TOKEN: options.token ?? TOKEN } })
  return {
    ...rig,
    registry,
    served,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]()
      await served.close()
    },
  }
}

/** An image in the store of a world. */
export async function imageWorld(spec: ImageSpec, { routes = {}, secrets = {} }: { readonly routes?: Readonly<Record<string, string>>; readonly secrets?: Readonly<Record<string, string>> } = {}): Promise<ImageRig> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-image-'))
  const artifacts = openArtifacts(join(root, 'artifacts'))
  const parts = groundImage(spec)
  for (const { bytes } of parts) {
    writeFileSync(join(root, 'incoming'), bytes)
    await artifacts.keep(join(root, 'incoming'))
  }
  const image = imageIn(parts.map(({ artifact }) => artifact))
  if (image === undefined) throw new Error('the rig has no image')
  const evidence = new Map<string, Evidence>()
  const world = openWorld({
    repository: root, folder: root, version: '0.0.0', routes,
    env: { PATH: process.env['PATH'], ...secrets },
    evidence: { find: async (key) => evidence.get(key), record: async (proof) => { evidence.set(proof.key, proof) } },
  })
  return {
    world, image, parts,
    stored: (digest) => join(root, 'artifacts', 'sha256', digest.slice(7, 9), digest.slice(7)),
    async [Symbol.asyncDispose]() { rmSync(root, { recursive: true, force: true }) },
  }
}

/** True when the program is installed. */
export function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Debian's docker-registry on a free port of loopback; deletion is on, there is no login. */
export async function debianRegistry(): Promise<AsyncDisposable & { readonly host: string }> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-docker-registry-'))
  const port = await freePort()
  const config = join(root, 'config.yml')
  writeFileSync(config, `version: 0.1\nlog: { level: error, accesslog: { disabled: true } }\nstorage: { filesystem: { rootdirectory: ${root}/data }, delete: { enabled: true } }\nhttp: { addr: "127.0.0.1:${port}" }\n`)
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => { child.once('exit', () => { resolve() }) })
  for (let look = 0; look < 200; look += 1) {
    const up = await fetch(`http://127.0.0.1:${port}/v2/`).then((answer) => answer.ok, () => false)
    if (up) break
    await new Promise((resolve) => { setTimeout(resolve, 25) })
  }
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await gone
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}
