// Every directory here is a case; README.md says how to add one.
import { describe, test } from 'node:test'
import { readCases } from '../support/case.ts'
import { runCase } from '../support/case-run.ts'

// CASES=plan-.* runs those whose names match.
const chosen = new RegExp(process.env['CASES'] ?? '')

describe('cases', { concurrency: 3, timeout: 1_800_000 }, () => {
  for (const each of readCases(import.meta.dirname).filter(({ name }) => chosen.test(name))) {
    test(`${each.name}: ${each.about}`, { timeout: 240_000 }, (context) => runCase(each, context))
  }
})
