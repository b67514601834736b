// A kept signature's way into the public log, once, and the file that proves both.
import { z } from 'zod'
import type { Look, World } from '../../model/world.ts'
import { evidenceKey, recordEvidence } from '../checks/evidence.ts'
import { digest } from '../checks/digest.ts'
import { bundleText } from './bundle.ts'
import { enter, findEntry, type LogEntry } from './rekor.ts'
import { keptSignature, makeSignature, type Kept, type Recipe } from './signature.ts'
import { askTimestamp, keptTimestamp, type Stamping } from './timestamp.ts'

/** A stored file as its step gives it on. */
export const stored = z.object({
  sha256: digest,
  /** Bytes. */
  size: z.int().nonnegative(),
})

/** The stored file about a signature that is in the log. */
export const logged = stored.extend({
  /** The id of the log entry. */
  entry: z.string(),
})

/** The stored file about a signature that is in the log. */
export type Logged = z.infer<typeof logged>

/**
 * Enters the signature that was kept, and stores what `write` makes of its bundle. An entry that is there already, because an answer was lost,
 * is found again and not made twice. A signature whose certificate has run out unlogged is made anew, and timestamped anew, each of which takes
 * an attempt.
 */
export async function logSignature(world: World, recipe: Recipe, write: (bundle: string) => string = (bundle) => bundle): Promise<Logged> {
  const kept = await livingSignature(world, recipe) ?? await signAnew(world, recipe)
  const timestamp = isStamping(recipe) ? await keptTimestamp(world, recipe, kept) ?? await stampAnew(world, recipe, kept) : undefined
  const entry: LogEntry = await findEntry(world, recipe.rekor, kept) ?? await enter(world, recipe.rekor, kept)
  const text = write(await bundleText(kept, { entry, timestamp }))
  const { sha256, size } = await world.scratch(async (scratch) => {
    await scratch.write('bundle.json', text)
    return scratch.keep('bundle.json')
  })
  const made = { sha256, size, entry: entry.uuid }
  await recordEvidence(world, { key: keyOf(recipe, kept.id), title: `log entry of the ${recipe.what}`, passed: true, output: made })
  return made
}

/** Makes a signature in the place of one that can no longer be logged, which is all that this attempt does. */
export async function signAnew(world: World, recipe: Recipe): Promise<never> {
  await makeSignature(world, recipe)
  throw new Error(`The certificate for the ${recipe.what} had run out before the signature was in the log. It is signed anew, and logged in the next attempt.`)
}

async function stampAnew(world: World, recipe: Stamping, kept: Kept): Promise<never> {
  await askTimestamp(world, recipe, kept)
  throw new Error(`The ${recipe.what} was signed anew. Its new signature has its timestamp now, and is logged in the next attempt.`)
}

/** The file that this place has made of a signature, as its record tells it. */
export async function madeBundle(look: Look, recipe: Recipe, { id }: Kept): Promise<Logged | undefined> {
  const found = await look.evidence.find(keyOf(recipe, id))
  return logged.safeParse(found?.output).data
}

/** The file about the signature that was kept, while the store has it. */
export async function storedBundle(look: Look, recipe: Recipe): Promise<Logged | undefined> {
  const kept = await keptSignature(look, recipe)
  const made = kept === undefined ? undefined : await madeBundle(look, recipe, kept)
  return made !== undefined && await look.artifacts.has(made.sha256) ? made : undefined
}

/** The signature that was kept and is worth something: one that was not logged and timestamped in time is not. */
export async function livingSignature(look: Look, recipe: Recipe): Promise<Kept | undefined> {
  const kept = await keptSignature(look, recipe)
  if (kept?.late !== true) return kept
  const whole = await findEntry(look, recipe.rekor, kept) !== undefined && (!isStamping(recipe) || await keptTimestamp(look, recipe, kept) !== undefined)
  return whole ? kept : undefined
}

function isStamping(recipe: Recipe): recipe is Stamping {
  return recipe.timestamps !== undefined
}

function keyOf({ by, rekor, sha256 }: Recipe, id: string): string {
  return evidenceKey(`${by}.log`, { rekor, sha256, id })
}
