// The kind image.float: a moving tag (latest, 2, 2.1) goes to this release's image, and back to where it was.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { digest } from '../checks/digest.ts'
import { accessShape } from './access.ts'
import { EXAMPLE, exampleImage } from './examples.ts'
import { manifestOf, planned } from './manifest.ts'
import { getManifest, headManifest, putManifest } from './registry.ts'
import { openSession } from './session.ts'
import { TAG } from './settings.ts'
import { dropTag, moved } from './untag.ts'

const input = z.strictObject({
  ...accessShape,
  ...planned,
  tag: z.string().regex(TAG),
  /** What the tag names now and goes back to; null when there is no such tag yet. */
  was: digest.nullable(),
  /** Every tag that this release gives to the image, this one too. */
  tags: z.array(z.string()),
})

const output = z.strictObject({ tag: z.string(), digest, was: digest.nullable() })

/** Moves a tag. The manifests are put byte for byte both ways, so that platforms and all that refers to them stay as they are. */
export const imageFloat = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'image.float',
  input,
  output,
  settlesWithin: 2_000,
  reversal: {
    is: 'reversible',
    async undo(world, { tag, tags: siblings, digest: ours, was, mediaType: _, size: __, ...access }) {
      if (was === null) {
        await dropTag(world, access, { tag, ours, siblings })
        return
      }
      const session = openSession(world, access)
      const found = await headManifest(session, tag)
      if (found === was) return
      if (found !== ours) throw moved(access, { tag, found: found ?? 'gone', ours })
      const former = await getManifest(session, was)
      if (former === undefined) {
        throw new Refused({
          code: 'image-invalid',
          message: `${access.image} no longer holds ${was}, which ${tag} named before this release, so it cannot go back there.`,
          hint: `Decide what ${tag} is to name, and put it there: skopeo copy --all docker://${access.image}:VERSION docker://${access.image}:${tag}`,
        })
      }
      await putManifest(session, tag, { manifest: former, what: `the tag ${tag}` })
    },
  },
  examples: (ground) => {
    const { index } = exampleImage(ground)
    return [{ ...EXAMPLE, digest: index.sha256, mediaType: index.mediaType, size: index.size, tag: 'latest', was: ground.former, tags: [ground.version, 'latest'] }]
  },
  describe: ({ image, tag, digest: wanted, was }) => ({
    apply: `Move ${image}:${tag} from ${was ?? 'nothing'} to ${wanted}.`,
    undo: was === null ? `Delete the tag ${tag}, which did not exist before.` : `Move ${image}:${tag} back to ${was}.`,
    byHand: [`skopeo copy --all docker://${image}@${wanted} docker://${image}:${tag}`],
  }),
  async probe(look, { tag, tags: _, digest: wanted, was, mediaType: __, size: ___, ...access }) {
    const found = await headManifest(openSession(look, access), tag) ?? null
    if (found === wanted) return { state: 'present', output: { tag, digest: wanted, was } }
    if (found === was) return { state: 'absent' }
    return { state: 'conflict', found: `${access.image}:${tag} is ${found ?? 'gone'}; it was ${was ?? 'not there'} when the release was planned` }
  },
  async apply(world, { tag, tags: _, digest: wanted, was, mediaType, size, ...access }) {
    const session = openSession(world, access)
    const found = await headManifest(session, tag) ?? null
    if (found !== was && found !== wanted) {
      throw new Refused({
        code: 'tag-moved',
        message: `${access.image}:${tag} is ${found ?? 'gone'}, but it was ${was ?? 'not there'} when this release was planned.`,
        hint: 'Somebody else has moved it. Find out who, put it back or roll this release back.',
      })
    }
    await putManifest(session, tag, { manifest: await manifestOf(world, session, { digest: wanted, mediaType, size }), what: `the tag ${tag}` })
    return { tag, digest: wanted, was }
  },
})
