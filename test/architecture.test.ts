// The house as it stands follows its rules, and the checker sees each rule broken.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { brokenRules } from './architecture.ts'

const root = resolve(import.meta.dirname, '..')

test('every file of src follows the rules of the house', async () => {
  const sources = new Map<string, string>()
  for await (const file of glob('src/**/*.ts', { cwd: root })) sources.set(file, await readFile(join(root, file), 'utf8'))
  assert.ok(sources.has('src/model/plan.ts'))
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  const broken = brokenRules({ sources, packages: Object.keys(dependencies) })
  assert.ok(broken.length === 0, `\n${broken.join('\n')}\n`)
})

/** The rules that a made-up house breaks; each text gets its first line, so that its own lines begin at 2. */
function breaks(files: Readonly<Record<string, string>>): readonly string[] {
  return brokenRules({ sources: new Map(Object.entries(files).map(([file, text]) => [file, `// A file.\n${text}\n`])), packages: ['zod', 'yaml', 'commander', '@octokit/core'] })
}

/** The one rule that a single made-up file breaks. */
function reason(file: string, text: string): string {
  const broken = breaks({ [file]: text })
  assert.equal(broken.length, 1, `${file}: ${text}\n${broken.join('\n')}`)
  return broken[0] ?? ''
}

test('a house in order breaks no rule', () => {
  assert.deepEqual(breaks({
    'src/model/plan.ts': 'export interface Plan { readonly process: string; fetch(): void }',
    'src/plan/order.ts': "import { createHash } from 'node:crypto'\nimport type { Plan } from '../model/plan.ts'\nexport const at = (text: string) => new Date(text)\nexport { createHash, type Plan }",
    'src/targets/list.ts': "export { git } from './git/index.ts'",
    'src/targets/git/index.ts': "import { z } from 'zod'\nimport { tag } from './tag.ts'\nexport const git = { tag, z }",
    'src/targets/git/tag.ts': "import type { Plan } from '../../model/plan.ts'\nexport const tag = (plan: Plan, fetch: () => void) => { fetch(); return plan.process }",
    'src/targets/git/tag.test.ts': "import { rmSync } from 'node:fs'\nimport fc from 'fast-check'\nimport '../../rehearsal/serve.ts'\nimport '../pypi/index.ts'\nrmSync(String(Date.now()) + process.pid + String(fc))",
    'src/targets/git/test-rig.ts': "import '../../world/clock.ts'",
    'src/app/check.ts': "export const check = (require: (what: string) => void) => { require('a clean tree') }",
    'src/world/clock.ts': "import { readFileSync } from 'node:fs'\nexport const now = () => [new Date(), Date.now(), process.env, readFileSync, Math.random()]",
    'src/cli/main.ts': "import { run } from 'commander'\nimport pkg from '../../package.json' with { type: 'json' }\nexport const main = () => [import('../app/release.ts'), run, pkg]",
    'src/app/release.ts': "import '../targets/list.ts'\nimport '../world/clock.ts'",
    'src/index.ts': "export { main } from './cli/main.ts'",
  }), [])
})

test('each forbidden arrow is told with its reason', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['src/model/plan.ts', "import '../plan/order.ts'", /^src\/model\/plan\.ts:2 imports src\/plan\/order\.ts, but model may import nothing of ours: the model holds the nouns/],
    ['src/plan/order.ts', "import '../engine/drive.ts'", /plan may import only model of ours: planning is pure/],
    ['src/version/next.ts', "import '../config/parse.ts'", /version may import only model/],
    ['src/changelog/notes.ts', "import '../survey/history.ts'", /changelog may import only model, version/],
    ['src/config/parse.ts', "import '../targets/list.ts'", /config may import only model, version, changelog, calendar of ours: .* the targets that it is given/],
    ['src/targets/git/tag.ts', "import '../../engine/drive.ts'", /targets may import only model, version of ours: a target must not know/],
    ['src/targets/git/tag.ts', "import '../../rehearsal/serve.ts'", /a target must not know that it is being planned, resumed or rehearsed/],
    ['src/rehearsal/pypi/service.ts', "import '../../targets/pypi/index.ts'", /hides the bug that they share/],
    ['src/rehearsal/serve.ts', "import '../world/http.ts'", /hides the bug that they share/],
    ['src/engine/drive.ts', "import '../targets/list.ts'", /never a target, a store or the real world/],
    ['src/engine/drive.ts', "import '../storage/sqlite.ts'", /never a target, a store or the real world/],
    ['src/world/world.ts', "import '../engine/drive.ts'", /the world is a port/],
    ['src/storage/sqlite.ts', "import '../engine/fold.ts'", /does not judge them/],
    ['src/survey/tags.ts', "import '../world/git.ts'", /through the world that it is given/],
    ['src/app/release.ts', "import '../report/terminal.ts'", /its callers show it/],
    ['src/report/terminal.ts', "import '../cli/main.ts'", /what the app returns/],
    ['src/server/http.ts', "import '../cli/main.ts'", /beside it/],
    ['src/plan/order.ts', "import '../index.ts'", /the root of src is made of the folders/],
    ['src/sundry/a.ts', '', /the folder sundry, which has no place in the house/],
  ]
  for (const [file, text, because] of cases) assert.match(reason(file, text), because)
})

test('an arrow is seen in whatever form it is written', () => {
  const forms = [
    "import { drive } from '../engine/drive.ts'", "import type { Drive } from '../engine/drive.ts'", "export * from '../engine/drive.ts'", "export { drive } from '../engine/drive.ts'",
    "export const load = () => import('../engine/drive.ts')", "export type Drive = import('../engine/drive.ts').Drive", 'export const load = () => import(`../engine/drive.ts`)',
    "export type All = typeof import('../engine/drive.ts')",
  ]
  for (const form of forms) assert.match(reason('src/plan/order.ts', form), /^src\/plan\/order\.ts:2 imports src\/engine\/drive\.ts/, form)
  assert.match(reason('src/plan/order.ts', 'export const load = (name: string) => import(name)'), /computed name/)
  assert.deepEqual(breaks({ 'src/plan/order.ts': "// import '../engine/drive.ts'\nexport const text = \"import '../engine/drive.ts'\"" }), [])
})

test('a target stands alone, but for recording evidence', () => {
  assert.match(reason('src/targets/pypi/upload.ts', "import '../git/tag.ts'"), /a target stands alone/)
  assert.match(reason('src/targets/pypi/upload.ts', "import '../list.ts'"), /does not know the list/)
  assert.deepEqual(breaks({ 'src/targets/pypi/build.ts': "import '../checks/evidence.ts'" }), [])
})

test('what reaches outside is told where it does not belong', () => {
  const uses: readonly [string, RegExp][] = [
    ["import 'node:fs'", /imports node:fs, but only world, cli, report, server, storage, rehearsal may touch processes, sockets and files/],
    ["import 'node:module'", /node:module/],
    ["import 'node:fs/promises'", /node:fs\/promises/], ["import 'node:child_process'", /node:child_process/], ["import 'node:net'", /node:net/], ["import 'node:http'", /node:http/],
    ["import 'node:os'", /node:os/], ["import 'node:process'", /node:process/], ["import 'node:timers/promises'", /node:timers/], ["import 'node:sqlite'", /node:sqlite/],
    ['export const home = process.env', /uses process, but only .* the process/],
    ['export const home = globalThis.process.env', /uses process/],
    ['export const now = () => Date.now()', /uses Date\.now, but only .* the clock/],
    ['export const now = Date.now', /uses Date\.now/],
    ['export const now = () => new Date()', /uses new Date\(\)/],
    ['export const now = () => new Date', /uses new Date\(\)/],
    ['export const now = () => Date()', /uses Date\(\)/],
    ['export const now = () => performance.now()', /uses performance/],
    ['setTimeout(() => {}, 1)', /uses setTimeout/],
    ['export const late = () => AbortSignal.timeout(1)', /uses AbortSignal\.timeout/],
    ["export const page = () => fetch('x')", /uses fetch, but only .* the network/],
  ]
  for (const [text, told] of uses) {
    assert.match(reason('src/engine/drive.ts', text), told, text)
    assert.deepEqual(breaks({ 'src/world/world.ts': text }), [], text)
  }
})

test('a pure folder leaves nothing to chance and imports nothing but what it computes with', () => {
  assert.match(reason('src/plan/digest.ts', 'export const id = () => Math.random()'), /plan is pure/)
  assert.match(reason('src/plan/digest.ts', "import { randomUUID } from 'node:crypto'\nexport const id = () => randomUUID()"), /uses randomUUID, but plan is pure/)
  assert.match(reason('src/version/next.ts', "import 'node:crypto'"), /version may import nothing of Node/)
  assert.match(reason('src/model/plan.ts', "import 'zod'"), /model may import nothing of npm/)
  assert.match(reason('src/plan/read.ts', "import 'yaml'"), /plan may import only zod of npm/)
  assert.deepEqual(breaks({ 'src/engine/drive.ts': "import { randomUUID } from 'node:crypto'\nexport const id = () => randomUUID()" }), [])
})

test('what ships depends on what ships', () => {
  assert.match(reason('src/cli/main.ts', "import 'fast-check'"), /imports fast-check, which does not ship/)
  assert.match(reason('src/cli/main.ts', "import '@octokit/other/deep.js'"), /@octokit\/other, which does not ship/)
  assert.match(reason('src/cli/main.ts', "import './main.test.ts'"), /may not depend on tests/)
  assert.match(reason('src/cli/main.ts', "import '../../test/support/python.ts'"), /made of src alone/)
})

test('folders that import each other in a circle are told with an import for each arrow', () => {
  const broken = breaks({
    'src/app/a.ts': "import '../world/w.ts'",
    'src/world/w.ts': "import '../storage/s.ts'",
    'src/storage/s.ts': "import type { A } from '../app/a.ts'\nexport type { A }",
  }).filter((sentence) => sentence.includes('circle'))
  assert.equal(broken.length, 1)
  assert.match(broken[0] ?? '', /app → world \(src\/app\/a\.ts:2\), world → storage \(src\/world\/w\.ts:2\), storage → app \(src\/storage\/s\.ts:2\)/)
})

test('every file says what it is, exports by name, and is called after its idea', () => {
  const first = brokenRules({ sources: new Map([['src/plan/a.ts', "export const a = 1\n"], ['src/plan/a.test.ts', "import 'node:test'\n"]]), packages: [] })
  assert.deepEqual(first.map((sentence) => sentence.split(':')[0]), ['src/plan/a.ts', 'src/plan/a.test.ts'])
  assert.match(first[0] ?? '', /the first line says what the file is/)
  for (const text of ['export default 1', 'export default function f() {}', 'const a = 1\nexport { a as default }']) assert.match(reason('src/plan/a.ts', text), /default export/, text)
  assert.match(reason('src/plan/utils/a.ts', ''), /a name that says nothing/)
  assert.match(reason('src/plan/helpers.ts', ''), /a name that says nothing/)
})
