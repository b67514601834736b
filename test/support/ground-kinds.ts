// How each kind is met on the ground: what must come before it, what could stand in its way, and which person it waits for.
import type { JsonObject } from '../../src/model/json.ts'
import type { AnyKind, Once } from '../../src/model/kind.ts'
import { git, resolveObject } from '../../src/rehearsal/git/bare.ts'
import { endRun } from '../../src/rehearsal/github/actions.ts'
import { refreshPulls } from '../../src/rehearsal/github/pull-life.ts'
import { plantForeign, seed } from '../../src/rehearsal/pypi/state.ts'
import { plantManifest, plantTag } from '../../src/rehearsal/registry/arrange.ts'
import { storeBlob } from '../../src/rehearsal/registry/state.ts'
import { jobImage } from '../../src/rehearsal/runner/image-bytes.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { registryAt, type OpenGround } from './ground.ts'

/** Something else under the name that the step wants, or a sentence that says why there can be no such thing. */
export type Foreign =
  | { readonly none: string }
  /** `on` tells whether it is there before or after what comes before the step. */
  | { readonly on: 'empty' | 'ready'; plant(ground: OpenGround, input: JsonObject): Promise<void> }

/** One kind on the ground. */
export interface KindCase {
  /** Slow kinds run programs for seconds: they are killed at fewer points. */
  readonly pace: 'quick' | 'slow'
  /** Kinds whose examples are applied before, in order. */
  readonly before: readonly string[]
  /** Makes an example whole where it leaves out what the ground wants. */
  readonly whole?: (example: JsonObject) => JsonObject
  /** What a probe says on the empty ground: absent, or, where something must come before, anything but present. */
  readonly early: 'absent' | 'not present'
  readonly foreign: Foreign
  /** Nobody can see afterwards what became of an attempt: the kind is made at most once, and what is in doubt stops. */
  readonly blind?: true
  /** A program without which the kind cannot be tried. */
  readonly needs?: string
  /** The person whom the kind waits for does what is asked. */
  readonly arrive?: (ground: OpenGround) => Promise<void>
}

/** Every kind of every target, by name. */
export const KINDS: ReadonlyMap<string, AnyKind> = new Map(TARGETS.flatMap(({ kinds }) => kinds).map((kind) => [kind.kind, kind]))

const withToken = (example: JsonObject): JsonObject => ({ ...example, token: { $secret: 'GITHUB_TOKEN' } })

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const PULL = ['git.branch', 'github.pull']
const DRAFT = ['git.branch', 'git.tag', 'github.draft']
const PUSHED = ['image.blobs', 'image.manifest']
const byDigest = (what: string): Foreign => ({ none: `${what} is found by the digest of all that went into it, so nothing else has its name` })

/** Somebody else's image has the tag. */
function tagged(host: string, tag: string, on: 'empty' | 'ready'): Foreign {
  return { on, plant: async ({ rehearsal }) => { plantTag(registryAt(rehearsal, host), 'acme/ground', { tag }) } }
}

/** Somebody pushes to the release branch. */
const pushedTo: Foreign = {
  on: 'ready',
  async plant({ rehearsal: { bare, github }, facts }) {
    await git(bare, ['update-ref', `refs/heads/release/v${facts.version}`, await strangersCommit(bare, facts.release.commit)])
    await refreshPulls(github)
  },
}

/** How every kind of every target is met. */
export const KIND_CASES: Readonly<Record<string, KindCase>> = {
  'git.commit': { pace: 'quick', before: [], whole: withToken, early: 'absent', foreign: byDigest('a commit') },
  'git.branch': {
    pace: 'quick', before: [], whole: withToken, early: 'absent',
    foreign: { on: 'ready', plant: async ({ rehearsal: { bare }, facts }, { branch }) => { await git(bare, ['update-ref', `refs/heads/${text(branch)}`, facts.base.commit]) } },
  },
  'git.tag': {
    pace: 'quick', before: [], whole: withToken, early: 'absent',
    foreign: { on: 'ready', plant: async ({ rehearsal: { bare }, facts }, { tag }) => { await git(bare, ['update-ref', `refs/tags/${text(tag)}`, facts.base.commit]) } },
  },
  'git.advance': {
    pace: 'quick', before: [], whole: withToken, early: 'absent',
    foreign: { on: 'ready', plant: async ({ rehearsal: { bare }, facts }) => { await git(bare, ['update-ref', 'refs/heads/main', await strangersCommit(bare, facts.base.commit)]) } },
  },
  'github.pull': { pace: 'quick', before: ['git.branch'], early: 'absent', foreign: { on: 'ready', plant: (ground) => applyExamples(ground, 'github.pull', 'somebody else') } },
  'github.reviewers': {
    pace: 'quick', before: PULL, early: 'not present',
    foreign: { on: 'ready', plant: async ({ rehearsal: { github } }) => { for (const pull of github.pulls) Object.assign(pull, { state: 'closed', closedAt: github.now() }) } },
  },
  'github.review': { pace: 'quick', before: PULL, early: 'not present', foreign: pushedTo, arrive: async ({ rehearsal: { github } }) => { github.people.approve(1, 'release-reviewer') } },
  'github.merge': { pace: 'quick', before: PULL, early: 'not present', foreign: pushedTo },
  'github.merged': { pace: 'quick', before: PULL, early: 'not present', foreign: pushedTo, arrive: async ({ rehearsal: { github } }) => { await github.people.merge(1) } },
  'github.draft': {
    pace: 'quick', before: ['git.branch', 'git.tag'], early: 'absent',
    foreign: { on: 'ready', plant: (ground) => applyExamples(ground, 'github.draft', 'somebody else') },
  },
  'github.asset': {
    pace: 'quick', before: DRAFT, early: 'not present',
    foreign: {
      on: 'ready',
      async plant(ground, input) {
        await applyOne(ground, kindNamed('github.asset'), { input: { ...input, ...await ground.keep('somebody else\'s bytes') }, key: 'somebody else' })
      },
    },
  },
  'github.release': {
    pace: 'quick', before: DRAFT, early: 'not present',
    foreign: { on: 'ready', plant: async ({ rehearsal: { github } }) => { for (const release of github.releases) Object.assign(release, { tag: 'v9.9.9', draft: false, publishedAt: github.now() }) } },
  },
  'github.attestation': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'attestations of others about the same bytes stand beside ours' } },
  'github.sarif': { pace: 'quick', before: ['git.branch'], early: 'absent', foreign: { none: 'analyses of others stand beside ours, in categories of their own' } },
  'github.verify': {
    pace: 'quick', before: [...DRAFT, 'github.asset', 'github.release'], early: 'not present',
    foreign: {
      on: 'ready',
      async plant({ rehearsal: { github } }) {
        for (const { assets } of github.releases) for (const asset of assets) Object.assign(asset, { digest: `sha256:${'0'.repeat(64)}` })
      },
    },
  },
  'pypi.build': { pace: 'slow', before: [], early: 'absent', foreign: byDigest('a build') },
  'pypi.check': { pace: 'slow', before: [], early: 'absent', foreign: byDigest('a check') },
  'pypi.install': { pace: 'slow', before: [], early: 'absent', foreign: byDigest('an install test') },
  'pypi.trial': { pace: 'quick', before: [], early: 'absent', foreign: { on: 'ready', plant: async ({ rehearsal }, { file }) => { plantForeign(rehearsal.testpypi, text(file)) } } },
  'pypi.trial-install': { pace: 'slow', before: ['pypi.trial'], early: 'not present', foreign: { on: 'empty', plant: async ({ rehearsal, facts }) => { for (const { name, by } of facts.artifacts) if (by === 'pypi') plantForeign(rehearsal.testpypi, name) } } },
  'pypi.attest': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a signature') },
  'pypi.attest-log': { pace: 'quick', before: ['pypi.attest'], early: 'absent', foreign: byDigest('an entry of the log') },
  'pypi.upload': { pace: 'quick', before: [], early: 'absent', foreign: { on: 'ready', plant: async ({ rehearsal }, { file }) => { plantForeign(rehearsal.pypi, text(file)) } } },
  'pypi.verify': { pace: 'slow', before: ['pypi.upload'], early: 'not present', foreign: { on: 'empty', plant: async ({ rehearsal, facts }) => { for (const { name, by } of facts.artifacts) if (by === 'pypi') plantForeign(rehearsal.pypi, name) } } },
  'workflow.dispatch': { pace: 'quick', before: ['git.branch', 'git.tag'], early: 'absent', foreign: { none: 'a run that anybody starts on the tag of a release is a run for this release' } },
  'workflow.run': { pace: 'quick', before: ['git.branch', 'git.tag'], early: 'absent', foreign: { none: 'a run on the tag of a release is a run for this release' }, arrive: async ({ rehearsal: { github } }) => { for (const run of github.runs) endRun(github, run, { conclusion: 'success', log: '' }) } },
  'pypi.arrival': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'a workflow builds by itself, so other bytes are told and not refused' }, arrive: publishElsewhere },
  'image.build': { pace: 'slow', before: [], early: 'absent', foreign: byDigest('a build'), needs: 'buildah' },
  // The index answers at the rehearsal's address, where the container's port is said to be.
  'image.smoke': { pace: 'slow', before: [], whole: (example) => ({ ...example, path: '/pypi.org/' }), early: 'absent', foreign: byDigest('a start') },
  'image.blobs': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a blob') },
  'image.manifest': { pace: 'quick', before: ['image.blobs'], early: 'absent', foreign: byDigest('a manifest') },
  'image.attach': { pace: 'quick', before: PUSHED, early: 'absent', foreign: byDigest('what is attached') },
  'image.referrers': { pace: 'quick', before: [...PUSHED, 'image.attach'], early: 'absent', foreign: { none: 'a list of what is attached is added to, whoever wrote what stands in it' } },
  'image.tag': { pace: 'quick', before: [], early: 'absent', foreign: tagged('registry.example.org', '2.1.0', 'ready') },
  'image.fixed-tag': { pace: 'quick', before: PUSHED, early: 'absent', foreign: tagged('ghcr.io', '2.1.0', 'ready') },
  'image.float': { pace: 'quick', before: PUSHED, early: 'absent', foreign: tagged('ghcr.io', 'latest', 'ready') },
  'image.arrival': { pace: 'quick', before: [], early: 'absent', foreign: tagged('registry.example.org', '2.1.0', 'ready'), arrive: (ground) => pushElsewhere(ground, 'registry.example.org') },
  'image.fixed-arrival': { pace: 'quick', before: [], early: 'absent', foreign: tagged('ghcr.io', '2.1.0', 'ready'), arrive: (ground) => pushElsewhere(ground, 'ghcr.io') },
  'image.verify': { pace: 'quick', before: [...PUSHED, 'image.attach', 'image.referrers', 'image.fixed-tag'], early: 'not present', foreign: tagged('ghcr.io', '2.1.0', 'empty') },
  'scan.run': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a scan') },
  'sbom.make': { pace: 'slow', before: [], early: 'absent', foreign: byDigest('an SBOM') },
  'provenance.statement': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a statement') },
  'provenance.sign': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a signature') },
  'provenance.timestamp': { pace: 'quick', before: ['provenance.sign'], early: 'absent', foreign: byDigest('a timestamp') },
  'provenance.log': { pace: 'quick', before: ['provenance.sign', 'provenance.timestamp'], early: 'absent', foreign: byDigest('an entry of the log') },
  'provenance.verify': { pace: 'quick', before: ['provenance.sign', 'provenance.timestamp', 'provenance.log'], early: 'absent', foreign: byDigest('a verification') },
  'announce.discussion': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'a discussion that somebody else opens stands beside ours, whatever marker it carries' } },
  'announce.discord': { pace: 'quick', before: [], early: 'absent', blind: true, foreign: { none: 'what others post stands beside ours' } },
  'announce.mastodon': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'what the account posts otherwise stands beside ours' } },
  'announce.bluesky': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'the key of a record is made from this announcement, so that nothing else has it' } },
  'announce.discourse': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'a topic is found by an id that only this announcement has' } },
  'announce.slack': { pace: 'quick', before: [], early: 'absent', blind: true, foreign: { none: 'what others post stands beside ours' } },
  'announce.mail': { pace: 'quick', before: [], early: 'absent', blind: true, foreign: { none: 'what others write stands beside ours' } },
  'announce.feed': { pace: 'quick', before: [], early: 'absent', foreign: { none: 'an entry is known by the page of the release, which only this one has' } },
  'announce.webhook': { pace: 'quick', before: [], early: 'absent', blind: true, foreign: { none: 'what others send is no business of ours' } },
  'checks.run': { pace: 'quick', before: [], early: 'absent', foreign: byDigest('a check') },
}

/** The kind of this name. Throws when no target has it. */
export function kindNamed(name: string): AnyKind {
  const kind = KINDS.get(name)
  if (kind === undefined) throw new Error(`No target has a kind ${name}.`)
  return kind
}

/** The kind's place in the table. Throws when it has none. */
export function caseOf(name: string): KindCase {
  const found = KIND_CASES[name]
  if (found === undefined) throw new Error(`The table of kinds does not say how ${name} is met on the ground.`)
  return found
}

/** The inputs that a kind is tried with, parsed and frozen. */
export function examplesOf(kind: AnyKind, ground: OpenGround): readonly JsonObject[] {
  const { whole = (example) => example } = caseOf(kind.kind)
  return kind.examples(ground.facts).map((example) => deepFrozen(kind.input.parse(whole(example as JsonObject)) as JsonObject))
}

/** Does what comes before a step of this kind. */
export async function prepare(ground: OpenGround, kind: string): Promise<void> {
  for (const name of caseOf(kind).before) await applyExamples(ground, name, 'what came before')
}

/** What one attempt is given when nobody watches it. */
export function onceFor(key: string): Once {
  return { key, signal: new AbortController().signal, progress: () => undefined, say: () => undefined }
}

async function applyExamples(ground: OpenGround, name: string, key: string): Promise<void> {
  const kind = kindNamed(name)
  for (const input of examplesOf(kind, ground)) await applyOne(ground, kind, { input, key })
}

async function applyOne(ground: OpenGround, kind: AnyKind, { input, key }: { readonly input: JsonObject; readonly key: string }): Promise<void> {
  if (kind.apply === undefined) throw new Error(`${kind.kind} only waits.`)
  await kind.apply(ground.world, kind.input.parse(input), onceFor(key))
}

/** Somebody else's job puts the packages on the index. */
async function publishElsewhere({ world, rehearsal, facts }: OpenGround): Promise<void> {
  for (const { name, sha256 } of facts.artifacts.filter(({ by }) => by === 'pypi')) {
    const pieces: Uint8Array[] = []
    for await (const piece of (await world.artifacts.body(sha256)).open()) pieces.push(piece)
    seed(rehearsal.pypi, [{ filename: name, bytes: Buffer.concat(pieces), owner: 'owner' }])
  }
}

/** Somebody else's job builds the image and pushes it. */
async function pushElsewhere({ rehearsal, facts }: OpenGround, host: string): Promise<void> {
  const registry = registryAt(rehearsal, host)
  const { blobs, manifests, index } = jobImage({ name: 'acme/ground', version: facts.version, revision: facts.release.commit, platforms: ['linux/amd64'] })
  for (const { bytes } of blobs) storeBlob(registry, 'acme/ground', bytes)
  for (const manifest of [...manifests, index]) plantManifest(registry, 'acme/ground', manifest)
  plantTag(registry, 'acme/ground', { tag: facts.version, digest: index.digest })
}

/** A commit that is not of this release. */
async function strangersCommit(bare: string, parent: string): Promise<string> {
  const tree = await resolveObject(bare, `${parent}^{tree}`)
  const who = { GIT_AUTHOR_NAME: 'S', GIT_AUTHOR_EMAIL: 's@example.org', GIT_COMMITTER_NAME: 'S', GIT_COMMITTER_EMAIL: 's@example.org' }
  return git(bare, ['commit-tree', tree ?? '', '-p', parent, '-m', 'somebody else was here'], { env: who })
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const each of Object.values(value)) deepFrozen(each)
    Object.freeze(value)
  }
  return value
}
