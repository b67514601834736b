// Pure: the share of an image that a workflow publishes: its steps, what the settings must not say beside it, its secrets and rights.
import { canonicalJson, type Json } from '../../model/json.ts'
import { draftId, type Clash, type PublishContext, type SecretNeed, type StepDraft } from '../../model/target.ts'
import { followedSteps, type Via } from '../workflow/index.ts'
import { accessOf, loginSecret } from './access.ts'
import { imageArrival, imageFixedArrival } from './arrival.ts'
import { seenTag } from './facts.ts'
import { movingSteps } from './moving.ts'
import { deletesNothing, placeOf } from './reference.ts'
import { fillTag, movingTags, type Settings } from './settings.ts'
import { imageVerify } from './verify.ts'

/** Settings of an image that a workflow publishes. */
export type Delegated = Settings & { readonly via: Via }

/** True where a workflow publishes the image. */
export function isDelegated(set: Settings): set is Delegated {
  return set.via !== undefined
}

/** The workflow's run, the arrival of the version tag, the moving tags, and the pull that compares. */
export function delegatedSteps(context: PublishContext, set: Delegated): readonly StepDraft[] {
  const { via, repository } = set
  const { steps, after } = followedSteps(via, context)
  const { release, commit } = context
  const access = accessOf(set)
  const tag = fillTag(set.tag, release.to)
  const moving = movingTags(set, context)
  const versions = [...new Set([release.to, tag, context.tag])]
  const arrival: StepDraft = {
    ...after,
    kind: deletesNothing(repository) ? imageFixedArrival.kind : imageArrival.kind,
    of: tag,
    title: `See that ${repository}:${tag} has arrived`,
    input: { ...access, tag, tags: [tag, ...moving], platforms: set.platforms, versions, revision: commit.commit, workflow: via.workflow },
    yields: ['evidence'],
  }
  const from = (at: string): Json => ({ $from: draftId(arrival), at })
  const phase = after.phase === 'verify' ? 'verify' : 'float'
  const floats = movingSteps(context, set, {
    planned: { ...access, digest: from('/index/digest'), mediaType: from('/index/mediaType'), size: from('/index/size') },
    ours: seenTag(context.seen, tag) ?? undefined,
    by: { workflow: via.workflow, arrival: draftId(arrival), phase, ...(after.startedBy === undefined ? {} : { startedBy: after.startedBy }) },
  })
  return [...steps, arrival, ...floats, {
    phase: 'verify',
    kind: imageVerify.kind,
    title: `Pull ${repository}:${tag} and compare it with what ${via.workflow} published`,
    input: {
      ...access, version: release.to, tag, moving, public: set.public, index: from('/index'), manifests: from('/manifests'), blobs: from('/blobs'), attachments: [],
      builtBy: { workflow: via.workflow, versions },
    },
    needs: [draftId(arrival), ...floats.map(draftId)],
    yields: ['evidence'],
  }]
}

/** The registry's token is asked for where Slipway moves tags, deletes one, or pulls what is not for everybody. */
export function delegatedSecrets(set: Delegated): readonly SecretNeed[] {
  const { host } = placeOf(set.repository)
  const uses = [
    ...(set.floating.length === 0 ? [] : ['moving tags']),
    ...(deletesNothing(set.repository) ? [] : ['taking its tag back']),
    ...(set.public ? [] : ['pulling it']),
  ]
  const followed = { name: set.via.token, for: `GitHub (${set.via.repository}): the runs of ${set.via.workflow}` }
  if (uses.length === 0) return [followed]
  const opened = { name: accessOf(set).token.$secret, for: `${set.repository} on ${host}: ${uses.join(' and ')}` }
  return opened.name === followed.name ? [{ name: opened.name, for: `${followed.for}, and ${opened.for}` }] : [followed, { ...opened, or: [loginSecret(set.repository)] }]
}

const READERS = { sbom: 'list', scan: 'look into', provenance: 'sign' } as const

/** What promises something about an image that is not built here, and one workflow that is told to start in two ways. */
export function delegatedClashes({ via, repository }: Delegated, others: ReadonlyMap<string, unknown>): readonly Clash[] {
  const pypi = others.get('pypi') as { readonly via?: Via } | undefined
  const scan = others.get('scan') as { readonly with: string } | undefined
  const clash = (at: readonly PropertyKey[], message: string, hint: string): Clash => ({ code: 'config-invalid', at, message, hint })
  const elsewhere = `${repository} is built by ${via.workflow} and not here`
  const empty = pypi !== undefined ? [] : (['sbom', 'scan', 'provenance'] as const).flatMap((name) => !others.has(name) || (name === 'scan' && scan?.with === 'none') ? [] : [
    clash([name], `There is nothing to ${READERS[name]}: ${elsewhere}, and nothing else is.`, `Take "${name}" out and have ${via.workflow} do it, or take "via" out of "image", and Slipway builds the image.`),
  ])
  return [
    ...empty,
    ...(empty.length === 0 && (scan?.with === 'trivy' || scan?.with === 'grype')
      ? [clash(['scan', 'with'], `${scan.with} looks into images, and ${elsewhere}.`, `Write "osv", which reads the SBOM of the package, and run ${scan.with} in ${via.workflow}; or take "via" out of "image", and Slipway builds the image.`)]
      : []),
    ...(pypi?.via?.workflow === via.workflow && canonicalJson(pypi.via) !== canonicalJson(via)
      ? [clash(['image', 'via', 'workflow'], `${via.workflow} publishes the package and the image, and "pypi.via" tells of it otherwise than "image.via" does.`, 'Write the same under both: it is then started and followed once. Or name another workflow for one of them.')]
      : []),
  ]
}
