// Everything that is outside, as a value that can be compared: without times, and without ids that a server chose.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../src/rehearsal/git/bare.ts'
import type { GithubState } from '../../src/rehearsal/github/state.ts'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import type { OpenGround } from './ground.ts'

/** The remote's refs and all their commits, the local repository, GitHub, both indexes, the evidence and the artifact store. */
export async function snapshot(ground: OpenGround): Promise<Readonly<Record<string, unknown>>> {
  const { rehearsal, evidence, store, project } = ground
  const local = join(project, '.git')
  return {
    remote: await refsOf(rehearsal.bare),
    local: {
      // What git remembers of a remote is no more than a note of its last look.
      refs: await git(local, ['for-each-ref', 'refs/heads', 'refs/tags']),
      objects: (await git(local, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'])).split('\n'),
    },
    github: githubOf(rehearsal.github),
    pypi: indexOf(rehearsal.pypi),
    testpypi: indexOf(rehearsal.testpypi),
    evidence: [...evidence.values()].map(({ key, title, passed, output }) => ({ key, title, passed, output })).toSorted((one, other) => (one.key < other.key ? -1 : 1)),
    artifacts: readdirSync(store, { recursive: true, encoding: 'utf8' }).toSorted(),
  }
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

function githubOf({ pulls, comments, releases, latest }: GithubState): unknown {
  return {
    pulls: pulls.map(({ number, author, branch, title, body, base, head, draft, state, merged, requested, reviews }) => ({
      number, author, branch, title, body, base, head, draft, state, requested,
      mergedBy: merged?.by,
      reviews: reviews.map(({ author: by, state: verdict, commit, body: words }) => ({ by, verdict, commit, words })),
    })),
    comments: comments.map(({ number, author, body }) => ({ number, author, body })),
    releases: releases.map(({ author, tag, target, name, body, draft, prerelease, immutable, makeLatest, assets }) => ({
      author, tag, target, name, body, draft, prerelease, immutable, makeLatest,
      assets: assets.map((asset) => ({ name: asset.name, label: asset.label, digest: asset.digest, state: asset.state, contentType: asset.contentType })),
    })),
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
