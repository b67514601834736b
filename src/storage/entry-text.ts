// Entries, plans and evidence as the text that a journal keeps.
import { z } from 'zod'
import { SlipwayError } from '../model/error.ts'
import { canonicalJson, type Json } from '../model/json.ts'
import type { Entry, NewEntry } from '../model/entry.ts'
import type { Plan } from '../model/plan.ts'
import type { Evidence } from '../model/world.ts'

const text = z.string()
const count = z.int().min(1)
const way = z.enum(['apply', 'undo'])
const digest = text.startsWith('sha256:')
const place = z.strictObject({ file: text, line: z.int().optional(), column: z.int().optional() })
const problem = z.strictObject({ code: text, message: text, hint: text.optional(), place: place.optional(), detail: text.optional() })

const ENTRY = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), plan: digest, driver: text }),
  z.strictObject({ type: z.literal('begun'), step: text, way, attempt: count }),
  z.strictObject({ type: z.literal('settled'), step: text, way, how: z.enum(['did', 'found']), output: z.unknown().optional() }),
  z.strictObject({ type: z.literal('failed'), step: text, way, attempt: count, certain: z.boolean(), problem }),
  z.strictObject({ type: z.literal('stuck'), step: text, way, why: text }),
  z.strictObject({ type: z.literal('gate'), gate: text, plan: digest, verdict: z.enum(['approved', 'denied']), by: text }),
  z.strictObject({ type: z.literal('turned'), why: text }),
  z.strictObject({ type: z.literal('closed'), outcome: z.enum(['done', 'failed', 'rolled-back']) }),
])

const EVIDENCE = z.strictObject({ key: text, title: text, passed: z.boolean(), at: text, output: z.unknown() })
const PLAN = z.looseObject({ format: text, digest, stage: text, steps: z.array(z.unknown()) })

/** The JSON text of an entry. Throws a plain Error on what could not be read back: a journal must not hold it. */
export function entryText(entry: NewEntry): string {
  const written = JSON.stringify(entry)
  const found = ENTRY.safeParse(JSON.parse(written))
  if (!found.success) throw new Error(`This is not an entry of a journal: ${written}\n${z.prettifyError(found.error)}`)
  return written
}

/** The text of a plan, the same for equal plans. */
export function planText(plan: Plan): string {
  return canonicalJson(JSON.parse(JSON.stringify(plan)) as Json)
}

/** What a journal kept under a number, at a time. */
export interface Kept {
  readonly seq: number
  readonly at: string
  readonly entry: string
}

/** The kept entry. Throws SlipwayError `journal-invalid` on one that this program does not know; `where` names the journal and the run. */
export function parseEntry({ seq, at, entry }: Kept, where: string): Entry {
  return { ...parsed<NewEntry>(entry, ENTRY, `Entry ${seq} of ${where}`), seq, at }
}

/** The kept plan, of a known shape; whoever runs it parses it whole. Throws SlipwayError `journal-invalid`. */
export function parsePlan(kept: string, where: string): Plan {
  return parsed<Plan>(kept, PLAN, `The plan of ${where}`)
}

/** The kept evidence. Throws SlipwayError `journal-invalid`. */
export function parseEvidence(kept: string, where: string): Evidence {
  return parsed<Evidence>(kept, EVIDENCE, `Evidence in ${where}`)
}

/** What to do about a journal that cannot be read. */
export const WITHOUT_IT =
  'Move the file, and those beside it whose names begin with its name, to another place and run again: the release goes on without it, ' +
  'everything that can be read back is found by looking at the world.'

function parsed<T>(kept: string, schema: z.ZodType, what: string): T {
  const message = `${what} is not one that this Slipway can read.`
  const invalid = (detail: string) => new SlipwayError({ code: 'journal-invalid', message, hint: WITHOUT_IT, detail })
  let value: unknown
  try {
    value = JSON.parse(kept)
  } catch (error) {
    throw invalid(String(error))
  }
  const found = schema.safeParse(value)
  if (!found.success) throw invalid(z.prettifyError(found.error))
  return value as T
}
