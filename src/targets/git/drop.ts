// Takes a ref of a remote back, if it still points where we put it.
import { Refused, type ErrorCode } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { remoteRef, swapRef, type Remote } from './remote.ts'

/** Deletes a ref that holds `ours`; does nothing when it is gone. Throws Refused with the code given when it holds something else. */
export async function dropRef(world: World, at: Remote, { ref, ours, code }: { readonly ref: string; readonly ours: string; readonly code: ErrorCode }): Promise<void> {
  const refuse = (object: string): Refused => new Refused({
    code,
    message: `${ref} on ${at.remote} points to ${object} now, not to ${ours} where this release put it, so it was left alone.`,
    hint: `Find out who moved it; delete it by hand with \`git push ${at.remote} :${ref}\` if nobody needs it.`,
  })
  const found = await remoteRef(world, at, ref)
  if (found === undefined) return
  if (found.object !== ours) throw refuse(found.object)
  if (await swapRef(world, at, { ref, from: ours, to: undefined }) === 'moved') return
  const moved = await remoteRef(world, at, ref)
  if (moved !== undefined) throw refuse(moved.object)
}
