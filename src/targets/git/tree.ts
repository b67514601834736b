// Writes a tree with some files replaced, beside the index and the work tree.
import { Refused } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { gitWords } from './trouble.ts'

/** A tree as its parent has it, but for the files given here whole. Paths are relative to the repository's root. */
export interface TreeEdit {
  /** A commit or tree that the local repository has. */
  readonly parent: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** Writes the tree's objects and returns its id. Files keep their mode, new ones are 100644. Changes no ref, no index, no work tree. */
export async function writeTree(world: World, { parent, files }: TreeEdit): Promise<string> {
  return world.scratch(async (scratch) => {
    const env = { GIT_INDEX_FILE: `${scratch.path}/index` }
    const modes = fileModes(await plumb(world, ['ls-tree', '-z', '-r', '--full-tree', parent, '--', ...files.map(({ path }) => path)]))
    const rows: string[] = []
    for (const { path, text } of files) {
      const blob = await plumb(world, ['hash-object', '-w', '--stdin'], { stdin: text })
      rows.push(`${modes.get(path) ?? '100644'} ${blob.trim()}\t${path}\0`)
    }
    await plumb(world, ['read-tree', parent], { env })
    await plumb(world, ['update-index', '-z', '--index-info'], { env, stdin: rows.join('') })
    return (await plumb(world, ['write-tree'], { env })).trim()
  })
}

/** Runs a local git command and returns what it printed. Throws Refused: without its objects nothing is sent anywhere. */
export async function plumb(world: World, args: readonly string[], options: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<string> {
  const answer = await world.git(args, options)
  if (answer.code === 0) return answer.stdout
  throw new Refused({
    code: 'command-failed',
    message: `\`git ${args.slice(0, 2).join(' ')}\` failed with exit code ${answer.code}.`,
    hint: 'Check the repository with `git fsck`, and that its disk has room.',
    detail: gitWords(answer.stderr),
  })
}

function fileModes(listing: string): ReadonlyMap<string, string> {
  const rows = listing.split('\0').filter((row) => row !== '')
  return new Map(rows.map((row) => [row.slice(row.indexOf('\t') + 1), row.slice(0, row.indexOf(' '))]))
}
