// Tests of the signals that GitHub gives, against the rehearsal's GitHub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reading, Signal, SignalContext } from '../../../model/signal.ts'
import type { Alert, Issue } from '../../../rehearsal/github/state.ts'
import { access, forge, type Forge } from '../forge.rig.ts'
import { alertSignals } from './alerts.ts'
import { assetSignal } from './assets.ts'
import { issueSignal } from './issues.ts'

const context: SignalContext = {
  version: '2.1.0', tag: 'v2.1.0', since: '2026-11-20T10:00:00Z', artifacts: [], tree: '0'.repeat(40),
  thresholds: { labels: ['regression'], issues: { watch: 1, act: 3 }, alerts: 'high', downloads: { fall: 50 } },
}

const after = new Date('2026-11-21T10:00:00Z')
const before = new Date('2026-11-19T10:00:00Z')

function plant({ state }: Forge, title: string, more: Partial<Issue> = {}): void {
  const number = state.nextId()
  state.issues.push({ id: number, number, author: 'ulla', title, body: null, labels: [], createdAt: after, updatedAt: after, state: 'open', ...more })
}

function warn({ state }: Forge, by: Alert['by'], severity: Alert['severity'], more: Partial<Alert> = {}): void {
  state.alerts.push({ number: state.nextId(), by, severity, title: `${severity} trouble`, at: after, state: 'open', ...more })
}

const read = async ({ world }: Forge, signal: Signal | undefined): Promise<Reading> => signal === undefined ? assert.fail('no such signal') : signal.look(world)

const issues = async (place: Forge): Promise<Reading> => read(place, issueSignal(access, context))

test('issues count when they are open, were opened since the release, and name the version or carry a label', async (t) => {
  const place = await forge(t)
  plant(place, 'Install of 12.1.0 fails')
  plant(place, '2.1.0-rc.1 was fine')
  plant(place, 'Since 2.1.0.1 of the other package nothing works')
  plant(place, 'Typo in the docs')
  plant(place, 'Crash in 2.1.0', { createdAt: before })
  plant(place, 'Crash in 2.1.0', { state: 'closed' })
  place.state.pulls.push({ id: 90, number: 90, author: 'ulla', branch: 'x', createdAt: after, title: 'Release 2.1.0', body: null, base: 'main', head: place.commit, baseHead: place.commit, draft: false, state: 'open', updatedAt: after, closedAt: null, merged: null, requested: [], reviews: [] })
  assert.deepEqual(await issues(place), { standing: 'fine', seen: 'none since the release', links: [] })
  plant(place, 'Crash', { body: 'I have v2.1.0.' })
  const watched = await issues(place)
  assert.ok('seen' in watched && watched.standing === 'watch')
  assert.match(watched.seen, /^1 open since the release: «Crash»$/)
  assert.match(watched.links?.[0] ?? '', /\/acme\/oneflow\/issues\/\d+$/)
  plant(place, 'It was better before', { labels: ['regression'] })
  assert.equal((await issues(place)).standing, 'watch')
  plant(place, '2.1.0: cannot import')
  assert.equal((await issues(place)).standing, 'act')
})

test('alerts are read by the severity that asks for action, and closed ones are none', async (t) => {
  const place = await forge(t)
  const [scanning, dependabot] = alertSignals(access, context)
  assert.equal((await read(place, dependabot)).standing, 'fine')
  warn(place, 'dependabot', 'critical', { state: 'fixed' })
  warn(place, 'code-scanning', 'low')
  assert.equal((await read(place, dependabot)).standing, 'fine')
  const low = await read(place, scanning)
  assert.deepEqual([low.standing, 'seen' in low && low.seen], ['watch', '1 open; the worst is low: low trouble'])
  warn(place, 'dependabot', 'medium', { package: 'idna' })
  assert.equal((await read(place, dependabot)).standing, 'watch')
  warn(place, 'dependabot', 'high', { package: 'requests' })
  const high = await read(place, dependabot)
  assert.ok('seen' in high && high.standing === 'act')
  assert.equal(high.seen, '2 open; the worst is high: requests: high trouble')
  assert.equal(high.links?.length, 1, 'it leads to what asks for action')
})

test('what is switched off is told apart from what nobody may read', async (t) => {
  const place = await forge(t)
  const [scanning, dependabot] = alertSignals(access, context)
  assert.equal((await read(place, scanning)).standing, 'untold', 'nothing was ever scanned')
  Object.assign(place.state, { codeScanning: false, dependabot: false })
  for (const signal of [scanning, dependabot]) assert.deepEqual(await read(place, signal), { standing: 'untold', why: 'it is switched off for this repository' })
  const powerless = await forge(t, { grant: { login: 'reader', rights: {} } })
  for (const signal of [scanning, dependabot]) await assert.rejects(read(powerless, signal), { code: 'right-missing' })
})

test('a release that is gone asks for action, and one that is there tells of its files', async (t) => {
  const place = await forge(t)
  const signal = assetSignal(access, context)
  assert.deepEqual(await read(place, signal), { standing: 'act', seen: 'there is no release of v2.1.0 any more' })
  place.state.releases.push({ id: 7, author: 'maker', tag: 'v2.1.0', target: 'main', name: null, body: null, draft: false, prerelease: false, immutable: false, makeLatest: 'true', createdAt: after, updatedAt: after, publishedAt: after, assets: [] })
  assert.deepEqual(await read(place, signal), { standing: 'fine', seen: '0 of 0 files' })
})
