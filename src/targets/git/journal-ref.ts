// The ref of a remote in which what was begun travels from machine to machine: one file, moved by compare-and-swap.
import { SlipwayError } from '../../model/error.ts'
import type { Look, World } from '../../model/world.ts'
import { commitText } from './objects.ts'
import { fetchOnly, hasObject, remoteRef, swapRef, type Remote } from './remote.ts'
import { plumb } from './tree.ts'
import { reaching } from './trouble.ts'

/** The ref that holds it. */
export const JOURNAL_REF = 'refs/slipway/journal'

const FILE = 'journal.jsonl'

const ATTEMPTS = 8

/** What the ref holds now: the text of its file, and the commit that has it. */
export interface JournalAtRemote {
  readonly commit: string
  readonly text: string
}

/** Reads the ref; undefined when there is none. Throws SlipwayError `remote-unreachable`, or `journal-invalid` when it has no such file. */
export async function readJournalRef(world: World, at: Remote): Promise<JournalAtRemote | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await reaching(at.remote, () => remoteRef(world, at, JOURNAL_REF))
    if (found === undefined) return undefined
    const commit = found.object
    // The ref may move between the look and the fetch; what was fetched is then another commit.
    if (!(await hasObject(world, commit))) await reaching(at.remote, () => fetchOnly(world, at, commit)).catch(() => undefined)
    if (await hasObject(world, commit)) return { commit, text: await textOf(world, at, commit) }
  }
  throw new SlipwayError({
    code: 'remote-unreachable',
    message: `${JOURNAL_REF} on ${at.remote} could be seen but not fetched.`,
    hint: `Check \`git fetch ${at.remote} ${JOURNAL_REF}\` and run the same command again.`,
  })
}

async function textOf(look: Look, at: Remote, commit: string): Promise<string> {
  const file = await look.git(['cat-file', 'blob', `${commit}:${FILE}`])
  if (file.code === 0) return file.stdout
  throw unreadableJournalRef(at)
}

/**
 * Writes what `decide` makes of the text that is there, until the swap meets the state that it was made of. Undefined leaves it as it is.
 * Throws SlipwayError `remote-unreachable` or `lease-held`, or Refused where the remote declines.
 */
export async function writeJournalRef(world: World, at: Remote, decide: (text: string | undefined) => string | undefined): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await readJournalRef(world, at)
    const text = decide(found?.text)
    if (text === undefined || text === found?.text) return
    const to = await writeCommit(world, text, found?.commit)
    if (await reaching(at.remote, () => swapRef(world, at, { ref: JOURNAL_REF, from: found?.commit, to })) === 'moved') return
  }
  throw new SlipwayError({
    code: 'lease-held',
    message: `${JOURNAL_REF} on ${at.remote} changed ${ATTEMPTS} times while this program tried to write it.`,
    hint: 'Another machine is writing it at this very moment; run the same command again.',
  })
}

/** A new text follows the one before, so that a remote which forbids non-fast-forward pushes accepts it. */
async function writeCommit(world: World, text: string, parent: string | undefined): Promise<string> {
  const blob = (await plumb(world, ['hash-object', '-w', '--stdin'], { stdin: text })).trim()
  const tree = (await plumb(world, ['mktree'], { stdin: `100644 blob ${blob}\t${FILE}\n` })).trim()
  const commit = commitText({ tree, ...(parent === undefined ? {} : { parent }), author: 'Slipway <slipway@localhost>', date: world.now().toISOString(), message: 'What was begun' })
  return (await plumb(world, ['hash-object', '-t', 'commit', '-w', '--stdin'], { stdin: commit })).trim()
}

/** The problem of a ref that holds something else. */
export function unreadableJournalRef(at: Pick<Remote, 'remote'>): SlipwayError {
  return new SlipwayError({
    code: 'journal-invalid',
    message: `${JOURNAL_REF} on ${at.remote} holds something that this version of Slipway cannot read.`,
    hint: `Use the version that wrote it, or remove it with \`git push ${at.remote} :${JOURNAL_REF}\`: the release goes on without it, what can be read back is found by looking.`,
  })
}
