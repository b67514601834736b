// The version tag, which never moves: image.tag where the registry deletes tags, image.fixed-tag where only a person can.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Ground, type Probe } from '../../model/kind.ts'
import type { Look, World } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { accessShape, type Access } from './access.ts'
import { deletion } from './deletion.ts'
import { EXAMPLE, exampleImage } from './examples.ts'
import { manifestOf, planned } from './manifest.ts'
import { headManifest, putManifest } from './registry.ts'
import { openSession } from './session.ts'
import { TAG } from './settings.ts'
import { dropTag } from './untag.ts'

const input = z.strictObject({
  ...accessShape,
  ...planned,
  tag: z.string().regex(TAG),
  /** Every tag that this release gives to the image, this one too. */
  tags: z.array(z.string()),
})

const output = z.strictObject({ tag: z.string(), digest })

type TagInput = z.infer<typeof input>
type TagOutput = z.infer<typeof output>

/** Names the image by its version, in a registry that lets tags be deleted again. */
export const imageTag = defineKind<TagInput, TagOutput>({
  kind: 'image.tag',
  input,
  output,
  settlesWithin: 2_000,
  reversal: {
    is: 'reversible',
    async undo(world, { tag, tags: siblings, digest: ours, mediaType: _, size: __, ...access }) {
      await dropTag(world, access, { tag, ours, siblings })
    },
  },
  examples: (ground) => exampleTags(ground, 'registry.example.org/acme/ground'),
  describe: ({ image, tag, digest: wanted }) => ({
    apply: `Tag ${image} ${wanted} as ${tag}; a tag that is there already is never moved.`,
    undo: `Delete the tag ${tag} if it still names this image.`,
    byHand: [`skopeo copy --all docker://${image}@${wanted} docker://${image}:${tag}`],
  }),
  probe: probeTag,
  apply: applyTag,
})

/** Names the image by its version, in a registry that deletes nothing by its own API (GHCR, Docker Hub). */
export const imageFixedTag = defineKind<TagInput, TagOutput>({
  kind: 'image.fixed-tag',
  input,
  output,
  settlesWithin: 2_000,
  reversal: { is: 'by-hand', lag: deletion.lag, leaves: deletion.leaves, instructions: ({ image, tag, digest: ours }) => deletion.instructions({ image, tag, digest: ours }) },
  examples: (ground) => exampleTags(ground, EXAMPLE.image),
  describe: ({ image, tag, digest: wanted }) => ({
    apply: `Tag ${image} ${wanted} as ${tag}; a tag that is there already is never moved.`,
    undo: deletion.words({ image, tag }),
    byHand: [`skopeo copy --all docker://${image}@${wanted} docker://${image}:${tag}`],
  }),
  probe: probeTag,
  apply: applyTag,
})

function exampleTags(ground: Ground, image: string): TagInput[] {
  const { index } = exampleImage(ground)
  return [{ ...EXAMPLE, image, digest: index.sha256, mediaType: index.mediaType, size: index.size, tag: ground.version, tags: [ground.version] }]
}

async function probeTag(look: Look, { tag, tags: _, digest: wanted, mediaType: __, size: ___, ...access }: TagInput): Promise<Probe<TagOutput>> {
  const found = await headManifest(openSession(look, access), tag)
  if (found === undefined) return { state: 'absent' }
  return found === wanted ? { state: 'present', output: { tag, digest: wanted } } : { state: 'conflict', found: `${access.image}:${tag} is ${found}, ours is ${wanted}` }
}

async function applyTag(world: World, { tag, tags: _, digest: wanted, mediaType, size, ...access }: TagInput): Promise<TagOutput> {
  const session = openSession(world, access)
  const found = await headManifest(session, tag)
  if (found !== undefined && found !== wanted) throw taken(access, { tag, found })
  await putManifest(session, tag, { manifest: await manifestOf(world, session, { digest: wanted, mediaType, size }), what: `the tag ${tag}` })
  return { tag, digest: wanted }
}

/** The refusal to move a version tag. */
export function taken({ image }: Access, { tag, found }: { readonly tag: string; readonly found: string }): Refused {
  return new Refused({
    code: 'version-published',
    message: `${image}:${tag} exists already and is ${found}, which is not this release's image; a version tag is never moved.`,
    hint: 'Release the next version, or, if nobody can have pulled it, delete that tag in the registry.',
  })
}
