// A GitHub for tests of this target: the rehearsal's over real http, with a repository whose release branch is one commit ahead of main.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import type { Once } from '../../model/kind.ts'
import type { Artifact } from '../../model/plan.ts'
import type { Evidence, World } from '../../model/world.ts'
import { createBare } from '../../rehearsal/git/bare.ts'
import { gitService } from '../../rehearsal/git/service.ts'
import { gitPasswords } from '../../rehearsal/github/access.ts'
import { downloadPages } from '../../rehearsal/github/downloads.ts'
import { githubService } from '../../rehearsal/github/service.ts'
import { createGithubState, type GithubState, type Grant } from '../../rehearsal/github/state.ts'
import { serve, type Served } from '../../rehearsal/serve.ts'
import { openWorld } from '../../world/world.ts'

/** The key of the step that is tried. */
export const KEY = `sha256:${'0'.repeat(64)}#step`
/** What an attempt is given when nobody watches. */
export const once: Once = { key: KEY, signal: new AbortController().signal, progress: () => undefined, say: () => undefined }
/** What opens the repository. */
export const access = { repository: 'acme/oneflow', api: 'https://api.github.com', token: { $secret: 'GITHUB_TOKEN' } }
/** Somebody who may review. */
export const REVIEWER = 'release-reviewer'

type Keep = (text: string) => Promise<{ readonly sha256: Artifact['sha256']; readonly size: number }>

/** What a forge is made of. */
export interface ForgeOptions {
  readonly grant?: Grant
  readonly token?: string
  /** Whether the files of releases are on the pages for everybody, as in a public repository. */
  readonly pages?: boolean
}

/** An open forge. */
export interface Forge {
  readonly world: World
  readonly state: GithubState
  readonly served: Served
  readonly commit: string
  readonly tree: string
  readonly artifact: Artifact
  /** Puts a text into the artifact store. */
  keep(text: string): ReturnType<Keep>
  /** Makes the release branch point to a child of what it points to, and returns it. */
  pushMore(): Promise<string>
}

const RIGHTS: Grant = { login: 'maker', rights: { contents: 'write', pull_requests: 'write', attestations: 'write', security_events: 'write' } }

/** GitHub with its repository, and a world that reaches it. Closed at the end of the test. */
export async function forge(t: TestContext, { grant = RIGHTS, token = 'tok-1', pages = true }: ForgeOptions = {}): Promise<Forge> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-github-'))
  const bare = await createBare(root, 'acme/oneflow')
  const state = createGithubState({ owner: 'acme', repo: 'oneflow', bare, now: () => new Date('2026-11-22T12:00:00Z'), tokens: { 'tok-1': grant }, reviewers: [REVIEWER, 'second'] })
  const served = await serve({ services: [githubService(state), gitService({ host: 'github.com', root, tokens: gitPasswords(state), ...(pages ? { pages: downloadPages(state) } : {}) })] })
  const folder = join(root, 'work')
  await mkdir(folder)
  t.after(async () => {
    await served.close()
    await rm(root, { recursive: true, force: true })
  })
  const evidence = new Map<string, Evidence>()
  const world = openWorld({
    repository: folder, folder: join(root, 'state'), env: { PATH: process.env['PATH'] ?? '', ...(token === '' ? {} : { GITHUB_TOKEN: token }) }, version: '0.0.0', gitInherits: 'nothing', routes: served.routes,
    evidence: { find: async (key) => evidence.get(key), record: async (proof) => { evidence.set(proof.key, proof) } },
  })
  const who = { GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@x', GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@x' }
  const git = async (args: readonly string[], stdin = ''): Promise<string> => {
    const answer = await world.git(args, { stdin, env: who })
    assert.equal(answer.code, 0, answer.stderr)
    return answer.stdout.trim()
  }
  await git(['init', '--quiet'])
  const treeOf = async (text: string) => git(['mktree'], `100644 blob ${await git(['hash-object', '-w', '--stdin'], text)}\tVERSION\n`)
  const tree = await treeOf('1.1.0\n')
  const base = await git(['commit-tree', await treeOf('1.0.0\n'), '-m', 'begin'])
  const commit = await git(['commit-tree', tree, '-p', base, '-m', 'chore: bump version to 1.1.0'])
  await git(['push', '--quiet', bare, `${base}:refs/heads/main`, `${commit}:refs/heads/release/v1.1.0`])
  const keep: Keep = (text) => world.scratch(async (scratch) => {
    await scratch.write('kept', text)
    return scratch.keep('kept')
  })
  const artifact: Artifact = { name: 'one-1.1.0.tar.gz', mediaType: 'application/gzip', by: 'pypi', about: {}, ...await keep('bytes of the sdist') }
  return {
    world, state, served, commit, tree, artifact, keep,
    async pushMore() {
      const more = await git(['commit-tree', tree, '-p', commit, '-m', 'more'])
      await git(['push', '--quiet', bare, `${more}:refs/heads/release/v1.1.0`])
      return more
    },
  }
}

/** Tells whether an error has this code and holds these words. */
export const code = (code: string, words = '') => (error: unknown) => {
  assert.ok(error instanceof SlipwayError, String(error))
  assert.equal(error.code, code)
  assert.ok(JSON.stringify(error.problems).includes(words), `${words} in ${JSON.stringify(error.problems)}`)
  return true
}
