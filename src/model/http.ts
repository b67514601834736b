// Readings of an HTTP answer.
import type { HttpAnswer } from './world.ts'

/** The body as text (UTF-8). */
export function bodyText(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body)
}

/** The body as parsed JSON, undefined when it is not JSON. */
export function bodyJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer)) as unknown
  } catch {
    return undefined
  }
}
