// Tests of what is shown of texts that were made to be misread.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { legible, legibleInColour } from './legible.ts'

test('what cannot be seen, or turns text round, is written as its number', () => {
  for (const character of ['\u202e', '\u2066', '\u200b', '\u200f', '\u061c', '\u00ad', '\u2060', '\u2028', '\ufeff', '\u3164', '\u{e0041}', '\u200d']) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    assert.equal(legible(`pay${character}pal`), `pay<U+${code}>pal`)
    assert.equal(legibleInColour(`\x1b[1mpay${character}pal\x1b[22m`), `\x1b[1mpay<U+${code}>pal\x1b[22m`)
  }
})

test('scripts and emoji that need joiners keep them', () => {
  for (const text of ['👩‍💻 ships', 'می‌خواهم', 'größe', '日本語', '❤️']) assert.equal(legible(text), text)
})
