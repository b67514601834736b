// What a rehearsal world looks like from outside: everything that a release may have left in it, and how often it was made.
import { createHash } from 'node:crypto'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import { contentsOf } from '../../src/rehearsal/registry/arrange.ts'
import type { RegistryState } from '../../src/rehearsal/registry/state.ts'
import type { RehearsalWorld } from '../../src/rehearsal/world.ts'
import { git } from '../../src/rehearsal/git/bare.ts'

const LEASE = 'refs/slipway/lease'
// How often something was begun is no part of how a world ends.
const JOURNAL = 'refs/slipway/journal'

/** A world as plain data, compared by content: no ids of commits, no dates. */
export interface Portrait {
  /** By ref: what it points to and the messages and trees behind it, newest first. */
  readonly refs: Readonly<Record<string, readonly string[]>>
  readonly pulls: readonly unknown[]
  readonly releases: readonly unknown[]
  readonly latest: string | undefined
  readonly comments: readonly string[]
  readonly attestations: number
  /** Runs of workflows, each with how it was started and ended. */
  readonly runs: readonly string[]
  readonly registries: readonly (readonly ImagePortrait[])[]
  /** Entries in the transparency log. */
  readonly logged: number
  readonly pypi: unknown
  readonly testpypi: unknown
  /** How many things GitHub ever made an id for: what was made twice and deleted again shows here. */
  readonly idsGiven: number
}

/** What a portrait tells of each image in the registries. */
export interface ImagePortrait {
  readonly name: string
  /** How many there are. */
  readonly manifests: number
  readonly blobs: number
  /** By tag: what it names. */
  readonly tags: Readonly<Record<string, string>>
}

/** The images in a world, of all registries. */
export function imagesIn({ registries }: Pick<Portrait, 'registries'>): readonly ImagePortrait[] {
  return registries.flat()
}

/** Looks at a world when everything is over. Uses up one id of GitHub's, so look once. */
export async function portraitOf({ bare, github, pypi, testpypi, registries, sigstore }: RehearsalWorld): Promise<Portrait> {
  const names = (await git(bare, ['for-each-ref', '--format=%(refname)'])).split('\n').filter((name) => name !== JOURNAL)
  const refs = await Promise.all(names.map(async (name) => {
    const type = await git(bare, ['cat-file', '-t', name])
    const words = type === 'tag' ? (await git(bare, ['cat-file', 'tag', name])).split('\n').slice(1).filter((line) => !line.startsWith('tagger ')) : []
    const behind = (await git(bare, ['log', ...(name === LEASE ? ['-1'] : []), '--format=%T %P| %an: %B%x00', name])).split('\0').map((text) => text.trim().replace(/[0-9a-f]{40}(?=[ |])/g, (id, at: number) => at === 0 ? id : 'parent'))
    return [name, name === LEASE ? [leaseIn(behind[0] ?? '')] : [type, ...words, ...behind.filter((text) => text !== '')]] as const
  }))
  return {
    refs: Object.fromEntries(refs),
    pulls: github.pulls.map(({ number, branch, title, body, base, draft, state, merged, requested, reviews }) => ({
      number, branch, title, body: unmarked(body), base, draft, state, merged: merged !== null, requested, reviews: reviews.map((review) => `${review.author} ${review.state}`),
    })),
    releases: github.releases.map(({ tag, name, body, draft, prerelease, immutable, makeLatest, assets }) => ({
      tag, name, body: unmarked(body), draft, prerelease, immutable, makeLatest,
      assets: assets.map((asset) => ({ name: asset.name, state: asset.state, ...(isSigned(asset.name) ? {} : { digest: asset.digest, bytes: asset.bytes.length }) })).toSorted((one, other) => one.name < other.name ? -1 : 1),
    })),
    latest: github.releases.find(({ id }) => id === github.latest)?.tag,
    // How long a check took and how often a step was tried is no part of how a world ends.
    comments: github.comments.map(({ body }) => body.split('\n').filter((line) => /^(?:## |<!-- slipway:)/.test(line)).join('\n')),
    attestations: github.attestations.length,
    runs: github.runs.map(({ workflow, event, branch, attempt, conclusion }) => `${workflow} by ${event} on ${branch}, ${attempt}: ${conclusion}`),
    registries: registries.map((state) => portraitOfRegistry(state)),
    logged: sigstore.entries.size,
    pypi: indexOf(pypi),
    testpypi: indexOf(testpypi),
    idsGiven: github.nextId() - 1,
  }
}

/** What a lease says of its release, and whether anybody holds it: how often it was prolonged, by whom and until when is nobody's business. */
function leaseIn(text: string): string {
  return text.replace(/^.*?: /s, '').replace(/"holder":\{[^}]*\}/, '"holder":"somebody"')
}

/** A signature is another one each time it is made. */
function isSigned(name: string): boolean {
  return name.endsWith('.sigstore.json')
}

/** What a registry holds, tag by tag; what carries signatures, and the lists that name it, only by their number. */
function portraitOfRegistry(state: RegistryState): readonly ImagePortrait[] {
  return Object.entries(contentsOf(state)).map(([name, { tags, manifests, blobs }]) => ({
    name, manifests: manifests.length, blobs: blobs.length,
    tags: Object.fromEntries(Object.entries(tags).map(([tag, digest]) => [tag, tag.startsWith('sha256-') ? 'a list' : digest])),
  }))
}

function indexOf(state: PypiState): unknown {
  return {
    projects: Object.fromEntries([...state.projects].map(([name, { releases }]) => [name, [...releases.values()].map(({ version, yanked, files }) => ({
      version,
      yanked: yanked !== undefined,
      files: files.map((file) => ({ name: file.filename, sha256: createHash('sha256').update(file.bytes).digest('hex'), attestations: file.provenance?.attestation_bundles.flatMap(({ attestations }) => attestations).length ?? 0 })).toSorted((one, other) => one.name < other.name ? -1 : 1),
    }))])),
    names: [...state.usedNames].toSorted(),
    // Each stored upload and each yank counts.
    changes: state.serial,
  }
}

/** The lines of a body without what differs from one release to the next: the plan's digest in its marker, ids of commits, and logs that tell the time they took. */
function unmarked(body: string | null): readonly string[] | null {
  return body?.replace(/<!--[^]*?-->/g, '<!-- marker -->').replace(/\b[0-9a-f]{40}\b/g, 'commit').replace(/output sha256:[0-9a-f]+/g, 'output').split('\n') ?? null
}

/** Where two portraits differ, one line each; empty when they are the same. */
export function differences(expected: unknown, found: unknown, at = ''): readonly string[] {
  if (isBranch(expected) && isBranch(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    return keys.flatMap((key) => differences(expected[key], found[key], `${at}/${key}`))
  }
  const [one, other] = [JSON.stringify(expected), JSON.stringify(found)]
  return one === other ? [] : [`${at === '' ? '/' : at}: expected ${one ?? 'nothing'}, found ${other ?? 'nothing'}`]
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
