// Reads and moves refs of a remote: every change is a compare-and-swap, one ref at a time.
import { Refused } from '../../model/error.ts'
import type { SecretRef } from '../../model/secret.ts'
import type { CommandAnswer, Look, World } from '../../model/world.ts'
import { gitWords, remoteTrouble } from './trouble.ts'

/** A remote, and the secret that opens it where git has no credentials of its own. */
export interface Remote {
  readonly remote: string
  readonly token?: SecretRef
}

/** What a ref of a remote holds: an object, and for an annotated tag also the commit it points to. */
export interface RemoteRef {
  readonly object: string
  readonly commit: string
}

/** What a remote has under a full ref name. Refused or a plain Error when the remote does not answer. */
export async function remoteRef(look: Look, at: Remote, ref: string): Promise<RemoteRef | undefined> {
  const answer = await gitAt(look, at, ['ls-remote', at.remote, ref, `${ref}^{}`])
  if (answer.code !== 0) throw remoteTrouble(answer, { remote: at.remote, doing: 'read' })
  const seen = new Map(answer.stdout.split('\n').map((line) => line.split('\t')).map(([id = '', name = '']) => [name, id]))
  const object = seen.get(ref)
  return object === undefined ? undefined : { object, commit: seen.get(`${ref}^{}`) ?? object }
}

/** One ref to move: `from` is what the remote must hold now, `to` what it shall hold; undefined stands for no ref. */
export interface Swap {
  readonly ref: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/**
 * Moves a ref only if it holds what is expected: `stale` when it holds neither that nor what it shall hold. Throws Refused when the remote declines, and a plain Error
 * when its answer leaves doubt.
 */
export async function swapRef(world: World, at: Remote, { ref, from, to }: Swap): Promise<'moved' | 'stale'> {
  const options = ['--atomic', '--porcelain', '--no-follow-tags', '--recurse-submodules=no']
  const answer = await gitAt(world, at, ['push', ...options, `--force-with-lease=${ref}:${from ?? ''}`, at.remote, `${to ?? ''}:${ref}`])
  if (answer.code === 0) return 'moved'
  const verdict = refusal(answer.stdout, ref)
  if (verdict === undefined) throw remoteTrouble(answer, { remote: at.remote, doing: 'push to' })
  const words = gitWords(answer.stderr)
  // git sends a push again when the connection breaks before the answer: what is rejected then may be the echo of our own success.
  const now = (await remoteRef(world, at, ref).catch(doubted))?.object
  if (now === to) return 'moved'
  // The remote's own lock on the ref may be lost in the moment after git's look at it; an atomic push does not say so in its line.
  const lost = verdict.by === 'lease' || /reference already exists|but expected|Unable to create '[^']*\.lock'/.test(words)
  if (lost || now !== from) return 'stale'
  throw new Refused({
    code: 'right-missing',
    message: `The remote ${at.remote} declined the change of ${ref}: ${verdict.why}.`,
    hint: 'A hook or a protection rule of the repository forbids it; let the token pass the rule, or change the rule.',
    detail: words,
  })
}

/** A look that fails after a push is no proof that nothing was pushed. */
function doubted(error: unknown): never {
  throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
}

/** Reads the line of `git push --porcelain` on a ref: https://git-scm.com/docs/git-push#_output */
export function refusal(porcelain: string, ref: string): { readonly by: 'lease' | 'remote'; readonly why: string } | undefined {
  const line = porcelain.split('\n').find((line) => line.startsWith('!\t') && line.split('\t')[1]?.endsWith(`:${ref}`))
  const [, summary, why = ''] = /\t(\[[^\]]*\])(?: \((.*)\))?$/.exec(line ?? '') ?? []
  if (summary === '[rejected]') return { by: 'lease', why }
  return summary === '[remote rejected]' ? { by: 'remote', why } : undefined
}

/** True when the local repository has the object. */
export async function hasObject(look: Look, object: string): Promise<boolean> {
  return (await look.git(['cat-file', '-e', object])).code === 0
}

/** Fetches a commit when the local repository lacks it; changes no ref. */
export async function bringCommit(world: World, at: Remote, commit: string): Promise<void> {
  if (await hasObject(world, `${commit}^{commit}`)) return
  await fetchOnly(world, at, commit)
}

/** Fetches an object or a ref into the object store and nowhere else. */
export async function fetchOnly(world: World, at: Remote, what: string): Promise<void> {
  const answer = await gitAt(world, at, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no', at.remote, what])
  if (answer.code !== 0) throw remoteTrouble(answer, { remote: at.remote, doing: `fetch ${what} from` })
}

async function gitAt(look: Look, at: Remote, args: readonly string[]): Promise<CommandAnswer> {
  return look.git(args, at.token === undefined ? {} : { secret: at.token.$secret })
}
