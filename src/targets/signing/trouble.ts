// What a refusal of one of Sigstore's services means: 4xx is certain, all else leaves doubt.
import { Refused } from '../../model/error.ts'
import { bodyJson, bodyText, isRefusal } from '../../model/http.ts'
import type { HttpAnswer } from '../../model/world.ts'

/** What was asked of whom. */
export interface Asked {
  /** The host. */
  readonly of: string
  /** What it was to do, after "refused to". */
  readonly to: string
  /** What must not be told, if the service repeats what it was sent. */
  readonly hide?: string
  /** What to do about a refusal, of the identity where one is shown. */
  readonly remedy?: string
  /** What it means that there was no proper answer, and what to do, as the end of a sentence. */
  readonly later?: string
}

/** Characters of a service's words that are shown. */
const LONGEST = 300

/** The error that an answer other than a success amounts to: Refused `token-refused` or `request-refused`, or a plain Error. */
export function troubleOf(answer: HttpAnswer, { of, to, hide, remedy, later }: Asked): Error {
  const { status } = answer
  const said = wordsOf(answer)
  const words = (hide === undefined ? said : said.replaceAll(hide, '***')).slice(0, LONGEST)
  const detail = words === '' ? {} : { detail: words }
  if (!isRefusal(status)) return new Error(`${of} did not ${to} (${status})${later === undefined ? '' : `; ${later}`}.`)
  if (status === 401 || status === 403 || /identity token|credentials/i.test(words)) {
    return new Refused({
      code: 'token-refused',
      message: `${of} refused to ${to} (${status}).`,
      hint: remedy ?? 'Give the job a living identity: in GitHub Actions the permission "id-token: write", elsewhere a fresh token in SIGSTORE_ID_TOKEN.',
      ...detail,
    })
  }
  return new Refused({ code: 'request-refused', message: `${of} refused to ${to} (${status}).`, hint: remedy ?? 'See what it says, and look at the addresses under "provenance" in slipway.yaml.', ...detail })
}

/** An error that says no more than that the outcome is not known, whatever was thrown. */
export function doubted(error: unknown): never {
  throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
}

function wordsOf(answer: HttpAnswer): string {
  const body = bodyJson(answer)
  const words = typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string' ? body.message : bodyText(answer)
  return words.trim()
}
