// The kind image.verify: green means shipped: the image is pulled as a user would pull it, by tag and by digest, and compared byte for byte.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { inParallel } from '../checks/in-parallel.ts'
import { accessShape, hasCredentials, type Speaker } from './access.ts'
import { descriptor } from './artifact.ts'
import { attachment, exampleAttachments } from './attach.ts'
import { EXAMPLE, exampleImage } from './examples.ts'
import { imageConfig, isFor, labelsIn, platformIn } from './image-config.ts'
import { VERSION_LABEL } from './labels.ts'
import { packagePage } from './reference.ts'
import { referrerDescriptor } from './referrer.ts'
import { compareSemVer, parseSemVer } from '../../version/semver.ts'
import { taggedVersion } from '../../version/tagged.ts'
import { digest } from '../checks/digest.ts'
import { getManifest, headManifest, jsonOf, listTags, readBlob, readSmallBlob, referrersOf } from './registry.ts'
import { openSession, type Session } from './session.ts'

const input = z.strictObject({
  ...accessShape,
  version: z.string(),
  /** The version tag, which must name the image for ever. */
  tag: z.string(),
  /** Tags that name it until a newer version takes them. */
  moving: z.array(z.string()),
  /** Whether anybody must be able to pull it. */
  public: z.boolean(),
  index: descriptor,
  manifests: z.array(descriptor.extend({ platform: z.string(), config: digest })).min(1),
  blobs: z.array(descriptor.pick({ digest: true, size: true })),
  attachments: z.array(attachment),
  /** The workflow that built it, where one did, and what its version label may say there: then it is compared with what had arrived. */
  builtBy: z.strictObject({ workflow: z.string(), versions: z.array(z.string()).min(1) }).exactOptional(),
})

const output = z.strictObject({ evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

const kind = 'image.verify'

/** Verifies what the registry serves. Throws Refused `verify-failed` or `digest-mismatch`. */
export const imageVerify = defineKind<Input, Output>({
  kind,
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => {
    const { index, manifests, blobs } = exampleImage(ground)
    return [{
      ...EXAMPLE,
      version: ground.version,
      tag: ground.version,
      moving: [],
      public: true,
      index: { digest: index.sha256, mediaType: index.mediaType, size: index.size },
      manifests: manifests.flatMap(({ sha256, mediaType, size, about }) => about.role === 'manifest' ? [{ digest: sha256, mediaType, size, platform: about.platform, config: about.config }] : []),
      blobs: blobs.map(({ sha256, size }) => ({ digest: sha256, size })),
      attachments: exampleAttachments(ground),
    }]
  },
  describe: ({ image, tag, moving, index, manifests, attachments, builtBy }) => ({
    apply: `Pull ${image} by ${[tag, ...moving].join(', ')} as a user would, for ${manifests.map(({ platform }) => platform).join(' and ')}, and compare every byte with what ${builtBy === undefined ? 'was built' : `${builtBy.workflow} published`}${attachments.length === 0 ? '' : ', and what is attached to it'}.`,
    undo: 'Nothing to take back: it only reads.',
    byHand: [...[tag, ...moving].map((each) => `skopeo inspect --raw docker://${image}:${each} | sha256sum   # ${index.digest.slice('sha256:'.length)}`), `skopeo copy --all docker://${image}@${index.digest} oci:pulled`],
  }),
  async probe(look, step) {
    const session = openSession(look, step)
    for (const tag of [step.tag, ...step.moving]) {
      const found = await headManifest(session, tag)
      if (found === undefined) return { state: 'unknown', why: `${step.image}:${tag} is not there yet`, blind: false }
      if (found !== step.index.digest) return { state: 'conflict', found: `${step.image}:${tag} is ${found}, ours is ${step.index.digest}` }
    }
    // Bytes cannot change under a digest; that the tags still name it has just been seen.
    return probeEvidence(look, keyOf(step), output)
  },
  apply: verify,
})

async function verify(world: World, step: Input, once: Once): Promise<Output> {
  const speaker = await whoMayPull(world, step)
  const session = openSession(world, step, speaker)
  await compareTag(session, step, step.tag)
  const moved: string[] = []
  for (const tag of step.moving) moved.push(...await compareMoving(session, step, tag))
  for (const manifest of step.manifests) await compareManifest(session, step, manifest)
  const total = step.blobs.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  await inParallel(step.blobs, 4, async ({ digest: wanted, size }) => {
    const got = await readBlob(session, wanted, {
      atMost: size,
      signal: once.signal,
      take: (piece) => {
        done += piece.length
        once.progress(Math.min(done, total), total)
      },
    })
    if (got !== size) throw failed(step, `the blob ${wanted} has ${got} bytes, not ${size}`)
  })
  for (const attached of step.attachments) await compareAttachment(session, step, attached)
  const title = `${step.image}:${step.version} pulled ${speaker === 'anybody' ? 'without a login' : 'with a login: it is not public'}`
  const detail = [
    `${[step.tag, ...step.moving].join(', ')}: ${step.index.digest}`,
    ...moved,
    `${step.builtBy === undefined ? 'byte for byte' : `as ${step.builtBy.workflow} published`}: ${step.manifests.map(({ platform }) => platform).join(', ')} (${step.blobs.length} blobs)`,
    ...(step.attachments.length === 0 ? [] : [`attached: ${step.attachments.map(({ file }) => file.name).join(', ')}`]),
  ].join('; ')
  const result = { evidence: [{ title, passed: true, detail }] }
  await recordEvidence(world, { key: keyOf(step), title, passed: true, output: result })
  return result
}

function keyOf({ image, tag, moving, index, attachments }: Input): string {
  return evidenceKey(kind, { image, tag, moving, index: index.digest, attachments: attachments.map((each) => referrerDescriptor(each).digest) })
}

/** Anybody, where anybody is answered; an image that is not for everybody is pulled with the project's own login, and the evidence says so. Throws Refused `verify-failed` for one that should be public and is not. */
async function whoMayPull(world: World, step: Input): Promise<Speaker> {
  try {
    if (await headManifest(openSession(world, step, 'anybody'), step.index.digest) !== undefined) return 'anybody'
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  if (!hasCredentials(world, step)) return 'anybody'
  if (!step.public || await headManifest(openSession(world, step), step.index.digest) === undefined) return 'owner'
  throw new Refused({
    code: 'verify-failed',
    message: `${step.image} ${step.version} is in the registry, but nobody can pull it without a login.`,
    hint: `A new package of ghcr.io is private: make it public on ${packagePage(step.image)} (package settings, "Change visibility") and run the release again; or, if it is to stay so, say "public: false" under "image" in slipway.yaml.`,
  })
}

async function compareTag(session: Session, step: Input, tag: string): Promise<void> {
  const found = await getManifest(session, tag)
  if (found === undefined) throw new Error(`${step.image}:${tag} is not there just now`)
  if (found.digest !== step.index.digest) throw failed(step, `the tag ${tag} is ${found.digest}, not ${step.index.digest}`)
}

/** A moving tag names this image, or that of a newer version, which is told. */
async function compareMoving(session: Session, step: Input, tag: string): Promise<readonly string[]> {
  const found = await headManifest(session, tag)
  if (found === step.index.digest) return []
  if (found === undefined) throw failed(step, `the tag ${tag} is not there any more`)
  const own = parseSemVer(step.version)
  const pattern = step.tag.replaceAll(step.version, '{version}')
  const newer = (await listTags(session)).flatMap((each) => {
    const named = taggedVersion(each, pattern)
    return named !== undefined && compareSemVer(named.parsed, own) > 0 ? [each] : []
  })
  for (const each of newer) if (await headManifest(session, each) === found) return [`${tag} has moved on to ${each}`]
  throw failed(step, `the tag ${tag} is ${found}, which is neither this image nor that of a newer version`)
}

async function compareManifest(session: Session, step: Input, { digest: wanted, platform, config }: Input['manifests'][number]): Promise<void> {
  const found = await getManifest(session, wanted)
  if (found === undefined) throw failed(step, `the manifest of ${platform} (${wanted}) is not there`)
  const read = imageConfig.safeParse(jsonOf(await readSmallBlob(session, config)))
  if (!read.success) throw failed(step, `the config of ${platform} cannot be read`)
  if (!isFor(platform, read.data)) throw failed(step, `the image of ${platform} says that it is for ${platformIn(read.data)}`)
  const label = labelsIn(read.data)[VERSION_LABEL]
  if (!(step.builtBy?.versions ?? [step.version]).includes(label ?? '')) throw failed(step, `the image of ${platform} is labelled with version ${label ?? 'none'}, not ${step.version}`)
}

async function compareAttachment(session: Session, step: Input, attached: Input['attachments'][number]): Promise<void> {
  const wanted = referrerDescriptor(attached).digest
  const { listed } = await referrersOf(session, attached.subject.digest)
  if (!listed.some((each) => each.digest === wanted)) throw failed(step, `${attached.file.name} is not listed among what is attached to ${attached.subject.digest}`)
  if (await getManifest(session, wanted) === undefined) throw failed(step, `${attached.file.name} is listed, but its manifest ${wanted} is not there`)
  const size = await readBlob(session, attached.file.sha256, { atMost: attached.file.size }).catch((error: unknown) => {
    if (error instanceof Refused && error.code === 'digest-mismatch') throw new Refused({ ...error.problems[0], message: `${attached.file.name}, attached to the image: ${error.message}` })
    throw error
  })
  if (size !== attached.file.size) throw failed(step, `${attached.file.name} has ${size} bytes, not ${attached.file.size}`)
}

function failed(step: Input, why: string): Refused {
  return new Refused({
    code: 'verify-failed',
    message: `${step.image} ${step.version} is not what ${step.builtBy === undefined ? 'was built' : `${step.builtBy.workflow} published`}: ${why}.`,
    hint: `Look who changed it, and see for yourself: ${imageVerify.describe(step).byHand.at(-1) ?? ''}`,
  })
}
