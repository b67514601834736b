// The ref of a remote in which what was begun travels from machine to machine: one file, moved by compare-and-swap.
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { ATTEMPTS, bringOwnRef, changeOwnRef, writeOwnCommit, type Held } from './own-ref.ts'
import type { Remote } from './remote.ts'
import { plumb } from './tree.ts'

/** The ref that holds it. */
const JOURNAL_REF = 'refs/slipway/journal'

const FILE = 'journal.jsonl'

/** Reads the text of the ref's file; undefined when there is no such ref. Throws SlipwayError `remote-unreachable`, or `journal-invalid` when it has no such file. */
export async function readJournalRef(world: World, at: Remote): Promise<string | undefined> {
  return (await heldIn(world, at))?.value
}

async function heldIn(world: World, at: Remote): Promise<Held<string> | undefined> {
  const commit = await bringOwnRef(world, at, { ref: JOURNAL_REF, called: JOURNAL_REF })
  if (commit === undefined) return undefined
  const file = await world.git(['cat-file', 'blob', `${commit}:${FILE}`])
  if (file.code !== 0) throw unreadableJournalRef(at)
  return { commit, value: file.stdout }
}

/**
 * Writes what `decide` makes of the text that is there, until the swap meets the state that it was made of.
 * Throws SlipwayError `remote-unreachable` or `lease-held`, or Refused where the remote declines.
 */
export async function writeJournalRef(world: World, at: Remote, decide: (text: string | undefined) => string): Promise<void> {
  await changeOwnRef(world, at, {
    ref: JOURNAL_REF,
    read: () => heldIn(world, at),
    decide,
    write: (text, parent) => writeCommit(world, text, parent),
    lost: () => new SlipwayError({
      code: 'lease-held',
      message: `${JOURNAL_REF} on ${at.remote} changed ${ATTEMPTS} times while this program tried to write it.`,
      hint: 'Another machine is writing it at this very moment; run the same command again.',
    }),
  })
}

async function writeCommit(world: World, text: string, parent: string | undefined): Promise<string> {
  const blob = (await plumb(world, ['hash-object', '-w', '--stdin'], { stdin: text })).trim()
  const tree = (await plumb(world, ['mktree'], { stdin: `100644 blob ${blob}\t${FILE}\n` })).trim()
  return writeOwnCommit(world, { tree, parent, message: 'What was begun' })
}

/** The problem of a ref that holds something else. */
export function unreadableJournalRef(at: Pick<Remote, 'remote'>): SlipwayError {
  return new SlipwayError({
    code: 'journal-invalid',
    message: `${JOURNAL_REF} on ${at.remote} holds something that this version of Slipway cannot read.`,
    hint: `Use the version that wrote it, or remove it with \`git push ${at.remote} :${JOURNAL_REF}\`: the release goes on without it, what can be read back is found by looking.`,
  })
}
