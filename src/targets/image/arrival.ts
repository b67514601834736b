// An image that a workflow publishes: image.arrival where the registry deletes tags, image.fixed-arrival where only a person can.
import { z } from 'zod'
import { defineKind, type Description, type Ground, type Probe } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { evidenceLine } from '../checks/evidence.ts'
import { accessShape } from './access.ts'
import { readArrived, strangeness, type Arrived } from './arrived.ts'
import { descriptor } from './artifact.ts'
import { deletion } from './deletion.ts'
import { EXAMPLE } from './examples.ts'
import { placeOf } from './reference.ts'
import { openSession } from './session.ts'
import { TAG } from './settings.ts'
import { dropTag, moved } from './untag.ts'

const input = z.strictObject({
  ...accessShape,
  tag: z.string().regex(TAG),
  /** Every tag that this release gives to the image, this one too. */
  tags: z.array(z.string()),
  platforms: z.array(z.string()).min(1),
  /** What the version label may say: the version, or a tag that is made from it. */
  versions: z.array(z.string()).min(1),
  /** The commit of the release, which the revision label must name. */
  revision: z.string(),
  workflow: z.string(),
})

const output = z.strictObject({
  /** What the version tag names. */
  index: descriptor,
  manifests: z.array(descriptor.extend({ platform: z.string(), config: digest })),
  /** Configurations and layers. */
  blobs: z.array(descriptor.pick({ digest: true, size: true })),
  evidence: z.array(evidenceLine),
})

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

const kind = { input, output, probe: probeArrival, settlesWithin: 2_000 }

/** Waits for the version tag of an image that a workflow publishes, in a registry that lets tags be deleted again. */
export const imageArrival = defineKind<Input, Output>({
  ...kind,
  kind: 'image.arrival',
  reversal: {
    is: 'reversible',
    async undo(world, asked, made) {
      const ours = made?.index.digest ?? await ownDigest(world, asked)
      if (ours !== undefined) await dropTag(world, asked, { tag: asked.tag, ours, siblings: asked.tags })
    },
  },
  examples: (ground) => exampleArrivals(ground, 'registry.example.org/acme/ground'),
  describe: (asked) => describe(asked, `Delete the tag ${asked.tag} if it still names what arrived.`),
})

/** The same in a registry that deletes nothing by its own API (GHCR, Docker Hub). */
export const imageFixedArrival = defineKind<Input, Output>({
  ...kind,
  kind: 'image.fixed-arrival',
  reversal: { is: 'by-hand', lag: deletion.lag, leaves: deletion.leaves, instructions: ({ image, tag }) => deletion.instructions({ image, tag }) },
  examples: (ground) => exampleArrivals(ground, EXAMPLE.image),
  describe: (asked) => describe(asked, deletion.words(asked)),
})

function describe({ image, tag, workflow, platforms, versions, revision }: Input, undo: string): Description {
  return {
    apply: `Wait until ${placeOf(image).host} shows ${image}:${tag} as ${workflow} published it, for ${platforms.join(' and ')} and labelled with version ${versions[0] ?? ''} and revision ${revision.slice(0, 7)}.`,
    undo,
    byHand: [`skopeo inspect docker://${image}:${tag}`],
  }
}

function exampleArrivals({ version, tag, release }: Ground, image: string): Input[] {
  return [{ ...EXAMPLE, image, tag: version, tags: [version], platforms: ['linux/amd64'], versions: [version, tag], revision: release.commit, workflow: 'publish.yml' }]
}

async function probeArrival(look: Look, asked: Input): Promise<Probe<Output>> {
  const { image, tag, platforms, workflow } = asked
  const found = await readArrived(openSession(look, asked), tag, platforms)
  if (found === undefined) return { state: 'absent', missing: `${placeOf(image).host} has no ${image}:${tag}, though ${workflow} ended green: it may have published nothing, or under another tag`, by: 'machine' }
  if ('unreadable' in found) return { state: 'conflict', found: `${image}:${tag} is ${found.unreadable}, which is nothing that an image can be read from` }
  const strange = strangeness(found, asked)
  return strange === undefined ? { state: 'present', output: outputOf(asked, found) } : { state: 'conflict', found: `${image}:${tag} (${found.index.digest}) ${strange}` }
}

function outputOf({ image, tag, workflow, revision }: Input, { index, images, beside }: Arrived): Output {
  const attested = beside === 0 ? '' : `; the workflow itself has put ${beside === 1 ? 'an attestation' : `${beside} attestations`} beside it`
  return {
    index,
    manifests: images.map(({ digest: sha256, mediaType, size, platform, config }) => ({ digest: sha256, mediaType, size, platform, config })),
    blobs: [...new Map(images.flatMap(({ blobs }) => blobs).map((blob) => [blob.digest, { ...blob }])).values()],
    evidence: [
      { title: `${image}:${tag} as ${workflow} published it`, passed: true, detail: `${index.digest} for ${images.map(({ platform }) => platform).join(' and ')}, built from ${revision.slice(0, 7)} as its labels say` },
      { title: `what is in ${image}:${tag}`, passed: false, detail: `it was built by ${workflow} and not here, so nothing here has scanned it, listed what is in it or signed it${attested}` },
    ],
  }
}

/** What the tag names if it is this release's, undefined when it is gone. Throws Refused `tag-moved` when it is somebody else's. */
async function ownDigest(look: Look, asked: Input): Promise<z.infer<typeof digest> | undefined> {
  const { tag, platforms, revision } = asked
  const found = await readArrived(openSession(look, asked), tag, platforms)
  if (found === undefined) return undefined
  if ('unreadable' in found) throw moved(asked, { tag, found: found.unreadable, ours: `the image of ${revision.slice(0, 7)}` })
  if (strangeness(found, asked) !== undefined) throw moved(asked, { tag, found: found.index.digest, ours: `the image of ${revision.slice(0, 7)}` })
  return found.index.digest
}
