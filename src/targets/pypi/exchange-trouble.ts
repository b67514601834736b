// What an index's refusal to give an upload token means, code by code, and what to do about it (warehouse:warehouse/oidc/views.py).
import { z } from 'zod'
import { Refused, type ErrorCode } from '../../model/error.ts'
import { bodyJson, isRefusal } from '../../model/http.ts'
import { normalName } from '../../model/python-name.ts'
import type { HttpAnswer } from '../../model/world.ts'
import type { Claims } from '../signing/claims.ts'
import { serverWords } from './words.ts'

/** What was asked for, and by whom. */
export interface Exchange {
  readonly index: string
  readonly project: string
  /** The identity token that was shown, which is not to be told. */
  readonly token: string
  /** What it says of the job. */
  readonly claims: Claims
  /** True where another attempt shows another token. */
  readonly again: boolean
}

interface Reading {
  readonly code: ErrorCode
  readonly means: (what: Exchange) => string
  readonly hint: (what: Exchange) => string
}

const READINGS: Readonly<Record<string, Reading>> = {
  'invalid-publisher': {
    code: 'publisher-unknown',
    means: ({ project, claims }) => `it knows no trusted publisher of ${project} that is this job (${jobOf(claims)})`,
    hint: (what) => `Register one with exactly these values: for a project that is there at ${publishingPage(what)}, for a new one as a pending publisher at ${pendingPage(what)}. The workflow is the file that the job is written in, and an environment counts only if it is registered.`,
  },
  'invalid-pending-publisher': {
    code: 'publisher-unknown',
    means: () => 'the pending publisher of this job is for a project that somebody has made in the meantime',
    hint: (what) => `If ${what.project} is yours, register the publisher at ${publishingPage(what)}; if it is not, the name is taken and the package needs another one.`,
  },
  'invalid-reuse-token': {
    code: 'token-refused',
    means: () => 'the identity token was shown to it before, and it takes each once',
    hint: () => 'Run the job again, which then gets a new one.',
  },
  'invalid-token': {
    code: 'token-refused',
    means: () => 'the identity token is malformed, has ended, or is for somebody else',
    hint: ({ index }) => `Run the job again. A token that you got yourself must be for the audience that ${index}/_/oidc/audience names.`,
  },
  'invalid-payload': {
    code: 'token-refused',
    means: () => 'it cannot read the identity token, or does not know its issuer',
    hint: () => 'An index gives upload tokens to jobs of GitHub Actions, GitLab.com, Google Cloud and ActiveState. Elsewhere set "auth: token" under "pypi" in slipway.yaml.',
  },
  'not-enabled': {
    code: 'request-refused',
    means: () => 'trusted publishing is switched off there at the moment',
    hint: () => 'Look at https://status.python.org and run the release again later, or set "auth: token" under "pypi" in slipway.yaml.',
  },
}

const errorsAnswer = z.object({ errors: z.array(z.object({ code: z.string(), description: z.string().default('') })).min(1) })

/** The error that an answer of mint-token other than 200 amounts to: a Refused for what stays so, a plain Error for what may pass. */
export function exchangeTrouble(answer: HttpAnswer, what: Exchange): Error {
  const { host } = new URL(what.index)
  const [first] = errorsAnswer.safeParse(bodyJson(answer)).data?.errors ?? []
  const words = serverWords(answer, [what.token])
  if (first === undefined) {
    if (!isRefusal(answer.status)) return new Error(`${host} gave no upload token (${answer.status}): ${words}`)
    return new Refused({ code: 'request-refused', message: `${host} refused to give an upload token (${answer.status}): ${words}`, hint: 'See what it says; if it does no trusted publishing, set "auth: token" under "pypi" in slipway.yaml.' })
  }
  const reading = READINGS[first.code]
  const message = `${host} gave no upload token (${answer.status} ${first.code}): ${reading?.means(what) ?? 'it does not say what it misses'}.`
  // A job that was cut off after it had shown its token has another one for the next attempt.
  if (first.code === 'invalid-reuse-token' && what.again) return new Error(message)
  return new Refused({ code: reading?.code ?? 'request-refused', message, hint: reading?.hint(what) ?? 'See what it says, and look at the publishers of the project.', detail: first.description.replaceAll(what.token, '***').slice(0, 500) })
}

/** Where the publishers of a project are kept. */
export function publishingPage({ index, project }: Pick<Exchange, 'index' | 'project'>): string {
  return `${index}/manage/project/${normalName(project)}/settings/publishing/`
}

/** Where a publisher is registered for a project that is not there yet. */
export function pendingPage({ index }: Pick<Exchange, 'index'>): string {
  return `${index}/manage/account/publishing/`
}

/** The values of a job that a publisher is registered with, by the names of the form's fields. */
export function jobOf({ repository, job_workflow_ref: workflow, environment }: Claims): string {
  const [owner, name] = repository?.split('/') ?? []
  const file = workflow?.split('@')[0]?.split('/').at(-1)
  const told = [['owner', owner], ['repository', name], ['workflow', file], ['environment', environment ?? 'none']].flatMap(([field, value]) => value === undefined ? [] : [`${field} ${value}`])
  return repository === undefined ? 'whose token names no repository' : told.join(', ')
}
