// The kind git.tag: pushes the annotated tag of the release, which must not exist before.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { dropRef } from './drop.ts'
import { tagId, tagText } from './objects.ts'
import { bringCommit, remoteRef, swapRef } from './remote.ts'
import { dateShape, nameShape, objectShape, personShape, remoteShape, tokenShape } from './shape.ts'
import { plumb } from './tree.ts'
import { shellWord } from './names.ts'

const input = z.strictObject({
  remote: remoteShape,
  token: z.exactOptional(tokenShape),
  tag: nameShape,
  /** The id of the tag object, known from all the rest. */
  object: objectShape,
  commit: objectShape,
  message: z.string().min(1),
  tagger: personShape,
  date: dateShape,
})

const output = z.strictObject({ tag: z.string(), object: objectShape, commit: objectShape })

/** The annotated tag on the remote; the local repository gets the object but no ref. */
export const gitTag = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'git.tag',
  input,
  output,
  reversal: {
    is: 'reversible',
    undo: (world, { tag, object, remote, token }) =>
      dropRef(world, { remote, ...(token === undefined ? {} : { token }) }, { ref: `refs/tags/${tag}`, ours: object, code: 'tag-exists' }),
  },
  examples: ({ remote, tag, release, version }) => {
    const parts = { tag, commit: release.commit, message: `Release ${version}\n`, tagger: release.author, date: release.date }
    return [{ remote, object: tagId(parts), ...parts }]
  },
  describe: ({ remote, tag, commit, message, date }) => ({
    apply: `Push the annotated tag ${tag} on ${commit.slice(0, 12)} to ${remote}.`,
    undo: `Delete the tag ${tag} on ${remote} if it is still this one.`,
    byHand: [`GIT_COMMITTER_DATE=${date} git tag --annotate ${tag} ${commit} --message ${shellWord(message.trim())}`, `git push ${remote} refs/tags/${tag}`],
  }),
  async probe(look, { tag, object, commit, ...at }) {
    const found = await remoteRef(look, at, `refs/tags/${tag}`)
    if (found === undefined) return { state: 'absent' }
    if (found.object === object) return { state: 'present', output: { tag, object, commit } }
    const what = found.object === found.commit ? 'a lightweight tag' : 'another annotated tag'
    return { state: 'conflict', found: `${tag} on ${at.remote} is ${what} on ${found.commit === commit ? 'the same commit' : found.commit}` }
  },
  async apply(world, planned) {
    const { tag, object, commit } = planned
    await bringCommit(world, planned, commit)
    const made = (await plumb(world, ['mktag'], { stdin: tagText(planned) })).trim()
    if (made !== object) throw new Refused({ code: 'plan-stale', message: `The tag object made from the plan is ${made}, but the plan says ${object}.`, hint: 'Plan the release again with `slipway plan`.' })
    if (await swapRef(world, planned, { ref: `refs/tags/${tag}`, from: undefined, to: object }) === 'moved') return { tag, object, commit }
    throw new Refused({
      code: 'tag-exists',
      message: `The tag ${tag} exists on ${planned.remote} already and is not the one of this release.`,
      hint: `Look at it with \`git ls-remote ${planned.remote} refs/tags/${tag}\`; choose another version, or delete the tag if nobody uses it.`,
    })
  },
})
