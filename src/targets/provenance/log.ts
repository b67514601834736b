// provenance.log: enters a signature in the public log, once, and keeps the bundle that proves both.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import type { Look, World } from '../../model/world.ts'
import { evidenceKey, recordEvidence } from '../checks/evidence.ts'
import { bundleText } from '../signing/bundle.ts'
import { enter, findEntry, type LogEntry } from '../signing/rekor.ts'
import { fileNames, groundSignings, signing, stored, type Signing } from './shape.ts'
import { keptSignature, makeSignature, type Kept } from './signature.ts'

const output = stored.extend({
  /** The id of the log entry. */
  entry: z.string(),
})

type Output = z.infer<typeof output>

/**
 * Enters the signature that `provenance.sign` has kept. An entry that is there already, because an answer was lost, is found again and not made
 * twice. A signature whose certificate has run out unlogged is made anew, which takes this attempt.
 */
export const provenanceLog = defineKind<Signing, Output>({
  kind: 'provenance.log',
  input: signing,
  output,
  reversal: { is: 'none', leaves: 'the entry in the public log, which stays for ever' },
  examples: (ground) => [...groundSignings(ground)],
  describe: ({ name, rekor }) => ({
    apply: `Enter the signed provenance of ${name} in the log of ${new URL(rekor).host}, and write ${fileNames.bundle(name)}.`,
    undo: 'Nothing to take back: an entry in the log stays for ever.',
    byHand: [`cosign attest-blob ${name} --type slsaprovenance1 --predicate provenance.json --bundle ${fileNames.bundle(name)}`],
  }),
  async probe(look, wanted) {
    const kept = await keptSignature(look, wanted)
    const made = kept === undefined ? undefined : await madeBundle(look, wanted, kept)
    return made !== undefined && await look.artifacts.has(made.sha256) ? { state: 'present', output: made } : { state: 'absent' }
  },
  async apply(world, wanted) {
    const kept = await keptSignature(world, wanted)
    const found = kept === undefined ? undefined : await findEntry(world, wanted.rekor, kept)
    if (kept === undefined || (found === undefined && kept.late)) {
      await makeSignature(world, wanted)
      throw new Error(`The certificate for ${wanted.name} had run out before the signature was in the log. It is signed anew, and logged in the next attempt.`)
    }
    return keepBundle(world, { wanted, kept }, found ?? await enter(world, wanted.rekor, kept))
  },
})

/** The bundle that this place has made of a signature, as its record tells it. */
export async function madeBundle(look: Look, wanted: Signing, { id }: Kept): Promise<Output | undefined> {
  const found = await look.evidence.find(keyOf(wanted, id))
  return output.safeParse(found?.output).data
}

async function keepBundle(world: World, { wanted, kept }: { readonly wanted: Signing; readonly kept: Kept }, entry: LogEntry): Promise<Output> {
  const text = await bundleText(kept, entry)
  const { sha256, size } = await world.scratch(async (scratch) => {
    await scratch.write('bundle.json', text)
    return scratch.keep('bundle.json')
  })
  const made = { sha256, size, entry: entry.uuid }
  await recordEvidence(world, { key: keyOf(wanted, kept.id), title: `log entry of the provenance of ${wanted.name}`, passed: true, output: made })
  return made
}

function keyOf({ rekor, sha256 }: Signing, id: string): string {
  return evidenceKey('provenance.log', { rekor, sha256, id })
}
