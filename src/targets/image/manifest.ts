// The kind image.manifest: one manifest or index in the registry, under its digest alone; no tag changes.
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import type { Digest } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { accessShape } from './access.ts'
import { bytesOf } from './blobs.ts'
import { EXAMPLE, exampleImage } from './examples.ts'
import { getManifest, headManifest, putManifest, type Manifest } from './registry.ts'
import { openSession, type Session } from './session.ts'

/** A manifest of the plan: its bytes are in the artifact store. */
export const planned = { digest, mediaType: z.string(), size: z.int().nonnegative() }

const input = z.strictObject({ ...accessShape, ...planned, /** For people: `linux/amd64`, `the index`. */ what: z.string() })

const output = z.strictObject({ digest, reference: z.string() })

/** Puts a manifest under its digest, byte for byte; all that it names must be there. */
export const imageManifest = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'image.manifest',
  input,
  output,
  settlesWithin: 2_000,
  reversal: { is: 'none', leaves: 'The manifest stays in the registry, to be found by its digest alone.' },
  examples: (ground) => exampleImage(ground).manifests.map(({ sha256, mediaType, size }) => ({ ...EXAMPLE, digest: sha256, mediaType, size, what: 'linux/amd64' })),
  describe: ({ image, digest: wanted, what }) => ({
    apply: `Put the manifest of ${what} (${wanted}) into ${image}; no tag names it yet.`,
    undo: 'Nothing to take back: no tag names it.',
    byHand: [`skopeo copy --all oci:LAYOUT docker://${image}@${wanted}`],
  }),
  async probe(look, { digest: wanted, mediaType: _, size: __, what: ___, ...access }) {
    const found = await headManifest(openSession(look, access), wanted)
    return found === undefined ? { state: 'absent' } : { state: 'present', output: outputOf(access.image, wanted) }
  },
  async apply(world, { digest: wanted, mediaType, size, what, ...access }) {
    const manifest = await storedManifest(world, { digest: wanted, mediaType, size })
    await putManifest(openSession(world, access), wanted, { manifest, what: `the manifest of ${what}` })
    return outputOf(access.image, wanted)
  },
})

interface Planned {
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
}

/** A manifest that a tag is to name, with its bytes: as it was built here, else as the registry has it by its digest, where a workflow built it. */
export async function manifestOf(world: Pick<World, 'artifacts'>, session: Session, wanted: Planned): Promise<Manifest> {
  const there = await world.artifacts.has(wanted.digest) ? undefined : await getManifest(session, wanted.digest)
  return there ?? storedManifest(world, wanted)
}

/** A manifest of the plan with its bytes. Throws Refused `artifact-missing` or `artifact-changed`. */
async function storedManifest(world: Pick<World, 'artifacts'>, { digest: wanted, mediaType, size }: Planned): Promise<Manifest> {
  const bytes = await buffer((await bytesOf(world, wanted, size)).open())
  return { digest: wanted, mediaType, bytes }
}

function outputOf(image: string, wanted: Digest): z.infer<typeof output> {
  return { digest: wanted, reference: `${image}@${wanted}` }
}
