// Repositories with long histories, made once and kept in the system's temporary folder.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A repository with a history, and what is true of it. */
export interface History {
  readonly folder: string
  readonly commits: number
  /** Commits since the last tag. */
  readonly unreleased: number
  readonly lastTag: string
  /** The version that comes next. */
  readonly next: string
}

/** Finds or makes a history. 1,000,000 commits take a few minutes and 700 MB the first time. */
export async function history(commits: number, unreleased: number): Promise<History> {
  const folder = join(tmpdir(), 'slipway-bench-histories', `${commits}-${unreleased}`)
  if (!existsSync(join(folder, '.git', 'bench.json'))) {
    const making = `${folder}.making`
    await rm(making, { recursive: true, force: true })
    console.error(`making a history of ${commits} commits, ${unreleased} of them new`)
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'gen-history.mjs'), '--out', making, '--commits', String(commits), '--unreleased', String(unreleased)])
    await rm(folder, { recursive: true, force: true })
    await rename(making, folder)
  }
  const { lastTag, next } = JSON.parse(await readFile(join(folder, '.git', 'bench.json'), 'utf8')) as { lastTag: string; next: string }
  return { folder, commits, unreleased, lastTag, next }
}
