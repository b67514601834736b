// The ground that kinds are tried on: a small project, its artifacts, and a rehearsal world around them, which can be set back as often as wanted.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ground } from '../../src/model/kind.ts'
import type { Clock, Evidence, World } from '../../src/model/world.ts'
import { jumpingClock } from '../../src/rehearsal/clock.ts'
import { git } from '../../src/rehearsal/git/bare.ts'
import { openRehearsalWorld, type RehearsalWorld } from '../../src/rehearsal/world.ts'
import type { ServeOptions } from '../../src/rehearsal/serve.ts'
import { BUNDLE } from '../../src/targets/github/attestation.ts'
import { SARIF } from '../../src/targets/github/sarif.ts'
import { bundleText, sarifText } from '../../src/targets/github/supply.fixture.ts'
import { openArtifacts } from '../../src/world/artifacts.ts'
import { openWorld } from '../../src/world/world.ts'
import type { Artifact, Digest } from '../../src/model/plan.ts'
import { plantManifest } from '../../src/rehearsal/registry/arrange.ts'
import { storeBlob, tagsOf, type RegistryState } from '../../src/rehearsal/registry/state.ts'
import { groundImage, type ImagePart } from './ground-image.ts'
import { mirror, type Held } from './ground-mirror.ts'
import { groundPackages, PROJECT } from './ground-packages.ts'
import { makeProject } from './ground-project.ts'
import { pythonWith } from './python.ts'

/** Secrets by their name. */
export type SecretValues = Readonly<Record<string, string>>

/** What opens everything on the ground, no value like another. */
export const SECRETS: SecretValues = {
  GITHUB_TOKEN: 'ghp_GroundForge7Qx2', PYPI_TOKEN: 'pypi-GroundIndex4Zk9', TESTPYPI_TOKEN: 'pypi-GroundTrial8Wm3', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-GroundJob3Rv6',
  DISCORD_WEBHOOK: 'https://discord.com/api/webhooks/1001/GroundDiscord2Tb8', WEBHOOK_SECRET: 'GroundHook9Lp4',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T1/B1/GroundSlack7Mn2', SMTP_URL: 'smtp://slipway:GroundMail8Vb3@mail.example.org:587',
  MASTODON_TOKEN: 'GroundToot1Xy7', BLUESKY_PASSWORD: 'ground-sky2-wq8z', DISCOURSE_KEY: 'GroundForum3Uy9',
}

/** Values that nobody knows. */
export const WRONG: SecretValues = {
  GITHUB_TOKEN: 'ghp_NobodyKnows5Rt1', PYPI_TOKEN: 'pypi-NobodyKnows6Yu2', TESTPYPI_TOKEN: 'pypi-NobodyKnows7Io3', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-NobodyKnows8Pa4',
  DISCORD_WEBHOOK: 'https://discord.com/api/webhooks/1001/NobodyKnows9Sd5', WEBHOOK_SECRET: 'NobodyKnows0Fg6',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T1/B1/NobodyKnows1Hj8', SMTP_URL: 'smtp://slipway:NobodyKnows2Kl9@mail.example.org:587',
  MASTODON_TOKEN: 'NobodyKnows3Aq1', BLUESKY_PASSWORD: 'nobody-knows4-ws2x', DISCOURSE_KEY: 'NobodyKnows5Ed3',
}

/** Values that are known, but give no right to change anything here. */
export const POWERLESS: SecretValues = {
  GITHUB_TOKEN: 'ghp_OnlyReading9Hb4', PYPI_TOKEN: 'pypi-OtherProject1Vc5', TESTPYPI_TOKEN: 'pypi-OtherProject2Nd6', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-JobIsOver5Sd7',
  DISCORD_WEBHOOK: 'https://discord.com/api/webhooks/1001/readerOfDiscord3Gh7', WEBHOOK_SECRET: 'OtherReceiver4Jk8',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T1/B1/OtherSlack5Zx1', SMTP_URL: 'smtp://slipway:readerOfMail6Cv2@mail.example.org:587',
  MASTODON_TOKEN: 'readerOfToots6Rf4', BLUESKY_PASSWORD: 'readerOfSky7-tg5b', DISCOURSE_KEY: 'readerOfForum8Yh6',
}

/** Everything outside at one moment. Good for the ground that made it. */
export interface Saved {
  readonly files: Held
  readonly memory: unknown
}

/** An open ground. */
export interface OpenGround extends AsyncDisposable {
  readonly facts: Ground
  readonly rehearsal: RehearsalWorld
  readonly clock: Clock
  readonly evidence: ReadonlyMap<string, Evidence>
  /** The repository that releases are made in. */
  readonly project: string
  /** The folder of the artifact store. */
  readonly store: string
  /** The world of somebody with the right tokens. */
  readonly world: World
  /** The same world for somebody with other secrets. */
  worldWith(secrets: SecretValues): World
  /** Told of every call to a service; `cut` cuts its connection there. */
  onCall: ServeOptions['onCall']
  /** Puts a text into the artifact store. */
  keep(text: string): Promise<{ readonly sha256: `sha256:${string}`; readonly size: number }>
  /** What is in the files now. */
  files(): Held
  save(): Saved
  restore(saved: Saved): void
}

const REPOSITORY = { owner: 'acme', name: 'ground' }
const IMAGES = [{ host: 'ghcr.io', name: 'acme/ground', former: ['2.0.0', 'latest'] }, { host: 'registry.example.org', name: 'acme/ground', former: [] }] as const
const VERSION = '2.1.0'
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'PYENV_ROOT', 'UV_PYTHON_INSTALL_DIR', 'XDG_DATA_HOME', 'SLIPWAY_PYTHON']

/** Opens a ground in a temporary folder. */
export async function openGround(): Promise<OpenGround> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-ground-'))
  const live = join(root, 'live')
  const project = join(live, 'project')
  const store = join(live, 'state', 'artifacts')
  const clock = jumpingClock()
  const now = (): Date => clock.now()
  const hook: Pick<OpenGround, 'onCall'> = { onCall: undefined }
  const rehearsal = await openRehearsalWorld({
    folder: join(live, 'world'), repository: REPOSITORY, project: PROJECT, images: IMAGES, places: { hooks: ['hooks.example.org'], mastodon: ['social.example.org'], bluesky: [], discourse: ['forum.example.org'] }, tokens: Object.values(SECRETS), reviewers: ['release-reviewer'], now,
    onCall: (call, moment) => hook.onCall?.(call, moment),
  })
  // Nobody acts on the ground before a test says so.
  rehearsal.github.autoReview = false
  delete rehearsal.github.actions.runner
  grantNothing(rehearsal)
  const known = makeProject(project, { version: VERSION, remote: rehearsal.remote })
  await git(join(project, '.git'), ['push', '--quiet', rehearsal.bare, 'main'])
  const artifacts = openArtifacts(store)
  const keepBytes = async (bytes: Uint8Array | string): ReturnType<OpenGround['keep']> => {
    const incoming = join(root, 'incoming')
    writeFileSync(incoming, bytes)
    return artifacts.keep(incoming)
  }
  const packages = groundPackages(VERSION)
  const wheel = packages[0]?.artifact.sha256 ?? `sha256:${'0'.repeat(64)}` as const
  const spoken = [
    { name: 'ground.sigstore.json', mediaType: BUNDLE, by: 'provenance', about: { describes: wheel }, text: bundleText({ subject: wheel }) },
    { name: 'ground.sarif', mediaType: SARIF, by: 'scan', about: {}, text: sarifText(2) },
    {
      name: 'ground.cdx.json', mediaType: 'application/vnd.cyclonedx+json', by: 'sbom', about: { role: 'sbom', format: 'cyclonedx', describes: wheel, of: 'package' },
      text: '{"bomFormat":"CycloneDX","components":[{"type":"library","name":"idna","purl":"pkg:pypi/idna@3.6"}]}',
    },
  ]
  const said: Artifact[] = []
  for (const { text, ...rest } of spoken) said.push({ ...rest, internal: true, ...await keepBytes(text) })
  const image = groundImage({ image: 'ghcr.io/acme/ground', version: VERSION, platforms: ['linux/amd64'] })
  for (const { bytes } of [...packages, ...image]) await keepBytes(bytes)
  stock(rehearsal, image)

  const engine = containerEngine(join(root, 'bin'), new URL(rehearsal.served.origin).host)
  const evidence = new Map<string, Evidence>()
  const worldWith = (secrets: SecretValues): World => openWorld({
    repository: project,
    folder: join(live, 'state'),
    env: { ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])), PATH: `${engine}:${process.env['PATH'] ?? ''}`, ACTIONS_ID_TOKEN_REQUEST_URL: rehearsal.identity['ACTIONS_ID_TOKEN_REQUEST_URL'], ...secrets },
    trustedRoot: async () => rehearsal.trustedRoot,
    version: '0.0.0',
    evidence: { find: async (key) => evidence.get(key), record: async (proof) => { if (proof.passed || evidence.get(proof.key)?.passed !== true) evidence.set(proof.key, proof) } },
    routes: rehearsal.served.routes,
    gitRoutes: { [rehearsal.remote]: rehearsal.served.address(rehearsal.remote) },
    gitInherits: 'nothing',
    python: pythonWith(['build', 'twine', 'setuptools', 'wheel']),
    now,
  })
  const files = mirror(live, join(root, 'kept'))
  return Object.assign(hook, {
    facts: {
      remote: 'origin', repository: REPOSITORY, branch: 'main', ...known, version: VERSION, tag: `v${VERSION}`, artifacts: [...[...packages, ...image].map(({ artifact }) => artifact), ...said],
      former: tagsOf(registryAt(rehearsal, 'ghcr.io'), 'acme/ground')['latest'] as Digest,
    },
    rehearsal, clock, evidence, project, store, worldWith,
    world: worldWith(SECRETS),
    keep: keepBytes,
    files: () => files.look(),
    save: () => ({ files: files.save(), memory: structuredClone(memoryOf(rehearsal, evidence)) }),
    restore(saved: Saved) {
      files.restore(saved.files)
      setMemory({ rehearsal, evidence }, structuredClone(saved.memory) as ReturnType<typeof memoryOf>)
    },
    async [Symbol.asyncDispose]() {
      await rehearsal[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  })
}

/** A stand-in for docker that starts nothing: the port of its containers is that of the rehearsal's services. It has no builder. */
function containerEngine(folder: string, address: string): string {
  mkdirSync(folder)
  const script = `#!/bin/sh\ncase "$1" in version) echo linux/amd64;; load) ;; run) echo 1234;; port) echo ${address};; inspect) echo true 0;; kill|rm|rmi|logs) ;; *) exit 1;; esac\n`
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 })
  return folder
}

/** The registry at a host. */
export function registryAt({ registries }: RehearsalWorld, host: string): RegistryState {
  const found = registries.find((state) => state.host === host)
  if (found === undefined) throw new Error(`The ground has no registry ${host}.`)
  return found
}

/** The registry that deletes tags holds the image by digest from the beginning. */
function stock(rehearsal: RehearsalWorld, image: readonly ImagePart[]): void {
  const registry = registryAt(rehearsal, 'registry.example.org')
  for (const { artifact, bytes } of image) {
    const role = artifact.about['role']
    if (role === 'index' || role === 'manifest') plantManifest(registry, 'acme/ground', { mediaType: artifact.mediaType, bytes })
    else storeBlob(registry, 'acme/ground', bytes)
  }
}

function grantNothing({ github, pypi, testpypi, registries }: RehearsalWorld): void {
  for (const { tokens } of registries) tokens.push({ token: POWERLESS['GITHUB_TOKEN']!, may: [] })
  Object.assign(github.tokens, { [POWERLESS['GITHUB_TOKEN']!]: { login: 'reader', rights: {} } })
  for (const [index, name] of [[pypi, 'PYPI_TOKEN'], [testpypi, 'TESTPYPI_TOKEN']] as const) {
    (index.tokens).push({ token: POWERLESS[name]!, user: 'owner', projects: ['another'] })
  }
}

function memoryOf({ github, pypi, testpypi, registries, sigstore, osv, channels }: RehearsalWorld, evidence: ReadonlyMap<string, Evidence>) {
  const index = ({ projects, usedNames, serial }: RehearsalWorld['pypi']) => ({ projects, usedNames, serial })
  const { pulls, comments, discussions, releases, latest, attestations, scans, runs } = github
  const { advisories, plantNext } = osv
  return {
    channels: heardOn(channels), records: channels.records, github: { pulls, comments, discussions, releases, latest, attestations, scans, runs }, pypi: index(pypi), testpypi: index(testpypi),
    registries: registries.map(({ repositories }) => repositories), log: sigstore.entries, osv: { advisories, plantNext }, evidence,
  }
}

/** What was said on each channel, without what a channel is. */
function heardOn({ discord, slack, mails, statuses, topics, deliveries }: RehearsalWorld['channels']) {
  return { discord, slack, mails, statuses, topics, deliveries }
}

function setMemory({ rehearsal, evidence }: { rehearsal: RehearsalWorld; evidence: Map<string, Evidence> }, memory: ReturnType<typeof memoryOf>): void {
  const { github } = rehearsal
  for (const name of ['pulls', 'comments', 'discussions', 'releases', 'attestations', 'scans', 'runs'] as const) github[name].splice(0, Infinity, ...memory.github[name] as never[])
  for (const name of Object.keys(memory.channels) as (keyof typeof memory.channels)[]) (rehearsal.channels[name] as unknown[]).splice(0, Infinity, ...memory.channels[name])
  refill(rehearsal.channels.records, memory.records)
  github.latest = memory.github.latest
  // A run of tests sends more requests in an hour than GitHub allows.
  github.spent.clear()
  for (const name of ['pypi', 'testpypi'] as const) {
    const [state, saved] = [rehearsal[name], memory[name]]
    refill(state.projects, saved.projects)
    state.usedNames.clear()
    for (const used of saved.usedNames) state.usedNames.add(used)
    state.serial = saved.serial
  }
  for (const [at, { repositories }] of rehearsal.registries.entries()) refill(repositories, memory.registries[at] ?? new Map())
  refill(rehearsal.sigstore.entries, memory.log)
  rehearsal.osv.advisories.splice(0, Infinity, ...memory.osv.advisories)
  rehearsal.osv.plantNext = memory.osv.plantNext
  refill(evidence, memory.evidence)
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear()
  for (const [key, value] of from) map.set(key, value)
}
