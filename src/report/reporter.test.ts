// Tests of choosing how messages are shown, and of what never reaches a screen.
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { failingRun, refusal, releaseRun } from './messages.fixture.ts'
import { createReporter } from './reporter.ts'
import { said, screen } from './screen.rig.ts'

const note = { type: 'note', text: 'Run `slipway plan`.' } as const
const isColoured = (text: string): boolean => text.includes('\x1b[')

test('colours are for terminals, unless an option or the environment says otherwise', () => {
  const terminal = (env: Record<string, string>, color = true): boolean => isColoured(said([note], { env, color, isTTY: true }))
  const pipe = (env: Record<string, string>, color = true): boolean => isColoured(said([note], { env, color }))
  assert.equal(terminal({}), true)
  assert.equal(pipe({}), false)
  assert.equal(terminal({ NO_COLOR: '1' }), false)
  assert.equal(terminal({ NO_COLOR: '' }), true, 'an empty NO_COLOR says nothing')
  assert.equal(terminal({ TERM: 'dumb' }), false)
  assert.equal(terminal({ FORCE_COLOR: '0' }), false)
  assert.equal(pipe({ FORCE_COLOR: '1' }), true)
  assert.equal(pipe({ FORCE_COLOR: '1' }, false), false, 'the option is above the environment')
})

test('a secret is redacted from plain lines, from a terminal and from JSON, also when JSON escapes it or a line is cut', () => {
  const secret = 'pypi-"AgEI"\\secret'
  const redact = (text: string): string => text.replaceAll(secret, '***')
  const messages = [
    ...releaseRun.slice(0, 3),
    { type: 'output', step: 'checks.run:tests', line: `${'x'.repeat(25)} ${secret}` } as const,
    { type: 'note', text: `token ${secret}` } as const,
    { type: 'problems', problems: [{ ...refusal, detail: `sent ${secret}` }] } as const,
  ]
  for (const shape of [{}, { isTTY: true, columns: 40 }]) {
    for (const json of [false, true]) {
      const out = screen(shape)
      const err = screen(shape)
      const reporter = createReporter({ json, color: true, out, err, redact, env: {}, source: () => undefined })
      for (const message of messages) reporter.show(message)
      reporter.close()
      const all = [...out.writes, ...err.writes].join('')
      assert.ok(all.includes('***'))
      assert.ok(!/AgEI|pypi-/.test(all), all)
    }
  }
})

test('what tools say cannot steer the terminal', () => {
  const hostile = { type: 'note', text: 'a\x1b[2Jb\x1b]0;title\x07c\rd\x9b1Ae\u202ef' } as const
  assert.equal(said([hostile]), 'abcde<U+202E>f\n')
  assert.equal(said([{ ...hostile, text: `\x1b[31mred\x1b[39m ${hostile.text}` }], { env: { FORCE_COLOR: '1' } }), '\x1b[31mred\x1b[39m abcde<U+202E>f\n', 'of all sequences only colours are left, and only where there are colours')
  assert.equal(said([{ ...hostile, text: '\x1b[31mred\x1b[39m' }]), 'red\n')
})

test('problems that end a command go to the error stream, everything else to the output', () => {
  const out = screen()
  const err = screen()
  const reporter = createReporter({ json: false, color: true, out, err, redact: (text) => text, env: {}, source: () => undefined })
  for (const message of [note, ...failingRun, { type: 'problems', problems: [refusal] } as const]) reporter.show(message)
  reporter.close()
  assert.equal(err.writes.length, 1)
  assert.match(err.writes[0] ?? '', /The check "tests" failed/)
  assert.match(out.writes.join(''), /Going back/)
})

test('a reader that goes away stops nothing, and every other trouble with a stream is heard', () => {
  const out = Object.assign(new EventEmitter(), { write: () => true })
  for (let many = 0; many < 20; many += 1) createReporter({ json: true, color: true, out, err: out, redact: (text) => text, env: {} })
  assert.equal(out.listenerCount('error'), 1)
  out.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  assert.throws(() => out.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' })), /no space left/)
})
