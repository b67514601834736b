// Refs of a remote that Slipway keeps for itself, each a commit that holds what there is to say: read, and moved by compare-and-swap.
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { commitText } from './objects.ts'
import { fetchOnly, hasObject, remoteRef, swapRef, type Remote } from './remote.ts'
import { plumb } from './tree.ts'
import { reaching } from './trouble.ts'

/** How often a ref that keeps moving is looked at again. */
export const ATTEMPTS = 8

/** Such a ref: its full name, and what people call it: `The lease`. */
export interface OwnRef {
  readonly ref: string
  readonly called: string
}

/** The commit that a ref names, which is here afterwards; undefined when there is no such ref. Throws SlipwayError `remote-unreachable`. */
export async function bringOwnRef(world: World, at: Remote, { ref, called }: OwnRef): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await reaching(at.remote, () => remoteRef(world, at, ref))
    if (found === undefined) return undefined
    const commit = found.object
    // The ref may move between the look and the fetch; what was fetched is then another commit.
    if (!(await hasObject(world, commit))) await reaching(at.remote, () => fetchOnly(world, at, commit)).catch(() => undefined)
    if (await hasObject(world, commit)) return commit
  }
  throw new SlipwayError({
    code: 'remote-unreachable',
    message: `${called} on ${at.remote} could be seen but not fetched.`,
    hint: `Check \`git fetch ${at.remote} ${ref}\` and run the same command again.`,
  })
}

/** What a ref holds, as it was read from its commit. */
export interface Held<T> {
  readonly commit: string
  readonly value: T
}

/** How a ref is changed: undefined stands for no ref. `write` gives the commit of a value. */
export interface Change<T, W extends T | undefined> {
  read(): Promise<Held<T> | undefined>
  decide(current: T | undefined): W
  write(value: T, parent: string | undefined): Promise<string>
  /** The problem of a ref that kept moving. */
  lost(): SlipwayError
}

/** Reads, decides and swaps until the swap meets the state that the decision was made on; what was decided last. A decision for what is there changes nothing. */
export async function changeOwnRef<T, W extends T | undefined>(world: World, at: Remote, { ref, read, decide, write, lost }: Change<T, W> & Pick<OwnRef, 'ref'>): Promise<W> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await read()
    const wanted = decide(found?.value)
    if (wanted === found?.value) return wanted
    const to = wanted === undefined ? undefined : await write(wanted, found?.commit)
    if (await reaching(at.remote, () => swapRef(world, at, { ref, from: found?.commit, to })) === 'moved') return wanted
  }
  throw lost()
}

/** Writes a commit of Slipway's own. It follows the one before, so that a remote which forbids non-fast-forward pushes accepts it. */
export async function writeOwnCommit(world: World, { tree, parent, message }: { readonly tree: string; readonly parent: string | undefined; readonly message: string }): Promise<string> {
  const text = commitText({ tree, ...(parent === undefined ? {} : { parent }), author: 'Slipway <slipway@localhost>', date: world.now().toISOString(), message })
  return (await plumb(world, ['hash-object', '-t', 'commit', '-w', '--stdin'], { stdin: text })).trim()
}
