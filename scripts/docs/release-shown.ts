// The release that the pages about targets show: its words are made by the targets themselves from these facts.
import { parseConfig } from '../../src/config/index.ts'
import { resolveInput } from '../../src/engine/resolve.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Ground } from '../../src/model/kind.ts'
import type { Artifact, Digest, Fact } from '../../src/model/plan.ts'
import type { AnyTarget, Phase, ReleaseContext, StepDraft } from '../../src/model/target.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { configExample } from './config-example.ts'

const VERSION = '2.1.0'
const DATE = '2026-03-04T05:06:07Z'
const AUTHOR = 'Ada Maintainer <ada@example.org>'
const MESSAGE = `chore: bump version to ${VERSION}\n`

const id = (digit: string): string => digit.repeat(40)
const base = { commit: id('b'), tree: id('c') }
const release = { commit: id('d'), tree: id('e') }
const files = [{ path: 'setup.py', text: `VERSION = "${VERSION}"\n` }]

const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`

const packaged = (name: string, digit: string): Artifact => ({
  name,
  mediaType: name.endsWith('.whl') ? 'application/zip' : 'application/gzip',
  size: 4_700,
  sha256: digestOf(digit),
  by: 'pypi',
  about: {
    filetype: name.endsWith('.whl') ? 'bdist_wheel' : 'sdist',
    pyversion: name.endsWith('.whl') ? 'py3' : 'source',
    blake2_256: digit.repeat(64),
    fields: [['name', 'oneflow-ai'], ['version', VERSION]],
  },
})
const packages = [packaged(`oneflow_ai-${VERSION}-py3-none-any.whl`, '1'), packaged(`oneflow_ai-${VERSION}.tar.gz`, '2')]

const IMAGE = 'ghcr.io/oneflow-ai/oneflow-ai'
const OCI = 'application/vnd.oci.image'
const blob = ({ name, digit, mediaType, size, about }: { readonly name: string; readonly digit: string; readonly mediaType: string; readonly size: number; readonly about: JsonObject }): Artifact => (
  { name: `oneflow-ai-${VERSION}${name}`, mediaType, size, sha256: digestOf(digit), by: 'image', internal: true, about: { image: IMAGE, ...about } })
const described = ({ mediaType, sha256, size }: Artifact): JsonObject => ({ mediaType, digest: sha256, size })

// Two platforms that share a layer, as the example's image does: its packages have no compiled code.
const layer = blob({ name: '.layer.tar.gz', digit: '3', mediaType: `${OCI}.layer.v1.tar+gzip`, size: 52_000_000, about: { role: 'layer' } })
const platforms = [['linux/amd64', '4', '5'], ['linux/arm64', '6', '7']] as const
const configs = platforms.map(([platform, digit]) => blob({ name: `-${platform.replace('/', '-')}.config.json`, digit, mediaType: `${OCI}.config.v1+json`, size: 1_800, about: { role: 'config', platform } }))
const manifests = platforms.map(([platform, of, digit]) => blob({
  name: `-${platform.replace('/', '-')}.manifest.json`, digit, mediaType: `${OCI}.manifest.v1+json`, size: 700,
  about: { role: 'manifest', version: VERSION, platform, config: digestOf(of), layers: [described(layer)] },
}))
const index = blob({
  name: '.index.json', digit: '8', mediaType: `${OCI}.index.v1+json`, size: 600,
  about: { role: 'index', version: VERSION, manifests: manifests.map((one, at) => ({ ...described(one), platform: platforms[at]?.[0] ?? '' })) },
})
const image = [index, ...manifests, ...configs, layer]

const inventory = (name: string, digit: string, about: { readonly of: string; readonly describes: Digest }): Artifact => (
  { name, mediaType: 'application/vnd.cyclonedx+json', size: 9_300, sha256: digestOf(digit), by: 'sbom', about: { role: 'sbom', format: 'cyclonedx', ...about } })
const inventories = [
  ...manifests.map(({ name, sha256 }, at) => inventory(name.replace('.manifest.json', '.cdx.json'), at === 0 ? '9' : 'a', { of: 'image', describes: sha256 })),
  inventory(`oneflow_ai-${VERSION}.cdx.json`, 'b', { of: 'package', describes: digestOf('1') }),
]
const artifacts = [...packages, ...image, ...inventories]

// What the tags of the version before name.
const FORMER = digestOf('f')

/** The ground that the kinds' examples are made on. */
export const GROUND: Ground = {
  remote: 'origin',
  repository: { owner: 'oneflow-ai', name: 'oneflow' },
  branch: 'main',
  base,
  release: { ...release, files, message: MESSAGE, author: AUTHOR, date: DATE },
  version: VERSION,
  tag: `v${VERSION}`,
  artifacts,
  former: FORMER,
}

/** What targets are told of the release. */
export const CONTEXT: ReleaseContext = {
  release: { name: 'oneflow-ai', from: '2.0.0', to: VERSION, because: ['A feature was added.'] },
  project: 'oneflow-ai',
  tag: `v${VERSION}`,
  releaseBranch: `release/v${VERSION}`,
  mainBranch: 'main',
  remote: 'origin',
  date: DATE,
  prerelease: false,
  newest: true, newestIn: { major: true, minor: true },
  notes: '### Added\n\n- A feature.',
  author: AUTHOR,
}

/** A target's settings as the example of slipway.yaml has them, with some of them set otherwise. */
export function settingsOf(target: AnyTarget, otherwise: Readonly<Record<string, unknown>> = {}): unknown {
  const config = parseConfig({ file: 'slipway.yaml', text: configExample(), targets: TARGETS })
  const settings = config.targets.get(target.name)
  // The example shows every key; what a workflow publishes is shown apart.
  return Array.isArray(settings) ? settings : { ...settings as object, via: undefined, ...otherwise }
}

interface Choice {
  readonly target: string
  readonly settings: Readonly<Record<string, unknown>>
}

const VIA_IMAGE = { workflow: 'docker-publish.yml', on: 'dispatch', repository: 'oneflow-ai/oneflow', inputs: { version: '{version}' }, wait: '10m', token: 'GITHUB_TOKEN', api: 'https://api.github.com' }

// What else the config may say that leads to other steps; the first is the example as it stands.
const CHOICES: readonly Choice[] = [
  { target: '', settings: {} },
  { target: 'git', settings: { merge: 'push' } },
  { target: 'github', settings: { merge: 'person' } },
  { target: 'pypi', settings: { trial: true } },
  { target: 'pypi', settings: { auth: 'trusted' } },
  { target: 'pypi', settings: { via: { workflow: 'pypi-publish.yml', on: 'dispatch', repository: 'oneflow-ai/oneflow', inputs: { version: '{version}' }, wait: '10m', token: 'GITHUB_TOKEN', api: 'https://api.github.com' } } },
  { target: 'image', settings: { repository: 'registry.example.org/acme/app' } },
  { target: 'image', settings: { via: VIA_IMAGE } },
  { target: 'image', settings: { via: { ...VIA_IMAGE, on: 'tag', inputs: {} }, repository: 'registry.example.org/acme/app' } },
  { target: 'scan', settings: { sarif: true } },
  { target: 'provenance', settings: { sign: 'never' } },
]

// What the publish plan sees: a job that can sign, and the image of the version before with its tags.
const SEEN: readonly Fact[] = [
  { ask: 'provenance.identity', about: {}, saw: 'github-actions' },
  { ask: 'provenance.repository', about: { remote: 'origin' }, saw: 'https://github.com/oneflow-ai/oneflow' },
  { ask: 'pypi.repository', about: { remote: 'origin' }, saw: 'https://github.com/oneflow-ai/oneflow' },
  ...['latest', '2', '2.0.0'].map((tag) => ({ ask: 'image.tag', about: { image: IMAGE, tag }, saw: FORMER })),
]

// What the steps that others take values from would return; those that make a file return where it is kept.
const OUTPUTS: Readonly<Record<string, Json>> = {
  'pypi.build': { artifacts: packages as unknown as Json },
  'image.build': { artifacts: image as unknown as Json },
  'github.pull': { number: 1 },
  'github.draft': { id: 1, uploadUrl: 'https://uploads.github.com/repos/oneflow-ai/oneflow/releases/1/assets' },
}
const MADE = { sha256: digestOf('c'), size: 11_000 }

// What every earlier step yields, in place of the references that planning makes.
const ALL: Readonly<Record<string, Json>> = { artifacts: [artifacts as unknown as Json], evidence: [], environment: [] }

type Stage = 'prepare' | 'publish'

/** A step of the shown release. */
export interface Shown {
  /** The plans that it is a step of, at least one. */
  readonly stages: readonly Stage[]
  readonly phase: Phase
  /** The setting without which there is no such step, `git: { merge: push }`; undefined where none is needed. */
  readonly only: string | undefined
  /** Its whole input; undefined where it takes more from other steps than is known here. */
  readonly input: Json | undefined
}

/** The first step of each kind that a target proposes, by kind. */
export function shownSteps(target: AnyTarget): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>()
  // A kind that several targets have is shown of each by its own choice.
  const own = (choice: Choice): number => choice.target === '' ? 0 : choice.target === target.name ? 1 : 2
  for (const choice of CHOICES.toSorted((one, other) => own(one) - own(other))) {
    const { prepare, publish } = released(choice)
    for (const { kind } of target.kinds) {
      const found = [...prepare, ...publish].find((draft) => draft.kind === kind)
      if (found === undefined || shown.has(kind)) continue
      const stages = ([['prepare', prepare], ['publish', publish]] as const).flatMap(([stage, drafts]) => drafts.some((draft) => draft.kind === kind) ? [stage] : [])
      shown.set(kind, { stages, phase: found.phase, only: wordsOf(choice), input: whole(found.input, [...prepare, ...publish]) })
    }
  }
  return shown
}

/** Every step of the release that a choice leads to. */
function released(choice: Choice): Readonly<Record<Stage, readonly StepDraft[]>> {
  const commit = { ...release, parent: base.commit, message: MESSAGE, author: AUTHOR, date: DATE, files }
  const prepare: StepDraft[] = []
  const publish: StepDraft[] = []
  for (const target of TARGETS) {
    const settings = settingsOf(target, target.name === choice.target ? choice.settings : {})
    prepare.push(...target.prepare({ ...CONTEXT, commit, repository: 'https://github.com/oneflow-ai/oneflow.git' }, settings))
    publish.push(...target.publish({ ...CONTEXT, commit: release, artifacts, earlier: [...publish], seen: SEEN }, settings))
    publish.push(...(target.announces?.({ ...CONTEXT, about: 'release', repository: 'https://github.com/oneflow-ai/oneflow.git' }, settings) ?? []).map(({ kind, title, input }): StepDraft => ({ phase: 'announce', kind, title, input })))
  }
  return { prepare, publish }
}

function wordsOf({ target, settings }: Choice): string | undefined {
  const [named] = Object.entries(settings)
  return named && `${target}: { ${named[0]}: ${typeof named[1] === 'string' || typeof named[1] === 'boolean' ? String(named[1]) : '{ … }'} }`
}

function whole(input: Json, among: readonly StepDraft[]): Json | undefined {
  const made = new Set(among.filter(({ makes }) => makes !== undefined).map(({ kind, of }) => of === undefined ? kind : `${kind}:${of}`))
  try {
    return resolveInput(withAll(input), (step) => made.has(step) || step.startsWith('github.asset:') ? MADE : OUTPUTS[step])
  } catch {
    return undefined
  }
}

function withAll(input: Json): Json {
  if (input === null || typeof input !== 'object') return input
  if (Array.isArray(input)) return input.map(withAll)
  const { $all: what, ...rest } = input as JsonObject
  return typeof what === 'string' ? ALL[what] ?? [] : Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withAll(value)]))
}
