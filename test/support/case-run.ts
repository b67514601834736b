// Runs a case and compares what came out with what is written down beside it.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Case } from './case.ts'
import type { Arrangement } from './case-hooks.ts'
import { withImage } from './case-image.ts'
import { carryOut, prepareProject } from './case-steps.ts'
import { photograph } from './rig-photo.ts'
import { openRig, withoutPackage, type Ended, type Rig } from './rig.ts'

const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

/** Runs one case. With UPDATE_GOLDEN=1 the words are written down instead of compared. */
export async function runCase(each: Case, test: TestContext): Promise<void> {
  await using rig = await openRig({
    ...(each.project === 'in' ? { from: join(each.directory, 'in') } : {}),
    prepare(project, { git }) {
      if (each.project === 'unpackaged') withoutPackage(project, git)
      if (each.project === 'image') withImage(project, git)
      if (each.project === 'in') makeRepository(project, git)
      prepareProject(each.before, project, git)
    },
  })
  const arrangement: Arrangement = { run: { env: each.env, folder: join(rig.project, each.folder) }, afterwards: [] }
  const cannot = await carryOut(each.steps, rig, arrangement)
  if (cannot !== undefined) {
    test.skip(cannot)
    return
  }
  const before = await photograph(rig.world)
  if (each.code !== undefined) await expectCode(rig, each, arrangement)
  const ended = await rig.run(each.run, arrangement.run)
  for (const after of arrangement.afterwards) await after()
  assert.equal(ended.code, each.exit, `it ended with ${ended.signal ?? ended.code}:\n${ended.stdout.slice(-3000)}\n${ended.stderr}`)
  assert.doesNotMatch(ended.stdout + ended.stderr, /^\s+at .*\(?.*:\d+:\d+\)?$/m, 'a person is shown a stack trace')
  for (const text of each.stdoutHolds ?? []) assert.ok(rig.steady(ended.stdout).includes(text), `it does not print "${text}":\n${ended.stdout}`)
  if (each.stdoutHolds === undefined) expectWords(each, 'stdout', lastPart(rig.steady(ended.stdout), each.stdoutFrom))
  expectWords(each, 'stderr', rig.steady(ended.stderr))
  if (each.world === 'untouched') assert.deepEqual(await photograph(rig.world), before, 'the world was touched')
  else assert.notDeepEqual(await photograph(rig.world), before, 'the world is untouched, and the case says otherwise')
  await carryOut(each.then, rig, arrangement)
}

function makeRepository(project: string, git: Rig['git']): void {
  git(['-c', 'init.defaultBranch=main', 'init', '--quiet'], project)
  git(['config', 'user.name', 'Ada Maintainer'], project)
  git(['config', 'user.email', 'ada@example.org'], project)
  git(['add', '--all'], project)
  git(['commit', '--quiet', '--message', 'feat: begin'], project)
  git(['remote', 'add', 'origin', 'https://github.com/oneflow-ai/oneflow.git'], project)
}

async function expectCode(rig: Rig, { run, exit, code }: Case, arrangement: Arrangement): Promise<void> {
  const { stdout } = await rig.run([...run, '--json'], arrangement.run)
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string; exit?: number; problems?: { code: string }[]; lines?: { problems: { code: string }[] }[] })
  const problems = lines.flatMap((line) => line.problems ?? line.lines?.flatMap((check) => check.problems) ?? [])
  assert.equal(problems[0]?.code, code)
  assert.deepEqual(lines.at(-1), { ...lines.at(-1), type: 'end', exit })
}

function lastPart(text: string, from: string | undefined): string {
  if (from === undefined) return text
  const at = text.split('\n').findIndex((line) => line.startsWith(from))
  assert.notEqual(at, -1, `no line begins with "${from}":\n${text}`)
  return text.split('\n').slice(at).join('\n')
}

function expectWords({ directory, name }: Case, stream: keyof Pick<Ended, 'stdout' | 'stderr'>, found: string): void {
  const file = join(directory, `${stream}.txt`)
  if (UPDATE) {
    if (found === '') rmSync(file, { force: true })
    else writeFileSync(file, found)
    return
  }
  assert.equal(found, existsSync(file) ? readFileSync(file, 'utf8') : '', `${stream} of ${name} has changed; UPDATE_GOLDEN=1 writes it down anew`)
}
