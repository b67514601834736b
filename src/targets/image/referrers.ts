// The kind image.referrers: what is attached to an image can be found by its digest, by the registry's own list or by a tag that stands in for it.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { accessShape, type Access } from './access.ts'
import { attachment, exampleAttachments } from './attach.ts'
import { EXAMPLE } from './examples.ts'
import { fallbackIndex, referrerDescriptor } from './referrer.ts'
import { fallbackTag, putManifest, referrersOf } from './registry.ts'
import { openSession } from './session.ts'

const input = z.strictObject({ ...accessShape, attachments: z.array(attachment).min(1) })

const output = z.strictObject({ listed: z.int() })

type Input = z.infer<typeof input>

/** Lists what is attached to one image. Registries with the referrers API do so themselves; for others a tag named after the digest is kept. */
export const imageReferrers = defineKind<Input, z.infer<typeof output>>({
  kind: 'image.referrers',
  input,
  output,
  settlesWithin: 2_000,
  reversal: { is: 'none', leaves: 'The list of what is attached stays with the image.' },
  examples: (ground) => [{ ...EXAMPLE, attachments: exampleAttachments(ground) }],
  describe: ({ image, attachments }) => ({
    apply: `See that ${image} lists what is attached to ${subjectOf(attachments).digest}; where the registry does not, keep the tag ${fallbackTag(subjectOf(attachments).digest)} for it.`,
    undo: 'Nothing to take back: the list belongs to the image\'s digest.',
    byHand: [`oras discover ${image}@${subjectOf(attachments).digest}`],
  }),
  async probe(look, { attachments, ...access }) {
    const { by, missing } = await compare(look, access, attachments)
    if (missing.length === 0) return { state: 'present', output: { listed: attachments.length } }
    return by === 'api' ? { state: 'unknown', why: `the registry does not list ${missing.length} of what is attached yet`, blind: false } : { state: 'absent' }
  },
  async apply(world, { attachments, ...access }) {
    const { by, missing, listed } = await compare(world, access, attachments)
    if (missing.length > 0 && by === 'api') throw new Error('the registry lists referrers itself, and does not show all of them yet')
    if (missing.length > 0) {
      const subject = subjectOf(attachments).digest
      await putManifest(openSession(world, access), fallbackTag(subject), { manifest: fallbackIndex(listed, missing), what: `the list of what is attached to ${subject}` })
    }
    return { listed: attachments.length }
  },
})

async function compare(look: Look, access: Access, attachments: Input['attachments']) {
  const found = await referrersOf(openSession(look, access), subjectOf(attachments).digest)
  const missing = attachments.map(referrerDescriptor).filter(({ digest }) => !found.listed.some((listed) => listed.digest === digest))
  return { ...found, missing }
}

function subjectOf(attachments: Input['attachments']): Input['attachments'][number]['subject'] {
  const [first] = attachments
  if (first === undefined) throw new Error('a list of attachments has at least one')
  return first.subject
}
