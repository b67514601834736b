// Tests of the terminal: finished lines scroll up, the steps at work move below them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../model/event.ts'
import { durationText } from './at-work.ts'
import { createLive } from './live.ts'
import { failingRun, publish, refusal, releaseRun, rollbackRun } from './messages.fixture.ts'
import type { Reporter } from './message.ts'
import { COLOURLESS } from './paint.ts'
import { screen, shownBy, type RecordedScreen } from './screen.rig.ts'
import { widthOf } from './width.ts'

interface Rig {
  readonly reporter: Reporter
  readonly out: RecordedScreen
  readonly err: RecordedScreen
  /** Milliseconds of the rig's clock. */
  time: number
  frame(): void
  isTicking(): boolean
  shown(): string
}

function rig({ clean = (text) => text, ...shape }: { columns?: number; rows?: number; clean?: (text: string) => string } = {}): Rig {
  const out = screen({ isTTY: true, columns: 80, rows: 24, ...shape })
  const err = screen({ isTTY: true })
  const style = { paint: COLOURLESS, source: () => undefined }
  let draw: (() => void) | undefined
  const self: Rig = {
    out,
    err,
    time: 0,
    frame: () => draw?.(),
    isTicking: () => draw !== undefined,
    shown: () => shownBy(out.writes),
    reporter: createLive({
      out, err, style, errStyle: style, cleanOut: clean, cleanErr: clean,
      now: () => self.time,
      ticker: (frame) => {
        draw = frame
        return () => { draw = undefined }
      },
    }),
  }
  return self
}

const events = (...all: readonly RunEvent[]) => ({ on: (reporter: Reporter): void => { for (const event of all) reporter.show(event) } })

test('a step at work is shown with its time and its last line of output, and leaves one line when it is settled', () => {
  const terminal = rig()
  events(...releaseRun.slice(0, 4)).on(terminal.reporter)
  terminal.time = 65_000
  terminal.frame()
  assert.match(terminal.shown(), /^Prepare 1\.1\.0 .*\n. Check: tests 1 min 05 s\n {4}ran 12 tests\n$/)
  events(...releaseRun.slice(4, 5)).on(terminal.reporter)
  terminal.frame()
  assert.match(terminal.shown(), /^Prepare 1\.1\.0 .*\n✓ Check: tests\n\n*$/)
  assert.equal(terminal.isTicking(), false, 'nothing ticks while nothing is at work')
})

test('bytes have a bar, a percentage and a rate', () => {
  const terminal = rig()
  const upload = (done: number): RunEvent => ({ type: 'progress', step: 'pypi.upload:tiny-1.1.0.tar.gz', done, total: 100_000_000 })
  events({ type: 'run', run: 'one', plan: publish, resumed: false }, upload(0)).on(terminal.reporter)
  terminal.time = 2_000
  events(upload(25_000_000)).on(terminal.reporter)
  terminal.frame()
  assert.match(terminal.shown(), /Upload tiny-1\.1\.0\.tar\.gz to pypi\.org 2 s\n {4}█{8}░{22} {3}25 % {2}25 MB of 100 MB {2}13 MB\/s\n$/)
})

test('no line is wider than the terminal, and no more lines are shown than it has rows', () => {
  const terminal = rig({ columns: 30, rows: 6 })
  const steps = Array.from({ length: 10 }, (_, index) => ({ ...publish.steps[0]!, id: `step:${index}`, title: `漢字 A step with a long title ${index}` }))
  events(
    { type: 'run', run: 'one', plan: { ...publish, steps }, resumed: false },
    ...steps.map((step, seq): RunEvent => ({ type: 'entry', step, entry: { type: 'begun', step: step.id, way: 'apply', attempt: 1, seq, at: '' } })),
  ).on(terminal.reporter)
  terminal.out.writes.length = 0
  terminal.frame()
  const lines = shownBy(terminal.out.writes.map((text) => text.replaceAll('\x1b[1A\x1b[2K', ''))).trimEnd().split('\n')
  assert.ok(lines.every((line) => widthOf(line) < 30), lines.join('\n'))
  assert.equal(lines.length, 4)
  assert.match(lines.at(-1) ?? '', /and 7 more at work/)
})

test('however many events come, the screen is drawn at most once a frame', () => {
  const terminal = rig()
  events(...releaseRun.slice(0, 3)).on(terminal.reporter)
  const before = terminal.out.writes.length
  for (let line = 0; line < 1_000; line += 1) {
    terminal.time += 0.05
    terminal.reporter.show({ type: 'output', step: 'checks.run:tests', line: `line ${line}` })
    terminal.reporter.show({ type: 'note', text: `note ${line}` })
  }
  assert.equal(terminal.out.writes.length, before)
  terminal.frame()
  assert.equal(terminal.out.writes.length, before + 1)
  assert.match(terminal.shown(), /note 0\nnote 1\n(?:note \d+\n)*note 999\n. Check: tests 0 s\n {4}line 999\n$/)
})

test('a secret is taken out of a line before the line is cut to the width of the terminal', () => {
  const terminal = rig({ columns: 40, clean: (text) => text.replaceAll('pypi-AgEIcHlwaS5vcmc', '***') })
  events(...releaseRun.slice(0, 3), { type: 'output', step: 'checks.run:tests', line: `${'x'.repeat(20)} pypi-AgEIcHlwaS5vcmc` }).on(terminal.reporter)
  terminal.frame()
  assert.match(terminal.shown(), /xxx \*\*\*\n$/)
  events({ type: 'waiting', step: 'checks.run:tests', way: 'apply', for: `${'y'.repeat(20)} pypi-AgEIcHlwaS5vcmc` }).on(terminal.reporter)
  terminal.frame()
  assert.match(terminal.shown(), /yyy \*\*\*\n$/)
  assert.doesNotMatch(terminal.out.writes.join(''), /pypi-Ag/)
})

test('what waits is shown with what it waits for', () => {
  const terminal = rig()
  events(...rollbackRun.slice(0, 4)).on(terminal.reporter)
  terminal.frame()
  assert.match(terminal.shown(), /✋ By hand, to take back: Upload tiny-1\.1\.0\.tar\.gz to pypi\.org\n(?:.*\n)*… Taking back: Upload tiny-1\.1\.0\.tar\.gz to pypi\.org 0 s\n {4}https:\/\/pypi\.org\/simple\/ lists every file/)
})

test('problems are written whole to the error stream, above what is at work', () => {
  const terminal = rig()
  events(...releaseRun.slice(0, 3)).on(terminal.reporter)
  terminal.reporter.show({ type: 'problems', problems: [refusal] })
  assert.doesNotMatch(terminal.shown(), /Check: tests/, 'what moves makes room first')
  assert.match(terminal.err.writes.join(''), /^\n✗ The check "tests" failed/)
})

test('lines that were drawn for a wider terminal are erased as the rows that they take now', () => {
  const terminal = rig({ columns: 80 })
  events(...releaseRun.slice(0, 4)).on(terminal.reporter)
  terminal.frame()
  Object.assign(terminal.out, { columns: 10 })
  terminal.out.writes.length = 0
  terminal.frame()
  assert.equal(terminal.out.writes.join('').match(/\x1b\[1A\x1b\[2K/g)?.length, 2 + 2, 'two rows for the step and two for its line')
})

test('closing shows what was held back and leaves nothing that moves', () => {
  const terminal = rig()
  events(...failingRun.slice(0, 5)).on(terminal.reporter)
  terminal.reporter.show({ type: 'note', text: 'the last word' })
  terminal.reporter.close()
  assert.match(terminal.shown(), /✓ Push the branch release\/v1\.1\.0\nthe last word\n\n*$/)
  assert.equal(terminal.isTicking(), false)
})

test('times are told in the two units that matter', () => {
  assert.deepEqual([0, 999, 59_999, 125_000, 3_720_000].map(durationText), ['0 s', '0 s', '59 s', '2 min 05 s', '1 h 02 min'])
})
