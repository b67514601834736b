// Pure: what an answer of GitHub that is not a success means: a certain refusal with a remedy, or doubt.
import { z } from 'zod'
import { Refused, type Problem } from '../../model/error.ts'
import type { Access } from './shape.ts'

/** What was asked of GitHub, in words: after "GitHub refused to". A read names a right where reading the repository is not enough. */
export type Deed = ({ readonly reads: true; readonly right?: string } | { readonly reads: false; readonly right: string }) & {
  readonly to: string
  /** A sentence for who cannot give the right. */
  readonly instead?: string
}

/** An answer as far as it tells what went wrong. Header names are in lower case. */
export interface BadAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** GitHub asks to wait: nothing was done, and asking again at once makes it worse. */
export class RateLimited extends Error {}

/** True for an error that is about GitHub's rate limit, or was made of one. */
export function isRateLimit(error: unknown): boolean {
  return error instanceof RateLimited || (error instanceof Error && error.cause !== undefined && isRateLimit(error.cause))
}

/** The error for an answer: Refused when GitHub says so, RateLimited when it asks to wait, a plain Error when it is in trouble itself. */
export function trouble(answer: BadAnswer, access: Access, deed: Deed): Error {
  const { status } = answer
  const words = errorWords(answer.body)
  const said = words === '' ? `status ${status}` : words
  const wait = askedToWait(answer, words)
  if (wait !== undefined) return new RateLimited(`GitHub's rate limit is reached${wait}: ${said}`)
  if (status >= 500 || status === 408) return new Error(`GitHub answered with status ${status}: ${said}`)
  const refused = (problem: Omit<Problem, 'detail'>): Refused => new Refused({ ...problem, detail: `GitHub, status ${status}: ${said}` })
  if (status === 401) {
    return refused({ code: 'token-refused', message: `GitHub does not accept the token in ${access.token.$secret}.`, hint: 'It may have expired: make a new one and set the secret again.' })
  }
  if (status === 403 || status === 404) {
    const right = deed.right === undefined ? 'read access to the repository' : `the right «${deed.right}»`
    const instead = deed.instead === undefined ? '' : ` ${deed.instead}`
    return refused({
      code: 'right-missing',
      message: `The token in ${access.token.$secret} may not ${deed.reads ? 'read' : deed.to + ' in'} ${access.repository}.`,
      hint: `Give it ${right} for ${access.repository}, or check that \`github.repository\` is right.${instead}`,
    })
  }
  if (status < 400) {
    return refused({ code: 'request-refused', message: `The repository ${access.repository} has moved.`, hint: 'Set `github.repository` in slipway.yaml to its new name.' })
  }
  return refused({ code: 'request-refused', message: `GitHub refused to ${deed.to}: ${said}`, hint: 'Put right what GitHub names, then run the same command again.' })
}

const errorShape = z.object({ message: z.string().catch(''), errors: z.array(z.unknown()).catch([]) })

const entryShape = z.object({ message: z.string().optional(), resource: z.string().optional(), field: z.string().optional(), code: z.string().optional() })

/** GitHub's own words: the message, and each of its errors. */
export function errorWords(body: unknown): string {
  const parsed = errorShape.safeParse(body)
  if (!parsed.success) return typeof body === 'string' ? body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 300) : ''
  const { message, errors } = parsed.data
  const more = errors.map((error) => {
    if (typeof error === 'string') return error
    const { message, resource, field, code } = entryShape.catch({}).parse(error)
    return message ?? [resource, field, code].filter((part) => part !== undefined).join(' ')
  })
  return [message, ...more].filter((part) => part !== '').join(': ')
}

/** How long GitHub asks to wait, in words; undefined when it does not. Of an answer without a header for it only the words tell a secondary limit from a missing right. */
function askedToWait({ status, headers }: BadAnswer, words: string): string | undefined {
  if (status !== 403 && status !== 429) return undefined
  const after = headers['retry-after']
  if (typeof after === 'string') return `; it asks to wait ${after} seconds`
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = Number(headers['x-ratelimit-reset'])
    return Number.isFinite(reset) && reset > 0 ? ` until ${new Date(reset * 1000).toISOString()}` : ''
  }
  return status === 429 || /rate limit|abuse detection/i.test(words) ? '' : undefined
}
