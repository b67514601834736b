// The plans of announcements: one for each channel, known again by what is announced where.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnnounceContext } from '../model/target.ts'
import { TARGETS } from '../targets/list.ts'
import { announcePlans, isNamed, type Telling } from './announcements.ts'
import { kindsOf } from './app.ts'
import { projectFrom } from './project.ts'

const context: AnnounceContext = {
  about: 'release', release: { name: 'tiny', from: '1.0.0', to: '1.1.0', because: [] }, tag: 'v1.1.0', date: '2026-03-01T12:00:00Z', prerelease: false, notes: '- A bell.', repository: 'https://github.com/acme/tiny.git',
}
const plansOf = (words: string, changes: Partial<AnnounceContext> = {}, rounds = 0) => {
  const project = projectFrom(`name: tiny\nversion: {places: [VERSION]}\nannounce: {template: "${words}", slack: {}, webhook: {url: https://hooks.example.org/}}\n`, TARGETS)
  const telling: Telling = { project, subject: { repository: context.repository, commit: 'a'.repeat(40), tree: 'b'.repeat(40) }, context: { ...context, ...changes } }
  return announcePlans(telling, kindsOf(TARGETS), () => rounds)
}

test('a plan has one step, that of its channel, and an announcement that cannot be taken back says so', () => {
  const plans = plansOf('{name} {version}')
  assert.deepEqual(plans.map(({ channel, plan, step, blind }) => [channel, plan.stage, plan.steps.length, step.id, step.reversal, blind]), [['slack', 'announce', 1, 'announce.slack', 'final', true], ['webhook', 'announce', 1, 'announce.webhook', 'final', true]])
})

test('other words are the same announcement; another release, a withdrawal or another round is not', () => {
  const key = (...of: Parameters<typeof plansOf>): string | undefined => plansOf(...of)[0]?.step.key
  assert.notEqual(plansOf('one')[0]?.plan.digest, plansOf('other')[0]?.plan.digest)
  assert.equal(key('one'), key('other', { notes: 'other', prerelease: true }))
  const keys = [key('one'), key('one', { date: '2026-03-02T12:00:00Z' }), key('one', { about: 'withdrawal' }), key('one', {}, 1), plansOf('one')[1]?.step.key]
  assert.equal(new Set(keys).size, keys.length, keys.join(', '))
})

test('a channel is meant by its name, or by the part before the colon', () => {
  assert.deepEqual(['mail', 'mail:a@example.org', 'mai', 'slack'].map((word) => isNamed('mail:a@example.org', [word])), [true, true, false, false])
  assert.equal(isNamed('slack', undefined), true)
})
