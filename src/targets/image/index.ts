// The target "image": builds a multi-arch container image, publishes it by digest, names it, and moves what moves.
import { SlipwayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Artifact, Digest } from '../../model/plan.ts'
import { defineTarget, draftId, type Expectation, type MadeFile, type PrepareContext, type PublishContext, type Question, type ReleaseContext, type StepDraft } from '../../model/target.ts'
import { webAddressOf } from '../../model/web-address.ts'
import type { Look } from '../../model/world.ts'
import { lookForWorkflow, reliedWorkflow, runnable, workflowDispatch, workflowRun } from '../workflow/index.ts'
import { accessOf, loginSecret, type Access } from './access.ts'
import { artifactName, imageIn, MEDIA, platformInName, type Image, type ImageArtifact } from './artifact.ts'
import { imageAttach } from './attach.ts'
import { imageBlobs } from './blobs.ts'
import { imageBuild } from './build.ts'
import { askTag, lookForTag, tagFree } from './facts.ts'
import { imageFixedArrival, imageArrival } from './arrival.ts'
import { delegatedClashes, delegatedSecrets, delegatedSteps, isDelegated } from './delegated.ts'
import { imageFloat } from './float.ts'
import { imageManifest } from './manifest.ts'
import { movingSteps } from './moving.ts'
import { imageNeeds } from './needs.ts'
import { deletesNothing, placeOf, shortName } from './reference.ts'
import { pulls } from './pulls.ts'
import { imageReferrers } from './referrers.ts'
import { fillTag, movingTags, settings, TAG, type Settings } from './settings.ts'
import { imageSmoke } from './smoke.ts'
import { imageFixedTag, imageTag } from './tag.ts'
import { imageVerify } from './verify.ts'

/** The digest that a tag of an image names, null when there is no such tag. Throws SlipwayError `remote-unreachable`. */
export async function tagNames(look: Look, about: JsonObject): Promise<string | null> {
  const found = await lookForTag(look, about)
  return typeof found === 'string' ? found : null
}

export { placeOf } from './reference.ts'
export { fillTag, type Settings as ImageSettings } from './settings.ts'

/** Releases to a container registry. */
export const imageTarget = defineTarget<Settings>({
  name: 'image',
  summary: 'Builds a multi-arch container image, publishes it by digest with what is attached to it, tags it, moves the moving tags, and pulls it back to compare.',
  settings,
  kinds: [imageBuild, imageSmoke, imageBlobs, imageManifest, imageAttach, imageReferrers, imageTag, imageFixedTag, imageFloat, workflowDispatch, workflowRun, imageArrival, imageFixedArrival, imageVerify],
  facts: { 'image.tag': lookForTag, 'workflow.state': lookForWorkflow },
  expects,
  observes,
  prepare,
  publish,
  foresees,
  needs: imageNeeds,
  relies: ({ via }) => via === undefined ? [] : [reliedWorkflow(via, ['via'])],
  clashes: (set, others) => isDelegated(set) ? delegatedClashes(set, others) : [],
  signals: (_context, set) => [pulls(set.repository)],
  secrets: (set) => {
    if (isDelegated(set)) return delegatedSecrets(set)
    const access = accessOf(set)
    return [{ name: access.token.$secret, for: `pushing ${set.repository} to ${placeOf(set.repository).host}`, or: [loginSecret(set.repository)] }]
  },
})

/** The version tag must be free. Throws SlipwayError `version-unmappable` for a version that cannot be a part of a tag. */
function expects(context: ReleaseContext, set: Settings): readonly Expectation[] {
  const { to: version } = context.release
  const tag = fillTag(set.tag, version)
  const unfit = [tag, ...movingTags(set, context)].find((each) => !TAG.test(each))
  if (unfit === undefined) return [tagFree(accessOf(set), { tag, version }), ...(isDelegated(set) ? [runnable(set.via)] : [])]
  throw new SlipwayError({
    code: 'version-unmappable',
    message: `The version ${version} would give ${set.repository} the tag ${unfit}, which no registry takes: a tag holds at most 128 letters, digits, ".", "_" and "-", and no "+".`,
    hint: 'Choose a version without build metadata (what stands after "+").',
  })
}

/** What each moving tag names now, and what the version before is: where a tag goes back to. Of an image that a workflow publishes the version tag, too, which tells what has arrived. */
function observes(context: ReleaseContext, set: Settings): readonly Question[] {
  const { release } = context
  const tags = movingTags(set, context)
  const former = release.from === null || tags.length === 0 ? [] : [fillTag(set.tag, release.from)]
  return [...(isDelegated(set) ? [fillTag(set.tag, release.to)] : []), ...tags, ...former].map((tag) => askTag(accessOf(set), tag))
}

function prepare({ commit, date, release, project, repository }: PrepareContext, set: Settings): readonly StepDraft[] {
  if (isDelegated(set)) return []
  const image = { artifacts: { $from: imageBuild.kind, at: '/artifacts' } }
  const source = set.source ?? webAddressOf(repository) ?? undefined
  const labels = { title: set.title ?? project, ...(source === undefined ? {} : { source }), ...(set.licenses === undefined ? {} : { licenses: set.licenses }) }
  return [
    {
      phase: 'pack',
      kind: imageBuild.kind,
      title: `Build the image ${shortName(set.repository)} ${release.to} for ${set.platforms.join(' and ')}`,
      input: {
        tree: commit.tree, commit: commit.commit, image: set.repository, version: release.to, date, platforms: set.platforms, dockerfile: set.dockerfile, context: set.context,
        args: set.args, labels, wheels: { $all: 'artifacts' }, builder: set.builder,
      },
      yields: ['artifacts', 'evidence'],
    },
    ...(set.smoke === false ? [] : [{ phase: 'test', kind: imageSmoke.kind, title: `Start the image and ask for ${set.smoke.path}`, input: { ...image, ...set.smoke }, yields: ['evidence'] } as const]),
  ]
}

function publish(context: PublishContext, set: Settings): readonly StepDraft[] {
  if (isDelegated(set)) return delegatedSteps(context, set)
  const image = imageIn(context.artifacts)
  if (image === undefined) return []
  const access = accessOf(set)
  const { release } = context
  const tag = fillTag(set.tag, release.to)
  const where = placeOf(set.repository).host
  const { index } = image
  const planned = { ...access, digest: index.sha256, mediaType: index.mediaType, size: index.size }
  const attached = attachments(context, image)
  const moving = movingTags(set, context)
  // Where only a person deletes a tag, it comes when nothing else can be refused any more.
  const lasting = deletesNothing(set.repository)
  const fixed = lasting ? imageFixedTag.kind : imageTag.kind
  return [
    ...pushing(image, { access, where, mountFrom: set.mountFrom }),
    ...attaching(attached, access),
    { phase: lasting ? 'float' : 'name', kind: fixed, of: tag, title: `Tag ${set.repository} as ${tag}`, input: { ...planned, tag, tags: [tag, ...moving] } },
    ...movingSteps(context, set, { planned, ours: index.sha256, ...(lasting ? { after: `${fixed}:${tag}` } : {}) }),
    {
      phase: 'verify',
      kind: imageVerify.kind,
      title: `Pull ${set.repository}:${tag} and compare it with what was built`,
      input: {
        ...access,
        version: release.to,
        tag,
        moving,
        public: set.public,
        index: descriptorOf(index),
        manifests: image.manifests.flatMap((manifest) => manifest.about.role === 'manifest' ? [{ ...descriptorOf(manifest), platform: manifest.about.platform, config: manifest.about.config }] : []),
        blobs: image.blobs.map(({ sha256, size }) => ({ digest: sha256, size })),
        attachments: attached.map(({ input }) => input),
      },
      yields: ['evidence'],
    },
  ]
}

/** Blobs, then each platform's manifest, then the index. */
function pushing({ index, manifests, blobs }: Image, { access, where, mountFrom }: { readonly access: Access; readonly where: string; readonly mountFrom: readonly string[] }): readonly StepDraft[] {
  const each = manifests.map((manifest): StepDraft => {
    const platform = manifest.about.role === 'manifest' ? manifest.about.platform : manifest.name
    return {
      phase: 'draft', kind: imageManifest.kind, of: platform, title: `Push the image for ${platform} by its digest`, needs: [imageBlobs.kind],
      input: { ...access, digest: manifest.sha256, mediaType: manifest.mediaType, size: manifest.size, what: platform },
    }
  })
  return [
    { phase: 'draft', kind: imageBlobs.kind, title: `Send the layers to ${where}`, input: { ...access, blobs: blobs.map(({ sha256, size }) => ({ digest: sha256, size })), mountFrom } },
    ...each,
    {
      phase: 'draft', kind: imageManifest.kind, of: 'index', title: 'Push the index of all platforms by its digest', needs: each.map(draftId),
      input: { ...access, digest: index.sha256, mediaType: index.mediaType, size: index.size, what: 'all platforms' },
    },
  ]
}

interface Attaching {
  readonly subject: ImageArtifact
  readonly name: string
  readonly input: Json
}

/** Every file that says something about the image or one of its platforms: SBOMs that are built, and signed statements that the run makes. */
function attachments({ artifacts, earlier, date }: PublishContext, { index, manifests }: Image): readonly Attaching[] {
  const made = earlier.flatMap((draft) => draft.makes === undefined ? [] : [{ draft, makes: draft.makes }])
  return [...manifests, index].flatMap((subject): readonly Attaching[] => {
    const attach = (name: string, file: Json): Attaching => ({ subject, name, input: { subject: descriptorOf(subject), file, created: date } })
    return [
      ...artifacts.filter((artifact) => artifact.about['describes'] === subject.sha256).map(({ name, mediaType, sha256, size }) => attach(name, { name, mediaType, sha256, size })),
      ...made.filter(({ makes }) => makes.describes.includes(subject.sha256)).map(({ draft, makes }) => attach(makes.name, fileOf(draft, makes))),
    ]
  })
}

/** A file whose digest and size the run tells. */
function fileOf(draft: StepDraft, { name, mediaType }: MadeFile): Json {
  const id = draftId(draft)
  return { name, mediaType, sha256: { $from: id, at: '/sha256' }, size: { $from: id, at: '/size' } }
}

function attaching(attached: readonly Attaching[], access: Access): readonly StepDraft[] {
  const subjects = [...new Set(attached.map(({ subject }) => subject))]
  return [
    ...attached.map(({ name, input }): StepDraft => ({
      phase: 'draft', kind: imageAttach.kind, of: name, title: `Attach ${name} to the image`, input: { ...access, ...(input as { readonly [key: string]: Json }) }, needs: [`${imageManifest.kind}:index`],
    })),
    ...subjects.map((subject): StepDraft => {
      const own = attached.filter((each) => each.subject === subject)
      const what = subject.about.role === 'manifest' ? subject.about.platform : 'index'
      return {
        phase: 'draft', kind: imageReferrers.kind, of: what, title: `List what is attached to the ${what === 'index' ? 'index' : `image for ${what}`}`,
        input: { ...access, attachments: own.map(({ input }) => input) }, needs: own.map(({ name }) => `${imageAttach.kind}:${name}`),
      }
    }),
  ]
}

function descriptorOf({ sha256, mediaType, size }: ImageArtifact): { readonly digest: Digest; readonly mediaType: string; readonly size: number } {
  return { digest: sha256, mediaType, size }
}

/** The index and one manifest a platform, with digests that only a build can tell. */
function foresees({ release }: ReleaseContext, set: Settings): readonly Artifact[] {
  if (isDelegated(set)) return []
  const version = release.to
  const one = (rest: string, mediaType: string, about: Artifact['about'], at: number): Artifact => ({
    name: artifactName(set.repository, version, rest), mediaType, size: 0, sha256: `sha256:${String(at).padStart(64, '0')}`, by: 'image', internal: true, about: { image: set.repository, ...about },
  })
  const config = one('.config.json', MEDIA.config, { role: 'config', platform: 'any' }, 0)
  const manifests = set.platforms.map((platform, at) => one(`-${platformInName(platform)}.manifest.json`, MEDIA.manifest, { role: 'manifest', version, platform, config: config.sha256, layers: [] }, at + 1))
  const listed = manifests.map(({ sha256, mediaType, size, about }) => ({ digest: sha256, mediaType, size, platform: about['platform'] ?? '' }))
  return [one('.index.json', MEDIA.index, { role: 'index', version, manifests: listed }, manifests.length + 1), ...manifests, config]
}
