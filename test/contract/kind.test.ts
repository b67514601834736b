// Every kind of every target keeps the contract.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, describe, test } from 'node:test'
import { caseOf, KIND_CASES, KINDS } from '../support/ground-kinds.ts'
import { openBench, type Bench } from './kind-bench.ts'
import { kindChecks } from './kind.ts'

test('the table of the contract knows every kind of every target, and no other', () => {
  assert.deepEqual(Object.keys(KIND_CASES).toSorted(), [...KINDS.keys()].toSorted())
})

/** What is not installed here and the kind cannot do without, in words; false where nothing lacks. */
function lacking(name: string): string | false {
  const { needs } = caseOf(name)
  return needs === undefined || spawnSync('sh', ['-c', `command -v ${needs}`]).status === 0 ? false : `${needs} is not installed`
}

describe('the contract of a kind', { concurrency: 2 }, () => {
  for (const [name, kind] of KINDS) {
    describe(name, { concurrency: 1 }, () => {
      let bench: Promise<Bench> | undefined
      after(async () => { await (await bench)?.close() })
      for (const check of kindChecks) {
        test(`${name}: ${check.name}`, { skip: lacking(name) }, async () => {
          bench ??= openBench(name)
          await check.run(kind, await bench)
        })
      }
    })
  }
})
