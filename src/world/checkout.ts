// Writes the files of a commit or tree into a folder, the same on every machine.
import { chmod, lstat, lutimes, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../model/error.ts'
import type { Git } from './git.ts'

// Any fixed time would do that a ZIP archive can hold (from 1980) in every time zone.
const writtenAt = new Date('2000-01-01T00:00:00Z')

/**
 * Fills an empty folder as a fresh clone would: `.gitattributes` of the tree count, but neither the machine's line-ending settings nor what
 * attributes say for archives (`export-ignore`). Submodules stay empty folders. Modes are 0755 and 0644, all times are one fixed time.
 * `index` is a path for git's temporary index. Throws SlipwayError `command-failed`.
 */
export async function checkOut(git: Git, tree: string, where: { readonly folder: string; readonly index: string }): Promise<void> {
  const env = { GIT_INDEX_FILE: where.index }
  const settings = { 'core.autocrlf': 'false', 'core.eol': 'lf', 'core.symlinks': 'true', 'core.fileMode': 'true', 'core.attributesFile': '/dev/null', 'core.bare': 'false' }
  for (const args of [['read-tree', '--end-of-options', tree], ['checkout-index', '--all', '--quiet']]) {
    const answer = await git([`--work-tree=${where.folder}`, ...args], { env, settings })
    if (answer.code === 0) continue
    throw new SlipwayError({
      code: 'command-failed',
      message: `git could not write out the files of ${tree} (exit code ${answer.code}).`,
      hint: `Check that the repository has it: git cat-file -t ${tree}`,
      detail: answer.stderr.trim(),
    })
  }
  await even(where.folder)
}

async function even(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await lstat(path)
    if (found.isDirectory()) await even(path)
    else if (found.isSymbolicLink()) await lutimes(path, writtenAt, writtenAt)
    else {
      await chmod(path, (found.mode & 0o100) === 0 ? 0o644 : 0o755)
      await utimes(path, writtenAt, writtenAt)
    }
  }
  await chmod(folder, 0o755)
  await utimes(folder, writtenAt, writtenAt)
}
