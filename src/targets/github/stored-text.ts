// Reads small files of the artifact store whole.
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { Look } from '../../model/world.ts'

/** The file as text (UTF-8), read before anything is sent. Throws Refused `artifact-missing` or `artifact-changed`. */
export async function storedText(look: Look, sha256: Digest): Promise<string> {
  try {
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of (await look.artifacts.body(sha256)).open()) text += decoder.decode(piece, { stream: true })
    return text + decoder.decode()
  } catch (error) {
    throw error instanceof SlipwayError ? new Refused(...error.problems) : error
  }
}

/** A text as parsed JSON, undefined when it is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
