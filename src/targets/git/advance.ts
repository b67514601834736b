// The kind git.advance: moves the main branch forward to the release commit, where no forge merges it.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { bringCommit, hasObject, remoteRef, swapRef } from './remote.ts'
import { nameShape, objectShape, remoteShape, tokenShape } from './shape.ts'

const input = z.strictObject({
  remote: remoteShape,
  token: z.exactOptional(tokenShape),
  branch: nameShape,
  /** Where the branch must stand now: the parent of `commit`. */
  base: objectShape,
  commit: objectShape,
  tree: objectShape,
})

const output = z.strictObject({ commit: objectShape, tree: objectShape })

/** A fast-forward of the main branch by the release commit alone. */
export const gitAdvance = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'git.advance',
  input,
  output,
  reversal: { is: 'final', because: 'the history of the main branch is not rewritten' },
  examples: ({ remote, branch, base, release }) => [{ remote, branch, base: base.commit, commit: release.commit, tree: release.tree }],
  describe: ({ remote, branch, base, commit }) => ({
    apply: `Move ${branch} on ${remote} forward from ${base.slice(0, 12)} to ${commit.slice(0, 12)}.`,
    undo: `Not undone; take the change back with \`git revert ${commit.slice(0, 12)}\`.`,
    byHand: [`git push ${remote} ${commit}:refs/heads/${branch}`],
  }),
  async probe(look, { branch, base, commit, tree, ...at }) {
    const found = await remoteRef(look, at, `refs/heads/${branch}`)
    if (found === undefined) return { state: 'conflict', found: `${at.remote} has no branch ${branch}` }
    const output = { commit, tree }
    if (found.object === commit) return { state: 'present', output }
    if (found.object === base) return { state: 'absent' }
    const contains = await hasObject(look, `${found.object}^{commit}`) && (await look.git(['merge-base', '--is-ancestor', commit, found.object])).code === 0
    if (contains) return { state: 'present', output }
    return { state: 'conflict', found: `${branch} on ${at.remote} has moved to ${found.object}, which is not known to hold ${commit}; \`git fetch ${at.remote}\` lets Slipway look into it` }
  },
  async apply(world, { branch, base, commit, tree, ...at }) {
    await bringCommit(world, at, commit)
    if ((await world.git(['merge-base', '--is-ancestor', base, commit])).code !== 0) {
      throw new Refused({ code: 'plan-stale', message: `${commit} does not follow ${base}, so ${branch} cannot be moved forward to it.`, hint: 'Plan the release again with `slipway plan`.' })
    }
    if (await swapRef(world, at, { ref: `refs/heads/${branch}`, from: base, to: commit }) === 'moved') return { commit, tree }
    throw new Refused({
      code: 'plan-stale',
      message: `${branch} on ${at.remote} no longer stands at ${base}, which this release was made from.`,
      hint: 'Somebody pushed in the meantime; pull, and plan the release again with `slipway plan`.',
    })
  },
})
