// What the tests of this target stand on: a world over a repository and a store, an OSV that is served on loopback, and short ways to make SBOMs and advisories.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Json } from '../../model/json.ts'
import type { Once } from '../../model/kind.ts'
import type { Evidence, World } from '../../model/world.ts'
import { osvService } from '../../rehearsal/osv/service.ts'
import { createOsvState, type OsvDocument, type OsvState } from '../../rehearsal/osv/state.ts'
import { serve, type Served } from '../../rehearsal/serve.ts'
import type { FaultPlan } from '../../rehearsal/faults.ts'
import { openWorld } from '../../world/world.ts'
import type { Scanned } from './artifact.ts'
import { scanRun } from './run.ts'

/** The input of a scan. */
export type ScanInput = ReturnType<typeof scanRun.input.parse>

/** What a scan returns. */
export type ScanOutput = ReturnType<typeof scanRun.output.parse>

/** A place to scan in. */
export interface Rig extends AsyncDisposable {
  readonly world: World
  readonly osv: OsvState
  readonly served: Served
  readonly evidence: Map<string, Evidence>
  readonly once: Once
  readonly said: string[]
  /** The repository. */
  readonly root: string
  /** Milliseconds by which the world's clock is ahead. */
  ahead: number
  /** Puts a text into the artifact store. */
  keep(text: string): Promise<{ sha256: `sha256:${string}`; size: number }>
  /** The text of a stored artifact. */
  read(sha256: `sha256:${string}`): Promise<string>
  /** Puts files of these paths into the repository's folder, outside of any tree. */
  write(files: Readonly<Record<string, Json | string>>): void
  /** Adds the files to the repository and returns their tree. */
  tree(files: Readonly<Record<string, Json | string>>): string
  /** A CycloneDX SBOM of these package URLs, stored. */
  sbom(purls: readonly string[], name?: string): Promise<Scanned>
  /** An image for one platform, stored. */
  image(platform?: string): Promise<readonly Scanned[]>
  /** A program of this name on PATH: a stand-in, with what it does as a shell script. */
  standIn(name: string, script: string): void
  /** Scans once, with this part of the input. */
  scan(input: Partial<ScanInput> & Pick<ScanInput, 'artifacts'>): Promise<ScanOutput>
}

/** The date of the release in these tests. */
export const DATE = '2026-11-25T10:00:00.000Z'

/** The whole input of a scan. */
export function inputOf(part: Partial<ScanInput> & Pick<ScanInput, 'artifacts'>): ScanInput {
  return scanRun.input.parse({ with: 'osv', fail: 'high', fixedOnly: false, ignore: [], vex: [], tree: '', api: 'https://api.osv.dev', sarif: false, date: DATE, ...part })
}

/** Opens a rig, which is gone after use. */
export async function openRig(options: { readonly faults?: FaultPlan; readonly pageSize?: number } = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'scan-'))
  const [root, bin] = [join(folder, 'repository'), join(folder, 'bin')]
  for (const path of [root, bin]) mkdirSync(path)
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  const osv = createOsvState(options.pageSize === undefined ? {} : { pageSize: options.pageSize })
  const served = await serve({ services: [osvService(osv)], ...(options.faults === undefined ? {} : { faults: options.faults }) })
  const evidence = new Map<string, Evidence>()
  const said: string[] = []
  const once: Once = { key: 'key', signal: new AbortController().signal, progress: () => {}, say: (line) => { said.push(line) } }
  const rig = { ahead: 0 }
  // As in the journal, what has passed is never replaced.
  const world = openWorld({
    repository: root, folder: join(folder, 'slipway'), env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }, version: '0', routes: served.routes,
    evidence: { find: async (key) => evidence.get(key), record: async (one) => { if (evidence.get(one.key)?.passed !== true) evidence.set(one.key, one) } },
    now: () => new Date(Date.parse(DATE) + rig.ahead),
  })
  const keep: Rig['keep'] = (text) => world.scratch(async (scratch) => {
    await scratch.write('file', text)
    return scratch.keep('file')
  })
  const write: Rig['write'] = (files) => {
    for (const [path, value] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), typeof value === 'string' ? value : JSON.stringify(value))
    }
  }
  return Object.assign(rig, {
    world, osv, served, evidence, once, said, root, keep, write,
    read: async (sha256: `sha256:${string}`) => world.scratch(async (scratch) => {
      await scratch.place(sha256, 'file')
      return scratch.read('file')
    }),
    tree(files: Readonly<Record<string, Json | string>>) {
      write(files)
      git('add', '--force', ...Object.keys(files))
      return git('write-tree')
    },
    async sbom(purls: readonly string[], name = 'app-2.1.0.cdx.json') {
      const components = purls.map((purl) => ({ type: 'library', name: 'any', version: '0', purl }))
      const metadata = { component: { type: 'application', 'bom-ref': 'app', name: 'app', version: '2.1.0', purl: 'pkg:pypi/app@2.1.0' } }
      return { name, mediaType: 'application/vnd.cyclonedx+json', ...await keep(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata, components })), about: { role: 'sbom', format: 'cyclonedx' } }
    },
    async image(platform = 'linux/amd64') {
      const layer = { ...await keep('a layer'), mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }
      const config = await keep(JSON.stringify({ platform }))
      const manifest = await keep(JSON.stringify({ schemaVersion: 2, platform }))
      const name = `app-2.1.0-${platform.replaceAll('/', '-')}`
      return [
        { name: `${name}.manifest.json`, mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest, about: { role: 'manifest', image: 'ghcr.io/acme/app', platform, config: config.sha256, layers: [{ digest: layer.sha256, mediaType: layer.mediaType, size: layer.size }] } },
        { name: `${name}.config.json`, mediaType: 'application/vnd.oci.image.config.v1+json', ...config, about: { role: 'config', image: 'ghcr.io/acme/app', platform } },
        { name: 'app-2.1.0-layer.tar.gz', mediaType: layer.mediaType, sha256: layer.sha256, size: layer.size, about: { role: 'layer' } },
      ]
    },
    standIn(name: string, script: string) {
      writeFileSync(join(bin, name), `#!/bin/sh\n# A stand-in for the tests.\n${script}\n`)
      chmodSync(join(bin, name), 0o755)
    },
    async scan(input: Parameters<Rig['scan']>[0]) {
      if (scanRun.apply === undefined) throw new Error('scan.run has something to do')
      return scanRun.apply(world, inputOf(input), once)
    },
    async [Symbol.asyncDispose]() {
      await served.close()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

/** An advisory about one package of PyPI, with what a test cares about. */
export function advisoryOf(id: string, name: string, more: Partial<OsvDocument> & { readonly fixed?: string } = {}): OsvDocument {
  const { fixed, ...document } = more
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])]
  return {
    id, modified: '2026-01-01T00:00:00Z', summary: `Something about ${name}`,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    ...document,
  }
}
