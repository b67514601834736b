// Evidence: the key under which a proof is kept, the lines that show it, and the look whether it is there already.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, type Json } from '../../model/json.ts'
import type { Probe, Schema } from '../../model/kind.ts'
import type { Look, World } from '../../model/world.ts'

/** One line of a release's evidence, as the pull request shows it. `passed` is false, too, for what could not be tried; `detail` then says so. */
export const evidenceLine = z.strictObject({ title: z.string(), passed: z.boolean(), detail: z.string() })

/** One line of a release's evidence. */
export type EvidenceLine = z.infer<typeof evidenceLine>

/** The key of what a kind proves by a recipe on digests, all of which stand in `recipe`. */
export function evidenceKey(kind: string, recipe: Json): string {
  return `sha256:${createHash('sha256').update(canonicalJson([kind, recipe])).digest('hex')}`
}

/** Present when the proof under this key passed and can still be read; a failed one is tried again. */
export async function probeEvidence<Out>(look: Look, key: string, output: Schema<Out>): Promise<Probe<Out>> {
  const found = await look.evidence.find(key)
  if (found === undefined || !found.passed) return { state: 'absent' }
  try {
    return { state: 'present', output: output.parse(found.output) }
  } catch {
    return { state: 'absent' }
  }
}

/** Keeps a proof, passed or not, with the output that its kind returns. */
export async function recordEvidence(world: World, proof: { key: string; title: string; passed: boolean; output: Json }): Promise<void> {
  await world.evidence.record({ ...proof, at: world.now().toISOString() })
}
