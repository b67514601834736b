// Turns whatever was thrown into a problem, and tells what it means for the run.
import { Refused, SlipwayError, type Problem } from '../model/error.ts'

/** What a thrown error means: nothing changed (refused), it will not get better by itself (broken), or nobody knows (doubt). */
export type Meaning = 'refused' | 'broken' | 'doubt'

/** Reads an error. Anything but a SlipwayError leaves the outcome in doubt. */
export function readError(error: unknown): { readonly meaning: Meaning; readonly problem: Problem } {
  if (error instanceof Refused) return { meaning: 'refused', problem: error.problems[0] }
  if (error instanceof SlipwayError) return { meaning: 'broken', problem: error.problems[0] }
  const message = error instanceof Error ? error.message : String(error)
  return { meaning: 'doubt', problem: { code: 'in-doubt', message } }
}
