// What the tests of this target run on: the real world over a tiny repository, a served Sigstore, and a clock that tests set.
import { createHash } from 'node:crypto'
import type { Kind } from '../../model/kind.ts'
import type { Json } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import type { HttpAnswer, HttpRequest, World } from '../../model/world.ts'
import { serve, type Served } from '../../rehearsal/serve.ts'
import { sigstoreService } from '../../rehearsal/sigstore/service.ts'
import { createSigstoreState, ID_TOKEN_URL, type SigstoreState } from '../../rehearsal/sigstore/state.ts'
import { trustedRoot } from '../../rehearsal/sigstore/trust.ts'
import { openTiny, type Tiny } from '../pypi/tiny.fixture.ts'
import { GITHUB_ISSUER } from '../signing/policy.ts'
import type { Signing } from './shape.ts'

/** Secrets of a job that may ask for tokens. */
export const JOB = { ACTIONS_ID_TOKEN_REQUEST_URL: ID_TOKEN_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-opener-7Kq2' }

/** The source that the tests release. */
export const SOURCE = 'https://github.com/acme/app'

/** An open bench. */
export interface Bench extends AsyncDisposable {
  readonly tiny: Tiny
  readonly served: Served
  readonly state: SigstoreState
  readonly world: World
  /** The time of everybody. */
  time: Date
  /** When set, stands between the world and its services. */
  between: ((request: HttpRequest, go: () => Promise<HttpAnswer>) => Promise<HttpAnswer>) | undefined
  /** The same world for somebody with other secrets. */
  worldWith(env: Readonly<Record<string, string>>): World
  /** The calls so far that could change something. */
  changes(): readonly string[]
}

/** Opens a bench. Its clock stands at a fixed day, to show that nothing asks the machine for the time. */
export async function openBench(): Promise<Bench> {
  const tiny = openTiny()
  const shared: { time: Date; between: Bench['between'] } = { time: new Date('2026-03-04T05:06:07.890Z'), between: undefined }
  const state = createSigstoreState({ now: () => shared.time, tokens: [JOB.ACTIONS_ID_TOKEN_REQUEST_TOKEN], job: { repository: 'acme/app', sha: 'c'.repeat(40), run: 77, attempt: 2 } })
  const served = await serve({ services: [sigstoreService(state)] })
  const worldWith = (env: Readonly<Record<string, string>>): World => {
    const world = tiny.worldWith({ routes: served.routes, env })
    return {
      ...world,
      now: () => shared.time,
      trustedRoot: () => trustedRoot(state),
      http: (request) => (shared.between === undefined ? world.http(request) : shared.between(request, () => world.http(request))),
    }
  }
  return Object.assign(shared, {
    tiny, served, state, worldWith,
    world: worldWith(JOB),
    changes: () => served.calls.filter(({ method }) => method !== 'GET').map(({ method, url }) => `${method} ${url}`),
    async [Symbol.asyncDispose]() {
      await served.close()
      await tiny[Symbol.asyncDispose]()
    },
  })
}

/** A recipe for an artifact of this name, whose digest is that of its name. */
export function signingOf(name: string, change: Partial<Signing> = {}): Signing {
  return {
    name, subject: name, sha256: digestOf(name), repository: SOURCE, commit: 'c'.repeat(40), ref: 'refs/tags/v2.1.0', version: '2.1.0',
    identity: 'github-actions', fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev',
    policy: { issuer: GITHUB_ISSUER, repository: SOURCE, ref: 'refs/tags/v2.1.0' },
    ...change,
  }
}

/** The digest of a text. */
export function digestOf(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** One attempt. */
export function apply<In extends Json, Out extends Json>(kind: Kind<In, Out>, at: { readonly bench: Bench; readonly world?: World }, input: In): Promise<Out> {
  if (kind.apply === undefined) throw new Error(`${kind.kind} only waits`)
  return kind.apply(at.world ?? at.bench.world, kind.input.parse(JSON.parse(JSON.stringify(input))), at.bench.tiny.once)
}

/** A stored text. */
export async function textAt(world: World, sha256: Digest): Promise<string> {
  return world.scratch(async (scratch) => {
    await scratch.place(sha256, 'it')
    return scratch.read('it')
  })
}
