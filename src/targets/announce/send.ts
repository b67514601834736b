// One request to a channel, and what its answer means: done, certainly refused with a remedy, or in doubt.
import { Refused, Unsent, type Problem } from '../../model/error.ts'
import { bodyText } from '../../model/http.ts'
import type { HttpAnswer, HttpRequest, Look } from '../../model/world.ts'

/** Who is asked, and what an answer that is not a success means there. */
export interface Addressee {
  /** As sentences name it: `Discord`. */
  readonly service: string
  /** The secret that opens it. */
  readonly secret: string
  /** What a person does about credentials that are refused. */
  readonly renew: string
  /** True where nobody can see afterwards what became of a request: then what certainly was not sent is a refusal, so that nobody has to be asked. */
  readonly blind?: true
  /** Statuses that say that the credentials open nothing, beside 401. */
  readonly closed?: readonly number[]
}

/** Sends one request. Throws Refused when the answer says for certain that nothing was done, a plain Error otherwise. */
export async function ask(look: Pick<Look, 'http'>, request: HttpRequest, to: Addressee): Promise<HttpAnswer> {
  let answer: HttpAnswer
  try {
    answer = await look.http(request)
  } catch (error) {
    if (!(error instanceof Unsent) || to.blind !== true) throw error
    throw new Refused({ code: 'remote-unreachable', message: `${to.service} was not reached, so nothing was sent: ${error.message}.`, hint: 'Check the connection and run the same command again.' })
  }
  if (answer.status < 300) return answer
  throw troubleWith(answer, to)
}

/** The error for an answer that is no success. */
export function troubleWith(answer: HttpAnswer, { service, secret, renew, blind, closed = [] }: Addressee): Error {
  const { status } = answer
  const said = wordsOf(answer)
  const refused = (problem: Omit<Problem, 'detail'>): Refused => new Refused({ ...problem, detail: `${service}, status ${status}${said === '' ? '' : `: ${said}`}` })
  if (status === 401 || closed.includes(status)) return refused({ code: 'token-refused', message: `${service} does not accept what ${secret} holds.`, hint: renew })
  if (status === 403) return refused({ code: 'right-missing', message: `What ${secret} holds may not post on ${service}.`, hint: renew })
  if (status === 429 && blind === true) return refused({ code: 'request-refused', message: `${service} asks to wait before anything more is sent${waitIn(answer)}.`, hint: 'Nothing was sent. Run the same command again later.' })
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return refused({ code: 'request-refused', message: `${service} refused the message${said === '' ? '' : `: ${said}`}`, hint: 'Put right what it names, then run the same command again.' })
  return new Error(`${service} answered with status ${status}${said === '' ? '' : `: ${said}`}`)
}

function waitIn({ headers }: HttpAnswer): string {
  const after = headers['retry-after']
  return after === undefined ? '' : ` (${after} seconds)`
}

/** What a service says, on one short line. */
function wordsOf(answer: HttpAnswer): string {
  return bodyText(answer).replace(/<[^>]*>/g, ' ').replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, 200)
}
