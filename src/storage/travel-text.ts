// Pure: what of a journal travels to other machines, as lines of JSON. It says which attempts were begun, and nothing that a probe could say better.
import { z } from 'zod'
import type { NewEntry } from '../model/entry.ts'
import type { Digest } from '../model/plan.ts'

/** The format that this program writes and the only one it reads. */
const TRAVEL_FORMAT = 'slipway.journal/1'

/** Characters of a text that is still read: a hostile one must not fill the memory. */
const LARGEST = 8_000_000

const name = z.string().min(1).max(500).regex(/^[^\p{Cc}]*$/u)
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const way = z.enum(['apply', 'undo'])
const head = z.strictObject({ format: z.literal(TRAVEL_FORMAT) })
const line = z.strictObject({
  run: name,
  plan: digest,
  entry: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('begun'), step: name, way, attempt: z.int().min(1).max(1_000_000) }),
    z.strictObject({ type: z.literal('turned') }),
    z.strictObject({ type: z.literal('closed'), outcome: z.enum(['done', 'failed', 'rolled-back']) }),
  ]),
})

/** One line: what was written of one run of one plan. */
export type TravelLine = Readonly<z.infer<typeof line>> & { readonly plan: Digest }

/** The part of an entry that travels; undefined for one that stays. Words of people, tools and servers stay, and so does every approval. */
export function travels(entry: NewEntry): TravelLine['entry'] | undefined {
  switch (entry.type) {
    case 'begun': return { type: 'begun', step: entry.step, way: entry.way, attempt: entry.attempt }
    case 'turned': return { type: 'turned' }
    case 'closed': return { type: 'closed', outcome: entry.outcome }
    case 'opened': case 'settled': case 'failed': case 'stuck': case 'gate': return undefined
  }
}

/** The lines as text, the format first. */
export function travelText(lines: readonly TravelLine[]): string {
  return `${[{ format: TRAVEL_FORMAT }, ...lines].map((each) => JSON.stringify(each)).join('\n')}\n`
}

/** Reads such a text; undefined when anything in it is not of this format. */
export function parseTravel(text: string): readonly TravelLine[] | undefined {
  if (text.length > LARGEST) return undefined
  try {
    const [first, ...rest] = text.trimEnd().split('\n').map((each) => JSON.parse(each) as unknown)
    head.parse(first)
    return z.array(line).parse(rest) as readonly TravelLine[]
  } catch {
    return undefined
  }
}

/**
 * What two machines know, together: every line of either once, in the order of the first. Lines only ever say that something was begun, so
 * knowing more is never wrong, whichever of the two came first.
 */
export function joined(one: readonly TravelLine[], other: readonly TravelLine[]): readonly TravelLine[] {
  const known = new Map([...one, ...other].map((each) => [JSON.stringify([each.run, each.plan, ...Object.entries(each.entry).toSorted().flat()]), each]))
  return [...known.values()]
}
