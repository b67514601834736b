// Tests the lease with real git: two clones of one remote that race for it.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { openWorld } from '../../world/world.ts'
import type { LeaseRecord } from './lease-record.ts'
import { LEASE_REF, readLease, releaseLease, takeLease } from './lease.ts'

const HOUR = 3_600_000
const at = { remote: 'origin' }
const one = { id: 'one', host: 'ada-laptop' }
const two = { id: 'two', host: 'build-7' }
const release: LeaseRecord = { name: 'oneflow', version: '2.1.0', base: 'a'.repeat(40), date: '2026-11-22T10:00:00Z', author: 'Ada <ada@example.org>', because: ['feat: more'], bump: 'minor' }

interface Clones {
  readonly worlds: readonly [World, World]
  readonly remote: string
  pass(ms: number): void
  atRemote(...args: readonly string[]): Promise<string>
}

/** Two clones of one bare repository that forbids non-fast-forward pushes, and a clock that both read. */
async function clones(t: TestContext): Promise<Clones> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-lease-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const remote = join(root, 'remote.git')
  let now = Date.parse('2026-11-22T12:00:00Z')
  const open = async (name: string): Promise<World> => {
    const folder = join(root, name)
    await mkdir(folder)
    const world = openWorld({
      repository: folder, folder: join(root, `${name}-state`), env: { PATH: process.env['PATH'] ?? '' }, version: '0.0.0', gitInherits: 'nothing',
      evidence: { find: async () => undefined, record: async () => undefined }, now: () => new Date(now),
    })
    await world.git(['init', '--quiet'])
    await world.git(['remote', 'add', 'origin', remote])
    return world
  }
  const worlds = [await open('first'), await open('second')] as const
  await worlds[0].git(['init', '--quiet', '--bare', remote])
  const atRemote: Clones['atRemote'] = async (...args) => (await worlds[0].git(['--git-dir', remote, ...args])).stdout.trim()
  await atRemote('config', 'receive.denyNonFastForwards', 'true')
  return { worlds, remote, pass: (ms) => { now += ms }, atRemote }
}

const held = (...words: readonly string[]) => (error: unknown) => {
  assert.ok(error instanceof SlipwayError && error.code === 'lease-held', String(error))
  const { message, hint = '' } = error.problems[0]
  for (const word of words) assert.ok(`${message} ${hint}`.includes(word), `${word} in: ${message} ${hint}`)
  return true
}

test('the lease is taken, seen from another clone, prolonged, kept on record and ended', async (t) => {
  const { worlds: [first, second], pass, atRemote } = await clones(t)
  assert.equal(await readLease(second, at), undefined)
  const taken = await takeLease(first, { ...at, release, holder: one, ttl: HOUR })
  assert.deepEqual(taken.holder, { ...one, since: '2026-11-22T12:00:00.000Z', until: '2026-11-22T13:00:00.000Z' })
  assert.deepEqual(await readLease(second, at), taken)
  pass(60_000)
  const prolonged = await takeLease(first, { ...at, release, holder: one, ttl: HOUR })
  assert.deepEqual(prolonged.holder, { ...one, since: '2026-11-22T12:00:00.000Z', until: '2026-11-22T13:01:00.000Z' })
  await releaseLease(first, { ...at, holder: one, how: 'keep' })
  assert.deepEqual(await readLease(second, at), { ...taken, holder: null })
  await releaseLease(first, { ...at, holder: one, how: 'end' })
  assert.equal(await readLease(second, at), undefined)
  assert.equal(await atRemote('for-each-ref'), '')
  await releaseLease(first, { ...at, holder: one, how: 'end' })
})

test('whoever takes up a release finds its record as it was first written', async (t) => {
  const { worlds: [first, second] } = await clones(t)
  await takeLease(first, { ...at, release, holder: one, ttl: HOUR })
  await releaseLease(first, { ...at, holder: one, how: 'keep' })
  const taken = await takeLease(second, { ...at, release: { ...release, date: '2027-01-01T00:00:00Z', base: 'b'.repeat(40), because: [] }, holder: two, ttl: HOUR })
  assert.equal(taken.date, release.date)
  assert.equal(taken.base, release.base)
  assert.deepEqual(taken.because, release.because)
  assert.equal(taken.holder?.host, 'build-7')
})

test('another version is refused, naming the one under way and every way on', async (t) => {
  const { worlds: [first, second], pass } = await clones(t)
  await takeLease(first, { ...at, release, holder: one, ttl: HOUR })
  const other = { ...release, version: '3.0.0' }
  await assert.rejects(takeLease(second, { ...at, release: other, holder: two, ttl: HOUR }),
    held('2.1.0', 'aaaaaaaaaaaa', '2026-11-22T12:00:00.000Z', 'ada-laptop', 'slipway release 2.1.0', 'slipway rollback 2.1.0', `git push origin :${LEASE_REF}`))
  pass(2 * HOUR)
  await assert.rejects(takeLease(second, { ...at, release: other, holder: two, ttl: HOUR }), held('2.1.0'), 'an expired holder does not end the release')
  await releaseLease(first, { ...at, holder: one, how: 'keep' })
  await assert.rejects(takeLease(first, { ...at, release: other, holder: one, ttl: HOUR }), held('2.1.0'))
})

test('a living holder keeps others out, a dead one does not', async (t) => {
  const { worlds: [first, second], pass } = await clones(t)
  await takeLease(first, { ...at, release, holder: one, ttl: HOUR })
  await assert.rejects(takeLease(second, { ...at, release, holder: two, ttl: HOUR }), held('ada-laptop', '2026-11-22T13:00:00.000Z'))
  await assert.rejects(releaseLease(second, { ...at, holder: two, how: 'end' }), held('ada-laptop'))
  pass(HOUR)
  const taken = await takeLease(second, { ...at, release, holder: two, ttl: HOUR })
  assert.equal(taken.holder?.id, 'two')
  await assert.rejects(takeLease(first, { ...at, release, holder: one, ttl: HOUR }), held('build-7'))
  await releaseLease(first, { ...at, holder: one, how: 'keep' })
  assert.deepEqual(await readLease(first, at), taken, 'who has lost the lease gives up nothing')
})

test('of two clones that race for the lease exactly one wins', async (t) => {
  const { worlds: [first, second], atRemote } = await clones(t)
  for (let round = 0; round < 5; round++) {
    const ends = await Promise.allSettled([
      takeLease(first, { ...at, release, holder: one, ttl: HOUR }),
      takeLease(second, { ...at, release, holder: two, ttl: HOUR }),
    ])
    assert.deepEqual(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    for (const end of ends) if (end.status === 'rejected') held('2.1.0')(end.reason)
    const winner = ends[0].status === 'fulfilled' ? one : two
    assert.equal((await readLease(first, at))?.holder?.id, winner.id)
    await atRemote('update-ref', '-d', LEASE_REF)
  }
})

test('a lease that moves between the look and the push is looked at again', async (t) => {
  const { worlds: [first, second] } = await clones(t)
  let raced = false
  const late: World = {
    ...first,
    async git(args, options) {
      if (args[0] === 'push' && !raced) {
        raced = true
        await takeLease(second, { ...at, release, holder: two, ttl: HOUR })
      }
      return first.git(args, options)
    },
  }
  await assert.rejects(takeLease(late, { ...at, release, holder: one, ttl: HOUR }), held('build-7'))
  assert.equal(raced, true)
  assert.equal((await readLease(first, at))?.holder?.id, 'two')
})

test('a ref that holds no lease is not touched', async (t) => {
  const { worlds: [first], atRemote } = await clones(t)
  const tree = (await first.git(['hash-object', '-t', 'tree', '-w', '--stdin'], { stdin: '' })).stdout.trim()
  const env = { GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@x', GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@x' }
  const foreign = (await first.git(['commit-tree', tree, '-m', '{"format":"slipway.lease/2"}'], { env })).stdout.trim()
  await first.git(['push', '--quiet', 'origin', `${foreign}:${LEASE_REF}`])
  await assert.rejects(takeLease(first, { ...at, release, holder: one, ttl: HOUR }), held(LEASE_REF))
  assert.equal(await atRemote('rev-parse', LEASE_REF), foreign)
})

test('a remote that is out of reach is said to be so', async (t) => {
  const { worlds: [first] } = await clones(t)
  await first.git(['remote', 'set-url', 'origin', 'http://127.0.0.1:9/nobody.git'])
  await assert.rejects(readLease(first, at), (error: unknown) => error instanceof SlipwayError && error.code === 'remote-unreachable')
})
