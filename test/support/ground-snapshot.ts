// Everything that is outside, as a value that can be compared: without times, and without ids that a server chose.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../src/rehearsal/git/bare.ts'
import type { GithubState } from '../../src/rehearsal/github/state.ts'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import type { OpenGround } from './ground.ts'

/** The remote's refs with their histories, the local repository, GitHub, both indexes, the evidence and the artifact store. */
export async function snapshot(ground: OpenGround): Promise<Readonly<Record<string, unknown>>> {
  const { rehearsal, evidence, store, project } = ground
  const local = join(project, '.git')
  return {
    remote: await refsOf(rehearsal.bare),
    local: {
      refs: await refsOf(local),
      objects: (await git(local, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'])).split('\n'),
    },
    github: githubOf(rehearsal.github),
    pypi: indexOf(rehearsal.pypi),
    testpypi: indexOf(rehearsal.testpypi),
    evidence: [...evidence.values()].map(({ key, title, passed, output }) => ({ key, title, passed, output })).toSorted((one, other) => (one.key < other.key ? -1 : 1)),
    artifacts: readdirSync(store, { recursive: true, encoding: 'utf8' }).toSorted(),
  }
}

/** Commits that GitHub makes carry the time in their ids, so a branch is compared by the trees, people and words of its history. */
async function refsOf(repository: string): Promise<unknown> {
  const refs: Record<string, unknown> = {}
  const listed = await git(repository, ['for-each-ref', '--format=%(refname) %(objecttype) %(objectname)'])
  for (const line of listed.split('\n').filter((each) => each !== '')) {
    const [name = '', type = '', object = ''] = line.split(' ')
    const history = (await git(repository, ['log', '--format=%T %an <%ae> %s %b', object])).split('\n')
    refs[name] = type === 'tag' ? { object, history } : { history }
  }
  return refs
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
