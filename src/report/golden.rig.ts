// Compares what people read with the files in golden/; UPDATE_GOLDEN=1 writes them anew.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Asserts that a text is the one in golden/NAME.txt. Escape characters are shown as `␛`. */
export function assertGolden(name: string, text: string): void {
  const file = join(import.meta.dirname, 'golden', `${name}.txt`)
  const shown = text.replaceAll('\x1b', '␛')
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, shown)
    return
  }
  assert.equal(shown, readFileSync(file, 'utf8'), `golden/${name}.txt is another text; UPDATE_GOLDEN=1 writes it anew`)
}
