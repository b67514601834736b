// The kind git.commit: makes the release commit in the local repository, moving no ref and touching no file.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { commitId, commitText } from './objects.ts'
import { bringCommit, hasObject } from './remote.ts'
import { dateShape, objectShape, personShape, remoteShape, tokenShape } from './shape.ts'
import { plumb, writeTree } from './tree.ts'
import { shellWord } from './names.ts'

const input = z.strictObject({
  /** Where the parent is fetched from when it is missing. */
  remote: remoteShape,
  token: z.exactOptional(tokenShape),
  commit: objectShape,
  tree: objectShape,
  parent: objectShape,
  message: z.string().min(1),
  author: personShape,
  date: dateShape,
  files: z.array(z.strictObject({ path: z.string().min(1), text: z.string() })),
})

const output = z.strictObject({ commit: objectShape, tree: objectShape })

/** The release commit as objects of the local repository; `git.branch` sends it out. */
export const gitCommit = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'git.commit',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ remote, release, base }) => {
    const parts = { tree: release.tree, parent: base.commit, author: release.author, date: release.date, message: `${release.message}\n\nAgain.\n` }
    return [{ remote, commit: commitId(parts), ...parts, files: [...release.files] }]
  },
  describe: ({ commit, parent, files, message, date }) => ({
    apply: `Make the commit ${commit.slice(0, 12)} (${subject(message)}) on ${parent.slice(0, 12)}, editing ${files.map(({ path }) => path).join(', ')}.`,
    undo: 'Nothing to take back: no ref names the commit.',
    byHand: [
      `git switch --detach ${parent}`,
      `$EDITOR ${files.map(({ path }) => shellWord(path)).join(' ')}`,
      `GIT_COMMITTER_DATE=${date} git commit --all --date ${date} --message ${shellWord(message.trim())}`,
    ],
  }),
  async probe(look, { commit, tree }) {
    return await hasObject(look, `${commit}^{commit}`) ? { state: 'present', output: { commit, tree } } : { state: 'absent' }
  },
  async apply(world, planned) {
    const { commit, tree, parent, files } = planned
    await bringCommit(world, planned, parent)
    requireSame('tree', tree, await writeTree(world, { parent, files }))
    requireSame('commit', commit, (await plumb(world, ['hash-object', '-t', 'commit', '-w', '--stdin'], { stdin: commitText(planned) })).trim())
    return { commit, tree }
  },
})

function requireSame(what: 'tree' | 'commit', planned: string, made: string): void {
  if (planned === made) return
  throw new Refused({
    code: 'plan-stale',
    message: `The ${what} made from the plan's files is ${made}, but the plan says ${planned}.`,
    hint: 'The plan does not fit this repository; plan the release again with `slipway plan`.',
  })
}

function subject(message: string): string {
  return message.split('\n', 1)[0] ?? ''
}
