// Readings of an HTTP answer.
import { parseJson } from './json.ts'
import type { HttpAnswer } from './world.ts'

/** True for a status that says for certain that nothing was done: 4xx, but for those that ask to try again (408, 429). */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

/** The body as text (UTF-8). */
export function bodyText(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body)
}

/** The body as parsed JSON, undefined when it is not JSON. */
export function bodyJson(answer: HttpAnswer): unknown {
  return parseJson(bodyText(answer))
}
