// A repository on the fake GitHub for tests: a bare repository with a history, its state, and Octokit talking to it without a socket.
import { Octokit } from '@octokit/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBare, git, resolveObject } from '../git/bare.ts'
import type { Call, Service } from '../service.ts'
import { conforming } from './conform.fixture.ts'
import { githubService } from './service.ts'
import { createGithubState } from './state.ts'
import type { GithubOptions, GithubState } from './state.ts'

/** The tokens of the rig by what they may do. */
export const TOKENS = { maker: 'maker-token', reviewer: 'reviewer-token', reader: 'reader-token' } as const

/** A repository `acme/oneflow` with one commit on `main`. */
export interface Rig {
  readonly state: GithubState
  readonly bare: string
  /** The folder that holds the bare repository. */
  readonly root: string
  /** The fake, held against GitHub's description. */
  readonly service: Service
  /** Octokit with one of the tokens, or without any. */
  octokit(token?: string): Octokit
  /** Commits files (null deletes) on a branch, which begins at `main` or `from` when it is new, and returns the commit. */
  commit(branch: string, files: Readonly<Record<string, string | null>>, options?: { readonly message?: string; readonly from?: string }): Promise<string>
  /** Sets the clock this many minutes on. */
  later(minutes: number): void
  git(...args: readonly string[]): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

/** Makes a rig. */
export async function createRig(options: Partial<GithubOptions> = {}): Promise<Rig> {
  const root = await mkdtemp(join(tmpdir(), 'github-'))
  const bare = await createBare(root, 'acme/oneflow')
  let now = Date.UTC(2026, 2, 14, 9, 0, 0)
  const push = { contents: 'write', pull_requests: 'write', attestations: 'write', security_events: 'write', administration: 'write', actions: 'write', discussions: 'write' } as const
  const state = createGithubState({
    owner: 'acme', repo: 'oneflow', bare, now: () => new Date(now), reviewers: ['rita'],
    tokens: {
      [TOKENS.maker]: { login: 'mona', rights: push },
      [TOKENS.reviewer]: { login: 'rita', rights: push },
      [TOKENS.reader]: { login: 'rolf', rights: {} },
    },
    ...options,
  })
  const service = conforming(githubService(state))
  const commit: Rig['commit'] = async (branch, files, extra = {}) => {
    const ref = `refs/heads/${branch}`
    const parent = (await resolveObject(bare, ref)) ?? extra.from ?? (await resolveObject(bare, 'refs/heads/main'))
    const message = extra.message ?? `Change ${Object.keys(files).join(', ')}`
    const changes = Object.entries(files).map(([path, text]) => (text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`))
    const lines = [`commit ${ref}\n`, `committer Mona <mona@example.org> ${now / 1000} +0000\n`, data(message), parent === undefined ? '' : `from ${parent}\n`, ...changes]
    await git(bare, ['fast-import', '--quiet', '--force'], { stdin: lines.join('') })
    return git(bare, ['rev-parse', ref])
  }
  await commit('main', { 'README.md': 'Oneflow\n', 'VERSION': '2.0.0\n' })
  return {
    state, bare, root, service, commit,
    octokit: (token) => new Octokit({ ...(token === undefined ? {} : { auth: token }), request: { fetch: fetchFrom(service) } }),
    later: (minutes) => { now += minutes * 60_000 },
    git: (...args) => git(bare, args),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

/** A `fetch` that hands requests to a service in this process. */
export function fetchFrom(service: Service): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const call: Call = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: new Uint8Array(await request.arrayBuffer()),
      address: (url) => url,
    }
    const reply = await service.handle(call)
    const headers = new Headers()
    for (const [name, value] of Object.entries(reply.headers ?? {})) for (const one of [value].flat()) headers.append(name, one)
    const empty = reply.status === 204 || reply.status === 304
    const { body = '' } = reply
    return new Response(empty ? null : typeof body === 'string' ? body : new Uint8Array(body), { status: reply.status, headers })
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}
