// The lines that the program prints with --json, and what docs/json.md says of them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** One line. */
export interface JsonLine {
  readonly type: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests reach into what they assert
  readonly [field: string]: any
}

/** Every line, parsed; fails on a line that is none. */
export function jsonLines(stdout: string): readonly JsonLine[] {
  assert.ok(stdout.endsWith('\n'), 'the last line is whole')
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as JsonLine)
}

/** The only line of a type. */
export function lineOf(lines: readonly JsonLine[], type: string): JsonLine {
  const found = lines.filter((line) => line.type === type)
  assert.equal(found.length, 1, `${found.length} lines are of type ${type}`)
  return found[0]!
}

/** The fields of each type by the examples in docs/json.md. */
export function documentedLines(): ReadonlyMap<string, ReadonlySet<string>> {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/json.md'), 'utf8')
  const examples = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => parseExamples(block))
  const types = new Map<string, Set<string>>()
  for (const example of examples) {
    const fields = types.get(example.type) ?? new Set()
    for (const field of Object.keys(example)) fields.add(field)
    types.set(example.type, fields)
  }
  return types
}

/** A block holds one object over several lines, or one on each line. */
function parseExamples(block: string): readonly JsonLine[] {
  try {
    return [JSON.parse(block) as JsonLine]
  } catch {
    return block.trim().split('\n').map((line) => JSON.parse(line) as JsonLine)
  }
}

/** Fails when a command's lines are not as docs/json.md says. */
export function expectDocumented(lines: readonly JsonLine[], exit: number | null): void {
  const documented = documentedLines()
  assert.equal(lines[0]?.type, 'slipway')
  assert.deepEqual(lines.flatMap(({ type }, index) => type === 'end' ? [index] : []), [lines.length - 1], 'the last line, and only the last, is the end')
  assert.equal(lines.at(-1)?.['exit'], exit)
  for (const line of lines) {
    const fields = documented.get(line.type)
    assert.ok(fields !== undefined, `docs/json.md does not know the type ${line.type}`)
    for (const field of Object.keys(line)) assert.ok(fields.has(field), `docs/json.md does not know the field ${field} of ${line.type}`)
  }
}
