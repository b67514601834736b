// The kind image.attach: an SBOM or a signed statement in the registry, as a manifest that refers to the image.
import { z } from 'zod'
import { defineKind, type Ground } from '../../model/kind.ts'
import { digest } from '../checks/digest.ts'
import { accessShape } from './access.ts'
import { descriptor } from './artifact.ts'
import { bytesOf } from './blobs.ts'
import { EXAMPLE, exampleImage } from './examples.ts'
import { EMPTY, referrerManifest, type Attachment } from './referrer.ts'
import { headManifest, putManifest } from './registry.ts'
import { openSession } from './session.ts'
import { sendBlob } from './upload.ts'

/** What is attached to what. The digest and size of a file that the run makes come from the step that made it. */
export const attachment = z.strictObject({
  subject: descriptor,
  file: z.strictObject({ name: z.string(), mediaType: z.string(), sha256: digest, size: z.int().nonnegative() }),
  created: z.string(),
})

const input = z.strictObject({ ...accessShape, ...attachment.shape })

const output = z.strictObject({ digest, reference: z.string() })

/** Attaches a file to the image. No tag changes, and the image's own digest stays as it is. */
export const imageAttach = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'image.attach',
  input,
  output,
  settlesWithin: 2_000,
  reversal: { is: 'none', leaves: 'What is attached to the image stays with it, to be found by the image\'s digest.' },
  examples: (ground) => exampleAttachments(ground).map((each) => ({ ...EXAMPLE, ...each })),
  describe: ({ image, subject, file }) => ({
    apply: `Attach ${file.name} to ${image}@${subject.digest}.`,
    undo: 'Nothing to take back: it says what is in the image, which stays true.',
    byHand: [`oras attach --artifact-type ${file.mediaType} ${image}@${subject.digest} ${file.name}:${file.mediaType}`],
  }),
  async probe(look, { subject, file, created, ...access }) {
    const wanted = referrerManifest({ subject, file, created }).digest
    return await headManifest(openSession(look, access), wanted) === undefined ? { state: 'absent' } : { state: 'present', output: outputOf(access.image, wanted) }
  },
  async apply(world, { subject, file, created, ...access }, once) {
    const session = openSession(world, access)
    const body = await bytesOf(world, file.sha256, file.size)
    await sendBlob(session, { digest: EMPTY.digest, body: { length: EMPTY.size, open: () => one(EMPTY.bytes) } })
    await sendBlob(session, { digest: file.sha256, body }, { signal: once.signal, progress: (done) => { once.progress(done, file.size) } })
    const manifest = referrerManifest({ subject, file, created })
    await putManifest(session, manifest.digest, { manifest, what: file.name })
    return outputOf(access.image, manifest.digest)
  },
})

/** One attachment of each of the ground's files that is no image. */
export function exampleAttachments(ground: Ground): Attachment[] {
  const { index } = exampleImage(ground)
  const file = ground.artifacts.find(({ internal }) => internal !== true)
  if (file === undefined) throw new Error('The ground of the examples holds nothing to attach.')
  const { name, mediaType, sha256, size } = file
  return [{ subject: { digest: index.sha256, mediaType: index.mediaType, size: index.size }, file: { name, mediaType, sha256, size }, created: ground.release.date }]
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function outputOf(image: string, wanted: z.infer<typeof digest>): z.infer<typeof output> {
  return { digest: wanted, reference: `${image}@${wanted}` }
}
