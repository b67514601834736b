// Pure: the steps that move tags (latest, 2, 2.1) to the image of a release.
import type { JsonObject } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import type { PublishContext, StepDraft } from '../../model/target.ts'
import { isPrerelease } from '../../version/semver.ts'
import { deletion } from './deletion.ts'
import { seenTag } from './facts.ts'
import { imageFloat } from './float.ts'
import { deletesNothing } from './reference.ts'
import { fillTag, movingTags, type Settings } from './settings.ts'
import { imageFixedTag } from './tag.ts'

/** The image that tags move to. */
export interface Onto {
  /** The input that both kinds of tag take: who opens the registry, and which manifest it is. */
  readonly planned: JsonObject
  /** The image's digest as far as the plan knows it. */
  readonly ours: Digest | undefined
  /** The step that gives it its version tag, where the moving tags must come after it. */
  readonly after?: string
  /** Set where a workflow publishes it, which may move the tags itself. */
  readonly by?: { readonly workflow: string; readonly arrival: string } & Pick<StepDraft, 'phase' | 'startedBy'>
}

/**
 * One step for each moving tag. A registry that deletes nothing keeps a tag that never was, until a person deletes its version: such tags come before any
 * tag is moved, since taken back the deletion must come after they are back.
 */
export function movingSteps(context: PublishContext, set: Settings, { planned, ours, after, by }: Onto): readonly StepDraft[] {
  const tag = fillTag(set.tag, context.release.to)
  const moving = movingTags(set, context).map((name) => ({ name, was: formerOf(context, set, { tag: name, ours }) }))
  const tags = [tag, ...moving.map(({ name }) => name)]
  const isFirst = (was: Digest | null): boolean => was === null && deletesNothing(set.repository)
  const firsts = moving.flatMap(({ name, was }) => isFirst(was) ? [`${imageFixedTag.kind}:${name}`] : [])
  const where = by === undefined ? '' : `, where ${by.workflow} has not`
  const { workflow: _, arrival, ...drafted } = by ?? { workflow: '', arrival: undefined, phase: 'float' as const }
  const before = [...(after === undefined ? [] : [after]), ...(arrival === undefined ? [] : [arrival])]
  return moving.map(({ name, was }): StepDraft => {
    if (isFirst(was)) {
      return {
        ...drafted, kind: imageFixedTag.kind, of: name, title: `Tag ${set.repository} as ${name}, for the first time${where}`, input: { ...planned, tag: name, tags },
        ...(by === undefined ? {} : { back: deletion.words({ image: set.repository, tag: name }), needs: before }),
      }
    }
    const back = was === null ? `Delete the tag ${name}, which is not there now.` : `Move ${name} back to ${was}.`
    return { ...drafted, kind: imageFloat.kind, of: name, title: `Move ${name} from ${was === null ? 'nothing' : was.slice(0, 19)} to ${tag}${where}`, input: { ...planned, tag: name, was, tags }, back, needs: [...before, ...firsts] }
  })
}

/**
 * Where a moving tag goes back to: what it named. Where that is not on record and it names this release's image already, it is the version before, if that had the
 * same tag: a prerelease has none, and another line has others.
 */
function formerOf({ seen, release }: PublishContext, set: Settings, { tag, ours }: { readonly tag: string; readonly ours: Digest | undefined }): Digest | null {
  const was = seenTag(seen, tag) ?? null
  if (was !== ours) return was
  const { from } = release
  if (from === null || isPrerelease(from) || !set.floating.some((pattern) => fillTag(pattern, from) === tag)) return null
  return seenTag(seen, fillTag(set.tag, from)) ?? null
}
