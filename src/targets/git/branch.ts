// The kind git.branch: pushes the release commit as a new branch, which must not exist before.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { remoteRef, swapRef } from './remote.ts'
import { dropRef } from './drop.ts'
import { nameShape, objectShape, remoteShape, tokenShape } from './shape.ts'

const input = z.strictObject({ remote: remoteShape, branch: nameShape, commit: objectShape, token: z.exactOptional(tokenShape) })

const output = z.strictObject({ branch: z.string(), commit: objectShape })

/** A new branch of the remote on the release commit; never moves one that exists. */
export const gitBranch = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'git.branch',
  input,
  output,
  reversal: {
    is: 'reversible',
    undo: (world, { branch, commit, ...at }) => dropRef(world, at, { ref: `refs/heads/${branch}`, ours: commit, code: 'branch-exists' }),
  },
  examples: ({ remote, version, release }) => [{ remote, branch: `release/v${version}`, commit: release.commit }],
  describe: ({ remote, branch, commit }) => ({
    apply: `Push ${commit.slice(0, 12)} to ${remote} as the new branch ${branch}.`,
    undo: `Delete the branch ${branch} on ${remote} if it still points to ${commit.slice(0, 12)}.`,
    byHand: [`git push --force-with-lease=refs/heads/${branch}: ${remote} ${commit}:refs/heads/${branch}`],
  }),
  async probe(look, { branch, commit, ...at }) {
    const found = await remoteRef(look, at, `refs/heads/${branch}`)
    if (found === undefined) return { state: 'absent' }
    if (found.object === commit) return { state: 'present', output: { branch, commit } }
    return { state: 'conflict', found: `the branch ${branch} on ${at.remote} points to ${found.object}, not to the release commit ${commit}` }
  },
  async apply(world, { branch, commit, ...at }) {
    if (await swapRef(world, at, { ref: `refs/heads/${branch}`, from: undefined, to: commit }) === 'moved') return { branch, commit }
    throw new Refused({
      code: 'branch-exists',
      message: `The branch ${branch} exists on ${at.remote} already and is not the release commit.`,
      hint: `Look at it with \`git ls-remote ${at.remote} refs/heads/${branch}\`; delete it if nobody needs it, then run the same command again.`,
    })
  },
})
