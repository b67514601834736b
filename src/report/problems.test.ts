// Tests of problems for people.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Place } from '../model/error.ts'
import { COLOURLESS } from './paint.ts'
import { problemText } from './problems.ts'
import { sourceAround } from './source.ts'

const at = (place: Place, source: string | undefined): string[] =>
  problemText({ code: 'config-invalid', message: 'No.', place }, { paint: COLOURLESS, source: () => source }).split('\n')

test('the squiggle stands under the whole token, whatever it is', () => {
  const place = { file: 'a', line: 1, column: 5 }
  assert.deepEqual(at(place, 'ab: word'), ['✗ a:1:5 No.', '    1 │ ab: word', '      │     ~~~~'])
  assert.equal(at(place, 'ab: "two words" # c')[2], '      │     ~~~~~~~~~~~')
  assert.equal(at(place, 'ab: [1, 2]')[2], '      │     ~')
  assert.equal(at(place, 'ab: ')[2], '      │     ~', 'also at the end of the line')
})

test('the squiggle stays under its token behind tabs', () => {
  assert.equal(at({ file: 'a', line: 1, column: 3 }, '\t\tword')[2], '      │ \t\t~~~~')
})

test('without a line, a column, a source or such a line there is no squiggle', () => {
  assert.equal(at({ file: 'a' }, 'text').length, 1)
  assert.equal(at({ file: 'a', line: 1 }, 'text').length, 1)
  assert.equal(at({ file: 'a', line: 1, column: 1 }, undefined).length, 1)
  assert.equal(at({ file: 'a', line: 9, column: 1 }, 'text').length, 1)
  assert.equal(at({ file: 'a', line: 1, column: 1 }, 'x'.repeat(5_000)).length, 1, 'a line that nobody could read')
})

test('a file is read from the top of the repository, from wherever the command was run', () => {
  const top = mkdtempSync(join(tmpdir(), 'slipway-source-'))
  try {
    mkdirSync(join(top, '.git'))
    mkdirSync(join(top, 'docs'))
    writeFileSync(join(top, 'slipway.yaml'), 'top')
    writeFileSync(join(top, 'docs', 'plan.json'), 'here')
    const source = sourceAround(join(top, 'docs'))
    assert.equal(source('slipway.yaml'), 'top')
    assert.equal(source('plan.json'), 'here')
    assert.equal(source('nothing'), undefined)
    assert.equal(source('docs'), undefined, 'a folder has no text')
  } finally {
    rmSync(top, { recursive: true })
  }
})
