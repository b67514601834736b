// The kind image.blobs: layers and configs of the image in the registry, where nobody sees them before a manifest names them.
import { z } from 'zod'
import { Refused, SlipwayError } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Digest } from '../../model/plan.ts'
import type { Body, World } from '../../model/world.ts'
import { inParallel } from '../checks/in-parallel.ts'
import { digest } from '../checks/digest.ts'
import { accessShape } from './access.ts'
import { EXAMPLE, exampleFiles } from './examples.ts'
import { hasBlob } from './registry.ts'
import { openSession } from './session.ts'
import { sendBlob } from './upload.ts'

const input = z.strictObject({
  ...accessShape,
  blobs: z.array(z.strictObject({ digest, size: z.int().nonnegative() })).min(1),
  /** Repositories of the same registry whose layers may be mounted. */
  mountFrom: z.array(z.string()),
})

const output = z.strictObject({ blobs: z.int(), bytes: z.int() })

/** Requests of one step at a time; the world has a limit of its own for each host. */
const AT_ONCE = 4

/** Sends every blob of an image. Blobs are named by their content, so an attempt may be repeated at any time. */
export const imageBlobs = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'image.blobs',
  input,
  output,
  reversal: { is: 'none', leaves: 'The layers stay in the registry until it clears away what no manifest names.' },
  examples: (ground) => [{ ...EXAMPLE, blobs: exampleFiles(ground).map(({ sha256, size }) => ({ digest: sha256, size })), mountFrom: [] }],
  describe: ({ image, blobs }) => ({
    apply: `Send ${blobs.length} ${blobs.length === 1 ? 'blob' : 'blobs'} (${blobs.reduce((sum, { size }) => sum + size, 0)} bytes) to ${image}, as far as it does not have them.`,
    undo: 'Nothing to take back: nobody sees a blob that no manifest names.',
    byHand: [`skopeo copy --all oci:LAYOUT docker://${image}:TAG`],
  }),
  async probe(look, { blobs, mountFrom: _, ...access }) {
    const session = openSession(look, access)
    const found = await inParallel(blobs, AT_ONCE, ({ digest: wanted }) => hasBlob(session, wanted))
    return found.every(Boolean) ? { state: 'present', output: outputOf(blobs) } : { state: 'absent' }
  },
  async apply(world, { blobs, mountFrom, ...access }, once) {
    const session = openSession(world, access)
    const total = blobs.reduce((sum, { size }) => sum + size, 0)
    const sent = new Map<Digest, number>()
    const tell = (wanted: Digest, done: number): void => {
      sent.set(wanted, done)
      once.progress([...sent.values()].reduce((sum, each) => sum + each, 0), total)
    }
    await inParallel(blobs, AT_ONCE, async ({ digest: wanted, size }) => {
      const body = await bytesOf(world, wanted, size)
      await sendBlob(session, { digest: wanted, body }, { mountFrom, signal: once.signal, progress: (done) => { tell(wanted, done) } })
      tell(wanted, size)
    })
    return outputOf(blobs)
  },
})

/** An artifact's bytes, found to be as many as the plan says. Throws Refused `artifact-missing` or `artifact-changed`: nothing was sent yet. */
export async function bytesOf(world: Pick<World, 'artifacts'>, sha256: Digest, size: number): Promise<Body> {
  try {
    const body = await world.artifacts.body(sha256)
    if (body.length === size) return body
  } catch (error) {
    if (error instanceof SlipwayError) throw new Refused(...error.problems)
    throw error
  }
  throw new Refused({ code: 'artifact-changed', message: `The blob ${sha256} in the artifact store has not the ${size} bytes that the plan names.`, hint: 'Build again and make a new plan.' })
}

function outputOf(blobs: z.infer<typeof input>['blobs']): z.infer<typeof output> {
  return { blobs: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) }
}
