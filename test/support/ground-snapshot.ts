// Everything that is outside, as a value that can be compared: without times, and without ids that a server chose.
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../src/rehearsal/git/bare.ts'
import type { ChannelsState } from '../../src/rehearsal/channels/state.ts'
import type { GithubState } from '../../src/rehearsal/github/state.ts'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import { contentsOf } from '../../src/rehearsal/registry/arrange.ts'
import type { OpenGround } from './ground.ts'

/** The remote's refs and all their commits, the local repository, GitHub, both indexes, the evidence and the artifact store. */
export async function snapshot(ground: OpenGround): Promise<Readonly<Record<string, unknown>>> {
  const { rehearsal, evidence, store } = ground
  return {
    ...await repositories(ground),
    github: githubOf(rehearsal.github),
    channels: channelsOf(rehearsal.channels),
    pypi: indexOf(rehearsal.pypi),
    testpypi: indexOf(rehearsal.testpypi),
    registries: rehearsal.registries.map((state) => contentsOf(state)),
    // Entries by what they hold: the hash of what was signed, never the signature, which is another each time.
    log: [...rehearsal.sigstore.entries.values()].map(({ body }) => payloadIn(body)).toSorted(),
    evidence: [...evidence.values()].map(({ key, title, passed, output }) => (isByChance(title) ? { key: '', title, passed } : { key, title, passed, output })).toSorted((one, other) => (one.key + one.title < other.key + other.title ? -1 : 1)),
    artifacts: filesOf(store, new Set([...evidence.values()].filter(({ title }) => isByChance(title)).map(({ output }) => (output as { sha256?: string }).sha256?.slice('sha256:'.length)))),
  }
}

const known = new WeakMap<OpenGround, Map<string, Promise<object>>>()

/** What git says of both repositories; asked again only where a file of theirs has changed. */
async function repositories(ground: OpenGround): Promise<object> {
  const { rehearsal: { bare }, project } = ground
  const local = join(project, '.git')
  const files = createHash('sha256').update(JSON.stringify([...ground.files()].filter(([path]) => /\.git(?:\/|$)/.test(path)))).digest('hex')
  const asked = known.get(ground) ?? new Map<string, Promise<object>>()
  known.set(ground, asked)
  const answer = asked.get(files) ?? (async () => ({
    remote: await refsOf(bare),
    local: {
      // What git remembers of a remote is no more than a note of its last look.
      refs: await git(local, ['for-each-ref', 'refs/heads', 'refs/tags']),
      objects: (await git(local, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'])).split('\n'),
    },
  }))()
  asked.set(files, answer)
  return await answer
}

/** Commits that GitHub makes carry the time in their ids, so commits are told by their trees, people and words; tag objects are told by their ids. */
async function refsOf(bare: string): Promise<unknown> {
  const id = '%(if:equals=tag)%(objecttype)%(then)%(objectname)%(end)'
  const [tips, commits] = await Promise.all([
    git(bare, ['for-each-ref', `--format=%(refname) %(objecttype) ${id} %(tree)%(*tree) %(contents)`]),
    git(bare, ['log', '--all', '--format=%T %an <%ae> %s %b']),
  ])
  return { tips: tips.split('\n'), commits: commits.split('\n').toSorted() }
}

/** What anybody reads on the channels. */
function channelsOf({ discord, slack, mails, statuses, topics, records, deliveries }: ChannelsState): unknown {
  return { discord: discord.map(({ content, mentions }) => ({ content, mentions })), slack, statuses: statuses.map(({ text, key }) => ({ text, key })), topics: topics.filter(({ deleted }) => !deleted).map(({ title, raw, external }) => ({ title, raw, external })), records: [...records], mails: mails.map(({ from, to, source }) => ({ from, to, source: source.replace(/^Date: .*$/m, '') })), deliveries }
}

function githubOf({ pulls, comments, discussions, releases, latest, attestations, scans, runs }: GithubState): unknown {
  return {
    pulls: pulls.map(({ number, author, branch, title, body, base, head, draft, state, merged, requested, reviews }) => ({
      number, author, branch, title, body, base, head, draft, state, requested,
      mergedBy: merged?.by,
      reviews: reviews.map(({ author: by, state: verdict, commit, body: words }) => ({ by, verdict, commit, words })),
    })),
    comments: comments.map(({ number, author, body }) => ({ number, author, body })),
    discussions: discussions.map(({ author, category, title, body }) => ({ author, category, title, body })),
    releases: releases.map(({ author, tag, target, name, body, draft, prerelease, immutable, makeLatest, assets }) => ({
      author, tag, target, name, body, draft, prerelease, immutable, makeLatest,
      assets: assets.map((asset) => ({ name: asset.name, label: asset.label, digest: asset.digest, state: asset.state, contentType: asset.contentType })),
    })),
    attestations: attestations.length,
    scans: scans.map(({ commit, ref, status, analyses }) => ({ commit, ref, status, analyses: analyses.length })),
    runs: runs.map(({ workflow, event, branch, commit, status, conclusion }) => ({ workflow, event, branch, commit, status, conclusion })),
    latest: releases.find(({ id }) => id === latest)?.tag,
  }
}

function indexOf({ projects, usedNames }: PypiState): unknown {
  return {
    usedNames: [...usedNames].toSorted(),
    projects: [...projects.values()].map(({ name, status, releases }) => ({
      name, status,
      releases: [...releases.values()].map(({ version, yanked, metadata, files }) => ({
        version, yanked, metadata, files: files.map(({ filename, type, pythonTag, sha256, requiresPython }) => ({ filename, type, pythonTag, sha256, requiresPython })),
      })),
    })),
  }
}

/** True for what holds a signature: each is another one, since its key is new. */
function isByChance(title: string): boolean {
  return /^(?:signature|timestamp|log entry) of the (?:provenance|attestation) of /.test(title)
}

/** The files of the store, without those of bundles. */
function filesOf(store: string, bundles: ReadonlySet<string | undefined>): readonly string[] {
  return readdirSync(store, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile() && !bundles.has(entry.name)).map(({ name }) => name).toSorted()
}

function payloadIn(body: string): string {
  const { spec } = JSON.parse(Buffer.from(body, 'base64').toString()) as { spec?: { payloadHash?: { value?: string } } }
  return spec?.payloadHash?.value ?? body
}
