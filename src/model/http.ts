// Readings of an HTTP answer.
import { parseJson } from './json.ts'
import type { HttpAnswer } from './world.ts'

/** The body as text (UTF-8). */
export function bodyText(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body)
}

/** The body as parsed JSON, undefined when it is not JSON. */
export function bodyJson(answer: HttpAnswer): unknown {
  return parseJson(bodyText(answer))
}
