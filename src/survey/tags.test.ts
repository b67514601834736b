// The last release before a commit.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorld } from '../world/world.ts'
import { formatSemVer } from '../version/index.ts'
import { surveyTags } from './tags.ts'
import type { Look } from '../model/world.ts'

interface Repository {
  readonly look: Look
  /** The git commands that the survey has run. */
  readonly asked: readonly string[]
}

/** A repository that `git fast-import` makes of lines such as `main: v1.0.0` (a commit on main, tagged) or `main <- old` (a merge). */
async function withHistory(history: readonly string[], use: (repository: Repository) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-tags-'))
  const git = (args: readonly string[], input = ''): void => void execFileSync('git', args, { cwd: folder, input, stdio: ['pipe', 'ignore', 'inherit'] })
  try {
    git(['init', '--quiet'])
    git(['fast-import', '--quiet'], stream(history))
    const world = openWorld({ repository: folder, folder, env: process.env, version: 'test', gitInherits: 'nothing', evidence: { find: async () => undefined, record: async () => undefined } })
    const asked: string[] = []
    await use({ asked, look: { ...world, git: (args, options) => (asked.push(args[0] ?? ''), world.git(args, options)) } })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function stream(history: readonly string[]): string {
  const marks = new Map<string, number>()
  return history.map((line, index) => {
    const mark = index + 1
    const [, branch = '', how, rest = ''] = /^(\w+)(:| <-| from) ?(.*)$/.exec(line) ?? []
    const [before, merged] = [marks.get(branch), marks.get(rest)]
    if (how === ' from') {
      marks.set(branch, merged ?? 0)
      return `reset refs/heads/${branch}\nfrom :${merged}\n\n`
    }
    marks.set(branch, mark)
    const time = 1_700_000_000 + index * 60
    const from = before === undefined ? '' : `from :${before}\n`
    const merge = how === ' <-' ? `merge :${merged}\n` : ''
    const commit = `commit refs/heads/${branch}\nmark :${mark}\ncommitter A <a@example.org> ${time} +0000\ndata 0\n${from}${merge}\n`
    const tags = how === ':' && rest !== '' ? rest.split(' ') : []
    return commit + tags.map((tag) => {
      marks.set(tag, mark)
      return `tag ${tag}\nfrom :${mark}\ntagger A <a@example.org> ${time} +0000\ndata 0\n\n`
    }).join('')
  }).join('')
}

const pattern = 'v{version}'

async function lastAndHighest(...of: Parameters<typeof surveyTags>) {
  const { last, versions } = await surveyTags(...of)
  return { last, highest: versions[0] && formatSemVer(versions[0]) }
}

test('the highest version counts by precedence, also where a prerelease or another name of the commit stands beside it', async () => {
  await withHistory(['main: v1.9.0', 'main: v1.10.0-rc.1 v1.10.0 vendor v01.2.3', 'main:'], async ({ look, asked }) => {
    assert.deepEqual(await lastAndHighest(look, { pattern, commit: 'refs/heads/main' }), { last: { tag: 'v1.10.0', version: '1.10.0' }, highest: '1.10.0' })
    assert.deepEqual(asked, ['for-each-ref', 'merge-base'])
  })
})

test('a maintenance branch goes on from its own last release, with no look for each of the many versions beside it', async () => {
  const later = Array.from({ length: 60 }, (_, minor) => `main: v2.${minor}.0`)
  await withHistory(['main: v1.0.0', 'main:', ...later, 'old from v1.0.0', 'old: v1.0.1', 'old:', 'main:'], async ({ look, asked }) => {
    assert.deepEqual(await lastAndHighest(look, { pattern, commit: 'refs/heads/old' }), { last: { tag: 'v1.0.1', version: '1.0.1' }, highest: '2.59.0' })
    assert.equal(asked.length, 5)
  })
})

test('a higher version counts although a lower one was merged later and is nearer, and a still higher one lies elsewhere', async () => {
  await withHistory(['main: v1.0.0', 'main: v1.1.0', 'main:', 'next from v1.1.0', 'next: v2.0.0-alpha.1', 'old from v1.0.0', 'old: v1.0.1', 'main <- old', 'main:'], async ({ look }) => {
    assert.deepEqual(await lastAndHighest(look, { pattern, commit: 'refs/heads/main' }), { last: { tag: 'v1.1.0', version: '1.1.0' }, highest: '2.0.0-alpha.1' })
  })
})

test('no version is the last one where none is reachable, or none is there', async () => {
  await withHistory(['main: v1.0.0', 'other:'], async ({ look }) => {
    assert.deepEqual(await lastAndHighest(look, { pattern, commit: 'refs/heads/other' }), { last: undefined, highest: '1.0.0' })
    assert.deepEqual(await lastAndHighest(look, { pattern: 'release-{version}', commit: 'refs/heads/main' }), { last: undefined, highest: undefined })
  })
})
