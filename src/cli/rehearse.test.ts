// Tests of the command `slipway rehearse`: its help.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '../rehearsal/presets.ts'
import { rehearseCommand } from './rehearse.ts'

test('the help names every fault preset, in their order', () => {
  const faults = rehearseCommand({}).options.find(({ long }) => long === '--faults')
  assert.equal(faults?.description, `play a fault preset: ${presets.map(({ name }) => name).join(', ')}`)
})
