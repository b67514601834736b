// The verdict on a release out of its signals.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reading } from '../model/signal.ts'
import { verdictOn } from './monitor.ts'

const seen = (standing: 'fine' | 'watch' | 'act'): { readonly reading: Reading } => ({ reading: { standing, seen: '' } })
const silent = (standing: 'unknown' | 'untold'): { readonly reading: Reading } => ({ reading: { standing, why: '' } })

test('one signal that asks for action is enough, and silence is never fine', () => {
  assert.equal(verdictOn([seen('fine'), silent('untold')]), 'healthy')
  assert.equal(verdictOn([seen('fine'), silent('unknown')]), 'watch')
  assert.equal(verdictOn([seen('fine'), seen('watch')]), 'watch')
  assert.equal(verdictOn([silent('unknown'), seen('watch'), seen('act')]), 'act')
})
