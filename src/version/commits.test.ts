// Conventional Commits.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCommit, parseHeader } from './commits.ts'

test('type, scope, mark and description are read', () => {
  assert.deepEqual(parseCommit('feat(api)!: add upload (#12)'), { type: 'feat', scope: 'api', breaking: true, description: 'add upload (#12)', footers: [] })
  assert.deepEqual(parseCommit('FIX: stop\r\n'), { type: 'fix', breaking: false, description: 'stop', footers: [] })
  assert.equal(parseCommit('fix(a, b/c): x')?.scope, 'a, b/c')
})

test('a message that does not follow the convention is none', () => {
  for (const message of ['Merge branch main', 'feat add', 'feat:', 'feat: ', 'feat:x', ': x', 'feat (api): x', 'feat(): x', 'feat!!: x', '', '\n\nfeat: x', 'Revert "feat: x"', 'fix((a)): x']) {
    assert.equal(parseCommit(message), undefined, JSON.stringify(message))
  }
})

test('body and footers are told apart', () => {
  const commit = parseCommit('fix: prevent racing\n\nIntroduce an id.\nNote: this stays body.\n\nRemove timeouts.\n\nReviewed-by: Z\n and others\nRefs #123\n')
  assert.equal(commit?.body, 'Introduce an id.\nNote: this stays body.\n\nRemove timeouts.')
  assert.deepEqual(commit?.footers, [{ token: 'Reviewed-by', value: 'Z\n and others' }, { token: 'Refs', value: '#123' }])
})

test('a breaking change is seen as a footer in both spellings, with its note', () => {
  for (const token of ['BREAKING CHANGE', 'BREAKING-CHANGE']) {
    const commit = parseCommit(`chore: drop\r\n\r\nbody\r\n\r\n${token}: the option\r\nis gone\r\nRefs: #1\r\n`)
    assert.equal(commit?.breaking, true)
    assert.equal(commit?.breakingNote, 'the option\nis gone')
    assert.deepEqual(commit?.footers.at(-1), { token: 'Refs', value: '#1' })
  }
})

test('a breaking change right below the body counts, so that none is missed', () => {
  assert.equal(parseCommit('feat: x\n\nbody\nBREAKING CHANGE: y')?.breaking, true)
  assert.equal(parseCommit('feat: x\nBREAKING CHANGE: y')?.breaking, true)
})

test('words about breaking changes are no breaking change', () => {
  for (const tail of ['no BREAKING CHANGE: here', 'breaking change: lower case', 'BREAKING CHANGES: plural', 'BREAKING: short']) {
    assert.equal(parseCommit(`feat: x\n\n${tail}`)?.breaking, false, tail)
  }
})

test('hostile messages are read in one pass', () => {
  const long = 200_000
  for (const message of [`${'a'.repeat(long)}(`, `feat(${'a'.repeat(long)}`, `feat: ${' '.repeat(long)}`, `feat: x\n\n${'a-'.repeat(long)}`, `feat: x\n${'\n'.repeat(long)}`, `feat: x\n\n${'A: b\n'.repeat(long)}`]) {
    parseCommit(message)
  }
  assert.equal(parseCommit(`feat: x\n\n${'A: b\n'.repeat(long)}BREAKING CHANGE: y`)?.breaking, true)
})

test('what is put together is taken apart again', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  fc.assert(fc.property(word, fc.option(word, { nil: undefined }), fc.boolean(), word, (type, scope, breaking, description) => {
    const commit = parseCommit(`${type}${scope === undefined ? '' : `(${scope})`}${breaking ? '!' : ''}: ${description}\n\nbody`)
    assert.deepEqual(commit, { type, ...(scope === undefined ? {} : { scope }), breaking, description, body: 'body', footers: [] })
  }))
  fc.assert(fc.property(fc.string(), (message) => void parseCommit(message)))
})

test('the header alone says the same as the whole commit', () => {
  const line = fc.oneof(fc.constantFrom('', 'body', 'Refs: #1', 'BREAKING CHANGE: y', 'BREAKING-CHANGE: z', 'no BREAKING CHANGE: here', 'BREAKING CHANGES: n'), fc.string())
  const subject = fc.oneof(fc.constantFrom('feat: x', 'fix(a)!: y', 'no header'), fc.string())
  fc.assert(fc.property(subject, fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (first, lines, end) => {
    const message = [first, ...lines].join(end)
    const whole = parseCommit(message)
    const header = whole && { ...whole, body: undefined, footers: undefined }
    const alone = parseHeader(message)
    assert.deepEqual(alone && { ...alone, body: undefined, footers: undefined }, header)
  }))
})
