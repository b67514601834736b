// GitHub's refusals, in its words.
import { jsonReply } from '../service.ts'
import type { Reply } from '../service.ts'

/** One reason in a refusal of status 422. */
export interface Flaw {
  readonly resource: string
  readonly code: 'missing_field' | 'already_exists' | 'invalid' | 'custom' | 'unprocessable'
  readonly field?: string
  readonly message?: string
}

/** Thrown by a handler to answer with an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly errors: readonly (Flaw | string)[] | undefined

  constructor(status: number, message: string, errors?: readonly (Flaw | string)[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

/** 404, also for what the caller may not know of. */
export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

/** 422 with its reasons. */
export function invalid(...flaws: readonly Flaw[]): Refusal {
  return new Refusal(422, 'Validation Failed', flaws)
}

/** 501: a part of GitHub that the rehearsal has not got. Better than an answer that GitHub would not give. */
export function unsupported(what: string): Refusal {
  return new Refusal(501, `The rehearsal does not offer ${what}.`)
}

/** The answer to a refusal. `page` is the documentation of what was asked. */
export function refusalReply(refusal: Refusal, page: string): Reply {
  const body = {
    message: refusal.message,
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    documentation_url: `https://docs.github.com/${page}`,
    status: String(refusal.status),
  }
  return jsonReply(refusal.status, body)
}
