// Octokit over the world's http: typed answers, one request per call, and GitHub's errors as ours.
import type { Octokit } from '@octokit/core'
import { z } from 'zod'
import { Refused, type SlipwayError } from '../../model/error.ts'
import type { Schema } from '../../model/kind.ts'
import type { Body, HttpAnswer, Look } from '../../model/world.ts'
import type { Access } from './shape.ts'
import { trouble, type Deed } from './trouble.ts'

/** The API version that this program is written for; GitHub supports one for at least two years. */
const VERSION = '2022-11-28'

const PAGE = 100

/** Parameters of a route, without the owner and the name of the repository. */
type Parameters = Readonly<Record<string, unknown>>

/** What a write is for people, and the right that the token needs for it. */
export interface Write<T> {
  /** After "GitHub refused to": `open the pull request`. */
  readonly to: string
  /** As GitHub's token settings call it: `Contents: write`. */
  readonly right: string
  /** A sentence for who cannot give the right, or has a repository that cannot have it. */
  readonly instead?: string
  readonly shape: Schema<T>
}

/** What a read needs where reading the repository is not enough. */
export type Read<T> = Pick<Write<T>, 'right' | 'instead' | 'shape'>

/** Requests to one repository. Every call throws Refused or, when the outcome is in doubt, a plain Error. */
export interface GitHub {
  /** One object; undefined where GitHub says 404. */
  read<T>(route: string, parameters: Parameters, shape: Schema<T>): Promise<T | undefined>
  /** A whole list, all its pages. A 404 throws Refused `right-missing`. */
  list<T>(route: string, parameters: Parameters, shape: Schema<T>): Promise<readonly T[]>
  /** Every page of what comes in pages that lead to each other; none where GitHub says 404, as it does for some empty lists. */
  pages<T>(route: string, parameters: Parameters, read: Read<T>): Promise<readonly T[]>
  write<T>(route: string, parameters: Parameters, write: Write<T>): Promise<T>
  /** Sends bytes to an upload address. */
  upload<T>(url: string, body: UploadBody, write: Write<T>): Promise<T>
  /** Hands over the bytes of a release's asset piece by piece; false where there are none (404). */
  download(asset: number, take: (piece: Uint8Array) => void): Promise<boolean>
}

/** Bytes on their way up. */
export interface UploadBody {
  readonly bytes: Body
  readonly mediaType: string
  progress(done: number, total: number): void
}

/** GitHub's REST API as this world reaches it. */
export function github(look: Look, access: Access): GitHub {
  const [owner = '', repo = ''] = access.repository.split('/')
  let opened: Promise<Octokit> | undefined
  const answerTo = async (route: string, parameters: Parameters, deed: Deed): Promise<{ readonly data: unknown; readonly next: Parameters | undefined }> => {
    const octokit = await (opened ??= openOctokit(look, access))
    const answer = await look.secret(access.token.$secret, async (token) => {
      const headers = { authorization: `Bearer ${token}`, 'x-github-api-version': VERSION }
      return octokit.request(route, { owner, repo, ...parameters, headers }).catch((error: unknown) => failure(error, access, deed))
    })
    if (answer.status >= 300) throw trouble({ status: answer.status, headers: {}, body: {} }, access, deed)
    return { data: answer.data, next: nextPage(answer.headers.link) }
  }
  const ask = async (route: string, parameters: Parameters, deed: Deed): Promise<unknown> => (await answerTo(route, parameters, deed)).data
  return {
    async read(route, parameters, shape) {
      try {
        return shape.parse(await ask(route, parameters, { to: 'answer', reads: true }))
      } catch (error) {
        if (error instanceof NotThere) return undefined
        throw error
      }
    },
    async list(route, parameters, shape) {
      const items: ReturnType<typeof shape.parse>[] = []
      for (let page = 1; ; page++) {
        const data = z.array(z.unknown()).parse(await ask(route, { ...parameters, per_page: PAGE, page }, { to: 'show it', reads: true }).catch((error: unknown) => {
          throw error instanceof NotThere ? hidden(access) : error
        }))
        items.push(...data.map((item) => shape.parse(item)))
        if (data.length < PAGE) return items
      }
    },
    async pages(route, parameters, { shape, ...needs }) {
      const pages: ReturnType<typeof shape.parse>[] = []
      for (let more: Parameters | undefined = {}; more !== undefined;) {
        try {
          const { data, next } = await answerTo(route, { ...parameters, per_page: PAGE, ...more }, { ...needs, to: 'show it', reads: true })
          pages.push(shape.parse(data))
          more = next
        } catch (error) {
          if (error instanceof NotThere) return pages
          throw error
        }
      }
      return pages
    },
    async write(route, parameters, { shape, ...deed }) {
      return shape.parse(await ask(route, parameters, { ...deed, reads: false }))
    },
    async upload(url, { bytes, mediaType, progress }, { shape, ...deed }) {
      // The answer is read while the secret is lent, so that an error made of it goes on without the secret.
      return look.secret(access.token.$secret, async (token) => {
        const answer = await look.http({
          method: 'POST',
          url,
          headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'content-type': mediaType, 'user-agent': 'slipway', 'x-github-api-version': VERSION },
          body: bytes,
          progress,
        })
        if (answer.status >= 300) throw trouble({ status: answer.status, headers: answer.headers, body: parsed(answer) }, access, { ...deed, reads: false })
        return shape.parse(parsed(answer))
      })
    },
    async download(asset, take) {
      return look.secret(access.token.$secret, async (token) => {
        const answer = await look.http({
          method: 'GET',
          url: `${access.api.replace(/\/$/, '')}/repos/${owner}/${repo}/releases/assets/${asset}`,
          headers: { accept: 'application/octet-stream', authorization: `Bearer ${token}`, 'user-agent': 'slipway', 'x-github-api-version': VERSION },
          take,
        })
        if (answer.status === 404) return false
        if (answer.status >= 300) throw trouble({ status: answer.status, headers: answer.headers, body: parsed(answer) }, access, { to: 'show it', reads: true })
        return true
      })
    },
  }
}

/** Octokit is loaded where it is first used: most commands ask GitHub nothing. */
async function openOctokit(look: Look, access: Access): Promise<Octokit> {
  const { Octokit } = await import('@octokit/core')
  return new Octokit({
    baseUrl: access.api.replace(/\/$/, ''),
    userAgent: 'slipway',
    request: { fetch: (url: string, init: Init) => fetchThrough(look, url, init) },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  })
}

/** Runs what follows a write that has happened: whatever fails now leaves doubt, never the certainty that nothing changed. */
export async function afterwards<T>(follow: () => Promise<T>): Promise<T> {
  try {
    return await follow()
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

class NotThere extends Error {}

/** What the `Link` header (RFC 8288) adds to the question for the next page: a number or a cursor. */
function nextPage(link: string | undefined): Parameters | undefined {
  const next = URL.parse(/<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1] ?? '')
  return next === null ? undefined : Object.fromEntries(next.searchParams)
}

/** Octokit wraps whatever goes wrong into one class; only an answer of GitHub's own is read as such. */
function failure(error: unknown, access: Access, deed: Deed): never {
  if (!(error instanceof Error)) throw new Error(String(error))
  if (!('response' in error) || error.response === undefined) throw error.cause instanceof Error ? error.cause : new Error(error.message)
  const answer = answerShape.parse(error.response)
  if (answer.status === 404 && deed.reads) throw new NotThere(error.message)
  throw trouble({ status: answer.status, headers: answer.headers, body: answer.data }, access, deed)
}

const answerShape = z.object({ status: z.number(), headers: z.record(z.string(), z.unknown()), data: z.unknown() })

function hidden(access: Access): SlipwayError {
  return new Refused({
    code: 'right-missing',
    message: `GitHub shows no repository ${access.repository} to the token in ${access.token.$secret}.`,
    hint: 'Check `github.repository` in slipway.yaml, and that the token may read this repository.',
  })
}

interface Init {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What Octokit reads of a Response. Node's own class would load a whole HTTP client for it. */
type Answer = Pick<Response, 'status' | 'statusText' | 'url' | 'text' | 'arrayBuffer'> & { readonly headers: ReadonlyMap<string, string> }

async function fetchThrough(look: Look, url: string, { method, headers, body }: Init): Promise<Answer> {
  const answer = await look.http({ method, url, headers, ...(body === undefined ? {} : { body }) })
  const bytes = new Uint8Array(answer.body)
  return {
    status: answer.status,
    statusText: answer.reason,
    url,
    headers: new Map(Object.entries(answer.headers)),
    text: async () => new TextDecoder().decode(bytes),
    arrayBuffer: async () => bytes.buffer,
  }
}

function parsed(answer: HttpAnswer): unknown {
  const text = new TextDecoder().decode(answer.body)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function nothing(): void {
  // Octokit's own notices are not for users.
}
