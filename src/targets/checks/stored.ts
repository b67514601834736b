// Reads small files of the artifact store whole.
import { text } from 'node:stream/consumers'
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { Look } from '../../model/world.ts'

/** The file as text (UTF-8), read before anything is sent. Throws Refused `artifact-missing` or `artifact-changed`. */
export async function storedText(look: Pick<Look, 'artifacts'>, sha256: Digest): Promise<string> {
  try {
    return await text((await look.artifacts.body(sha256)).open())
  } catch (error) {
    throw error instanceof SlipwayError ? new Refused(...error.problems) : error
  }
}
