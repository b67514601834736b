// The whole of `slipway plan` on a long history, end to end.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Built } from './built.ts'
import { history } from './histories.ts'
import { race } from './race.ts'
import { row, type Row } from './row.ts'

const ROUNDS = 7

const CONFIG = `name: bench
version:
  places: [package.json]
git:
  merge: push
`

const CHANGELOG = `# Changelog

## [Unreleased]
`

/** Measures `slipway plan` on 1,000,000 commits with 250 new ones and a bare repository on the same disk as its remote. */
export async function planRows({ slipway }: Built): Promise<readonly Row[]> {
  const { folder: source, next } = await history(1_000_000, 250)
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-plan-'))
  const [remote, project] = [join(folder, 'remote.git'), join(folder, 'project')]
  const git = (cwd: string, ...args: readonly string[]) => promisify(execFile)('git', args, { cwd })
  try {
    await git(folder, 'clone', '--quiet', '--bare', source, remote)
    await git(folder, 'clone', '--quiet', remote, project)
    await writeFile(join(project, 'slipway.yaml'), CONFIG)
    await writeFile(join(project, 'CHANGELOG.md'), CHANGELOG)
    await git(project, 'config', 'user.name', 'bench')
    await git(project, 'config', 'user.email', 'bench@example.org')
    await git(project, 'add', '--all')
    await git(project, 'commit', '--quiet', '--message', 'chore: release with slipway')
    await git(project, 'push', '--quiet', 'origin', 'HEAD')
    const seen = await race({
      least: { program: process.execPath, args: [join(import.meta.dirname, 'history-least.mjs')], folder: project },
      ours: { program: process.execPath, args: [slipway, 'plan', 'auto', '--json'], folder: project },
    }, ROUNDS)
    if (!seen.ours.printed.every((text) => text.includes(`"to":"${next}"`))) throw new Error(`slipway did not plan ${next}: ${seen.ours.printed[0]}`)
    return [row('slipway plan: 1,000,000 commits, 250 new', { ours: seen.ours.wall, limit: seen.least.wall, unit: 'ms', against: 'git describe, git log and a split, in Node' })]
  } finally {
    await rm(folder, { recursive: true })
  }
}
