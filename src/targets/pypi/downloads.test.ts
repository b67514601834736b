// Tests of the signal of downloads, against the rehearsal's pypistats.org.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignalContext } from '../../model/signal.ts'
import type { HttpRequest, World } from '../../model/world.ts'
import { pypistatsService, type DownloadCounts } from '../../rehearsal/pypistats/service.ts'
import { downloads } from './downloads.ts'

const context: SignalContext = {
  version: '2.1.0', tag: 'v2.1.0', since: '2026-11-20T10:00:00Z', artifacts: [], tree: '0'.repeat(40),
  thresholds: { labels: [], issues: { watch: 1, act: 3 }, alerts: 'high', downloads: { fall: 50 } },
}

const counts: DownloadCounts = new Map()
const service = pypistatsService(counts)

/** A world that reaches pypistats.org and nothing else. */
const world = {
  async http({ method, url, headers = {} }: HttpRequest) {
    const { status, body = '' } = await service.handle({ method, url: new URL(url), headers, body: new Uint8Array(), address: (each) => each })
    return { status, reason: '', headers: {}, body: typeof body === 'string' ? new TextEncoder().encode(body) : body }
  },
} as unknown as World

const read = (index = 'https://pypi.org') => downloads('Oneflow', index, context).look(world)
const count = (day: number, week: number): void => { counts.set('oneflow', { last_day: day, last_week: week, last_month: week * 4 }) }

test('a day that stays far behind the week is to be watched', async () => {
  count(1000, 14_000)
  assert.deepEqual(await read(), { standing: 'fine', seen: '1,000 on the last day that is counted, 2,000 a day in the last week' })
  count(999, 14_000)
  assert.equal((await read()).standing, 'watch')
})

test('few downloads fall by chance', async () => {
  count(0, 139)
  assert.equal((await read()).standing, 'fine')
})

test('a project of which nothing is counted yet, and an index that does not tell, are no reason to worry', async () => {
  counts.clear()
  assert.equal((await read()).standing, 'untold')
  assert.equal((await read('https://test.pypi.org')).standing, 'untold')
})

test('nonsense is no answer', async () => {
  counts.set('oneflow', { last_day: -1, last_week: 0, last_month: 0 })
  await assert.rejects(read(), /pypistats\.org answered 200/)
})
