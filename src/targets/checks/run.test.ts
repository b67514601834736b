// Tests of checks.run and of the target around it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import { openTiny } from '../pypi/tiny.fixture.ts'
import { milliseconds } from './duration.ts'
import { checksTarget as checks } from './index.ts'
import { lastLines, listen } from './output.ts'
import { checkRun } from './run.ts'

const tiny = openTiny()
after(() => tiny[Symbol.asyncDispose]())
const { world } = tiny
const run = (input: { name: string; run: string; tree: string; timeout?: string }) => checkRun.apply!(world, input, tiny.once)

test('a check runs on the files of the tree alone, says its lines, keeps its output and is not run twice', async () => {
  const tree = tiny.tree({ 'only.txt': 'here' })
  const input = { name: 'files', run: 'cat only.txt; echo; ls .git 2>&1; echo done', tree }
  assert.equal((await checkRun.probe(world, input, 'key')).state, 'absent')
  const output = await run(input)
  assert.deepEqual(output.evidence.map(({ title, passed }) => ({ title, passed })), [{ title: `check "files" on tree ${tree.slice(0, 7)}`, passed: true }])
  assert(tiny.said.includes('here') && tiny.said.includes('done'))
  const log = await world.scratch(async (scratch) => {
    await scratch.place(output.log as `sha256:${string}`, 'log')
    return scratch.read('log')
  })
  assert.match(log, /^here\n.*No such file or directory\ndone\n$/)
  assert.deepEqual(await checkRun.probe(world, input, 'key'), { state: 'present', output })
  for (const other of [{ ...input, run: 'true' }, { ...input, name: 'other' }, { ...input, tree: tiny.tree() }]) {
    assert.equal((await checkRun.probe(world, other, 'key')).state, 'absent')
  }
})

test('a failing check is refused with its code and last lines, kept as failed, and tried again', async () => {
  const input = { name: 'tests', run: 'seq 1 100; echo broken >&2; exit 3', tree: tiny.tree() }
  await assert.rejects(run(input), (error) => {
    assert(error instanceof Refused && error.code === 'check-failed')
    assert.equal(error.message, 'The check "tests" ended with exit code 3.')
    const { detail = '', hint = '' } = error.problems[0]
    assert.equal(detail.split('\n').length, 20)
    assert.match(detail, /broken/)
    assert(hint.includes(`git archive ${input.tree}`) && hint.endsWith(input.run))
    return true
  })
  assert.deepEqual([...tiny.evidence.values()].filter(({ title }) => title.includes('"tests"')).map(({ passed }) => passed), [false])
  assert.equal((await checkRun.probe(world, input, 'key')).state, 'absent')
})

test('a check that takes too long is ended and refused; one that is interrupted is in doubt', async () => {
  const input = { name: 'slow', run: 'echo begun; exec sleep 600', tree: tiny.tree() }
  await assert.rejects(run({ ...input, timeout: '1s' }), (error) => error instanceof Refused && error.message === 'The check "slow" did not end within 1s.')
  const stop = new AbortController()
  const interrupted = checkRun.apply!(world, input, { ...tiny.once, signal: stop.signal, say: () => { stop.abort() } })
  await assert.rejects(interrupted, (error) => error instanceof Error && !(error instanceof Refused))
})

test('settings are a list of checks with names of their own', () => {
  const good = [{ name: 'unit tests', run: 'pytest' }, { name: 'lint', run: 'flake8', timeout: '90s' }]
  assert.deepEqual(checks.settings.parse(good), good)
  const bad = checks.settings.safeParse([{ name: 'a', run: 'x' }, { name: 'a', run: 'y', timeout: 'soon' }, { name: 'a:b', run: '', colour: 1 }])
  assert(!bad.success)
  const paths = new Set(bad.error.issues.map(({ path }) => path.join('.')))
  for (const path of ['1.timeout', '2.name', '2.run', '2']) assert(paths.has(path), path)
  const twins = checks.settings.safeParse([{ name: 'a', run: 'x' }, { name: 'a', run: 'y' }])
  assert(!twins.success && twins.error.issues[0]?.message === 'Two checks are called "a".')
  assert.deepEqual(['90s', '20m', '2h'].map(milliseconds), [90_000, 1_200_000, 7_200_000])
})

test('output is told line by line, however it is cut into pieces', () => {
  const said: string[] = []
  const output = listen((line) => { said.push(line) })
  for (const piece of ['on', 'e\ntwo\r', '\nthr', 'ee\n\nlast']) output.heard(piece)
  assert.equal(output.end(), 'one\ntwo\r\nthree\n\nlast')
  assert.deepEqual(said, ['one', 'two', 'three', '', 'last'])
  assert.equal(lastLines('a\nb\nc\n\n', 2), 'b\nc')
})
