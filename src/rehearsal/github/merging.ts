// Merges in a bare repository, with no working tree: merge commits, squashes and rebases as GitHub makes them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, isAncestor, tryGit } from '../git/bare.ts'
import { runGit } from '../git/process.ts'
import { readCommit, writeCommit } from './objects.ts'
import type { Maker } from './objects.ts'

/** The tree of two commits merged, undefined when they conflict or share no history. */
export async function mergedTree(bare: string, ours: string, theirs: string): Promise<string | undefined> {
  if (await isAncestor(bare, ours, theirs)) return treeOf(bare, theirs)
  const base = await tryGit(bare, ['merge-base', ours, theirs])
  if (base.code !== 0) return undefined
  return mergeTrees(bare, { base: base.stdout.toString().trim(), ours, theirs })
}

/**
 * The head of a branch after the commits of `base..head` were put on top of its base one by one, merges left out;
 * undefined when one conflicts. GitHub writes every commit anew, even where nothing had to move.
 */
export async function rebased(bare: string, range: { readonly base: string; readonly head: string }, committer: Maker): Promise<string | undefined> {
  const listed = await git(bare, ['rev-list', '--reverse', '--topo-order', '--no-merges', `${range.base}..${range.head}`])
  let top = range.base
  for (const sha of listed.split('\n').filter((line) => line !== '')) {
    const commit = await readCommit(bare, sha)
    const parent = commit.parents[0]
    if (parent === undefined) return undefined
    const tree = await mergeTrees(bare, { base: parent, ours: top, theirs: sha })
    if (tree === undefined) return undefined
    top = await writeCommit(bare, { tree, parents: [top], author: commit.author, committer, message: commit.message })
  }
  return top
}

/** The tree of a commit. */
export function treeOf(bare: string, commit: string): Promise<string> {
  return git(bare, ['rev-parse', `${commit}^{tree}`])
}

// `git merge-tree --write-tree` would do this, but comes with git 2.38 only. Renames are not followed.
async function mergeTrees(bare: string, sides: { readonly base: string; readonly ours: string; readonly theirs: string }): Promise<string | undefined> {
  const base = await treeOf(bare, sides.base)
  const ours = await treeOf(bare, sides.ours)
  const theirs = await treeOf(bare, sides.theirs)
  if (base === ours || ours === theirs) return theirs
  if (base === theirs) return ours
  const folder = await mkdtemp(join(tmpdir(), 'merge-'))
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') }
    await git(bare, ['read-tree', '-i', '-m', '--aggressive', base, ours, theirs], { env })
    for (const entry of unmerged(await git(bare, ['ls-files', '--unmerged', '-z'], { env }))) {
      const blob = await mergeFile(bare, folder, entry.blobs)
      if (blob === undefined) return undefined
      await git(bare, ['update-index', '--index-info'], { env, stdin: `0 ${'0'.repeat(40)}\t${entry.path}\n${entry.mode} ${blob}\t${entry.path}\n` })
    }
    return await git(bare, ['write-tree'], { env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Unmerged {
  readonly path: string
  mode: string
  /** The file in the base, in ours and in theirs; holes where one side has not got it. */
  readonly blobs: (string | undefined)[]
}

function unmerged(listing: string): readonly Unmerged[] {
  const entries = new Map<string, Unmerged>()
  for (const line of listing.split('\0').filter((text) => text !== '')) {
    const [, mode = '', blob = '', stage = '', path = ''] = /^(\d+) ([0-9a-f]+) ([123])\t(.*)$/s.exec(line) ?? []
    const entry = entries.get(path) ?? { path, mode, blobs: [undefined, undefined, undefined] }
    entry.mode = mode
    entry.blobs[Number(stage) - 1] = blob
    entries.set(path, entry)
  }
  return [...entries.values()]
}

async function mergeFile(bare: string, folder: string, blobs: readonly (string | undefined)[]): Promise<string | undefined> {
  const names: string[] = []
  for (const [index, blob] of blobs.entries()) {
    if (blob === undefined) return undefined
    const name = join(folder, `side-${index}`)
    await writeFile(name, (await tryGit(bare, ['cat-file', 'blob', blob])).stdout)
    names.push(name)
  }
  const [base = '', ours = '', theirs = ''] = names
  const merged = await runGit(['merge-file', '-p', '--quiet', ours, base, theirs])
  return merged.code === 0 ? git(bare, ['hash-object', '-w', '--stdin'], { stdin: merged.stdout }) : undefined
}
