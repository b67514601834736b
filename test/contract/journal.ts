// The contract of a journal: named checks that every implementation passes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlipwayError, type ErrorCode } from '../../src/model/error.ts'
import type { Claim, Journal, NewEntry } from '../../src/model/entry.ts'
import type { Json } from '../../src/model/json.ts'
import type { Digest, Plan } from '../../src/model/plan.ts'
import type { Evidence } from '../../src/model/world.ts'

/** What a journal under test is made with: the time and the drivers' lives are the check's to decide. */
export interface Surroundings {
  readonly now: () => Date
  readonly alive: (driver: string) => boolean
}

/** Makes an empty journal. The check closes it. */
export type MakeJournal = (surroundings: Surroundings) => Journal | Promise<Journal>

/** One promise of the contract. `run` rejects when the journal breaks it. */
export interface JournalCheck {
  readonly name: string
  run(make: MakeJournal): Promise<void>
}

/** Registers every check for one implementation. */
export function journalContract(name: string, make: MakeJournal): void {
  for (const check of journalChecks) test(`${name}: ${check.name}`, () => check.run(make))
}

/** A plan without steps; different words make different plans. */
export function planOf(words: string): Plan {
  const digest: Digest = `sha256:${Buffer.from(words).toString('hex').padEnd(64, '0').slice(0, 64)}`
  return {
    format: 'slipway.plan/1', digest, stage: 'publish', subject: { repository: words, commit: 'c', tree: 't' }, date: '2026-01-02T03:04:05Z',
    releases: [{ name: 'oneflow', from: null, to: '2.1.0', because: ['It is the first.'] }], artifacts: [], basis: [], steps: [],
  }
}

const TTL = 60_000

interface Ground {
  readonly journal: Journal
  /** Lets milliseconds go by. */
  pass(milliseconds: number): void
  /** Ends a driver. */
  end(driver: string): void
  /** Claims a run for a driver, opening it first. */
  hold(run: string, driver: string): Promise<Claim>
}

function check(name: string, body: (ground: Ground) => Promise<void>): JournalCheck {
  const run = async (make: MakeJournal) => {
    let time = Date.parse('2026-01-02T03:04:05.000Z')
    const gone = new Set<string>()
    const journal = await make({ now: () => new Date(time), alive: (driver) => !gone.has(driver) })
    const hold = async (run: string, driver: string) => {
      await journal.open(run, planOf(run))
      const claim = await journal.claim(run, driver, TTL)
      assert.ok(claim, `${driver} is given the run ${run}`)
      return claim
    }
    try {
      await body({ journal, hold, pass: (milliseconds) => void (time += milliseconds), end: (driver) => void gone.add(driver) })
    } finally {
      journal.close()
    }
  }
  return { name, run }
}

const begun = (step: string, attempt = 1): NewEntry => ({ type: 'begun', step, way: 'apply', attempt })
const gate = (verdict: 'approved' | 'denied') => ({ type: 'gate', gate: 'final', plan: planOf('p').digest, verdict, by: 'ada' }) as const
const proof = (key: string, passed: boolean, title: string): Evidence => ({ key, title, passed, at: '2026-01-02T03:04:05.000Z', output: { title } })

const isProblem = (code: ErrorCode, words = /./) => (error: unknown) => {
  assert.ok(error instanceof SlipwayError, `expected a SlipwayError ${code}, got ${String(error)}`)
  assert.equal(error.code, code)
  assert.match(error.message, words)
  assert.ok(error.problems[0].hint, 'says what to do next')
  return true
}

const ENTRIES: readonly NewEntry[] = [
  { type: 'opened', plan: planOf('p').digest, driver: 'a' },
  begun('git.tag:v1'),
  {
    type: 'failed', step: 'git.tag:v1', way: 'apply', attempt: 1, certain: true,
    problem: { code: 'tag-exists', message: 'It exists.', hint: 'Look.', place: { file: 'a', line: 1, column: 2 }, detail: 'd' },
  },
  { type: 'failed', step: 'git.tag:v1', way: 'undo', attempt: 2, certain: false, problem: { code: 'usage', message: 'No.' } },
  { type: 'settled', step: 'git.tag:v1', way: 'apply', how: 'did', output: { sha: 'abc', list: [1, null, true, { deep: 'x' }] } },
  { type: 'settled', step: 'x', way: 'undo', how: 'found' },
  { type: 'settled', step: 'y', way: 'apply', how: 'found', output: null },
  { type: 'stuck', step: 'x', way: 'undo', why: 'somebody else has it' },
  gate('approved'),
  { type: 'turned', why: 'a check failed' },
  { type: 'closed', outcome: 'rolled-back' },
]

/** The contract. */
export const journalChecks: readonly JournalCheck[] = [
  check('opening a run again with the same plan records it once and keeps what it has', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    await journal.append(claim, begun('x'))
    await journal.open('r', structuredClone(planOf('r')))
    assert.equal((await journal.runs()).length, 1)
    assert.equal((await journal.read('r')).length, 1)
    await journal.append(claim, begun('y'))
  }),
  check('another plan under the id of a run is refused, also one that claims the same digest', async ({ journal }) => {
    await journal.open('r', planOf('one'))
    await assert.rejects(journal.open('r', planOf('two')), isProblem('journal-invalid', new RegExp(planOf('two').digest)))
    await assert.rejects(journal.open('r', { ...planOf('one'), date: '2027-01-01T00:00:00Z' }), isProblem('journal-invalid'))
    assert.deepEqual((await journal.runs()).map((run) => run.plan), [planOf('one')])
  }),
  check('entries of every type are read back as they were appended, in order, counted from 1 and dated', async ({ journal, hold, pass }) => {
    const claim = await hold('r', 'a')
    const appended = []
    for (const entry of ENTRIES) {
      appended.push(await journal.append(claim, entry))
      pass(1000)
    }
    const seconds = ENTRIES.map((_, index) => String(5 + index).padStart(2, '0'))
    assert.deepEqual(appended, ENTRIES.map((entry, index) => ({ ...entry, seq: index + 1, at: `2026-01-02T03:04:${seconds[index]}.000Z` })))
    assert.deepEqual(await journal.read('r'), appended)
  }),
  check('reading after a number gives only what follows it', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    for (const step of ['1', '2', '3', '4']) await journal.append(claim, begun(step))
    assert.deepEqual((await journal.read('r', 2)).map((entry) => entry.seq), [3, 4])
    assert.deepEqual(await journal.read('r', 4), [])
  }),
  check('each run has its own entries, count and claim', async ({ journal, hold }) => {
    const [one, two] = [await hold('one', 'a'), await hold('two', 'b')]
    await journal.append(one, begun('x'))
    assert.equal((await journal.append(two, begun('y'))).seq, 1)
    assert.equal((await journal.append(one, begun('z'))).seq, 2)
    assert.deepEqual((await journal.read('two')).map((entry) => entry.type === 'begun' && entry.step), ['y'])
  }),
  check('a run that was never opened has no entries and can be neither claimed nor decided', async ({ journal }) => {
    assert.deepEqual(await journal.read('nothing'), [])
    assert.deepEqual(await journal.runs(), [])
    await assert.rejects(journal.claim('nothing', 'a', TTL), isProblem('release-unknown', /nothing/))
    await assert.rejects(journal.decide('nothing', gate('approved')), isProblem('release-unknown', /nothing/))
  }),
  check('what goes in and what comes out share nothing: changing one changes nothing kept', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    const output = { list: ['kept'] }
    await journal.append(claim, { type: 'settled', step: 'x', way: 'apply', how: 'did', output })
    output.list.push('not kept')
    const [read] = await journal.read('r')
    assert.ok(read?.type === 'settled')
    ;(read.output as unknown as typeof output).list.push('not kept')
    assert.deepEqual((await journal.read('r')).map((entry) => 'output' in entry && entry.output), [{ list: ['kept'] }])
  }),
  check('any text survives: unicode, control characters, keys of every name, and a megabyte of output', async ({ journal, hold }) => {
    const claim = await hold('r – ü/☃', 'ада 🚢')
    const text = '\u0000\u001f"\\\n\u2028 ünï☃🚢 \ud800'
    const names = JSON.parse('{ "": 0, "__proto__": { "x": 1 }, "constructor": null, "$from": "é" }') as Json
    const output = { text, names, big: 'ä'.repeat(500_000), numbers: [1e300, -0.1, 9007199254740991] }
    await journal.append(claim, { type: 'settled', step: text, way: 'apply', how: 'did', output })
    const [read] = await journal.read('r – ü/☃')
    assert.ok(read?.type === 'settled')
    assert.equal(JSON.stringify(read.output), JSON.stringify(output))
    assert.equal(read.step, text)
  }),
  check('what could not be read back is not taken', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    await assert.rejects(journal.append(claim, { type: 'stranger' } as unknown as NewEntry), /not an entry/)
    await assert.rejects(journal.append(claim, begun('x', 0)), /not an entry/)
    assert.deepEqual(await journal.read('r'), [])
    assert.equal((await journal.append(claim, begun('x'))).seq, 1)
  }),
  check('appends made all at once are all kept, without a gap', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    const steps = Array.from({ length: 50 }, (_, index) => `step ${index}`)
    const appended = await Promise.all(
      steps.map((step, index) => (index % 5 === 4 ? journal.decide('r', { ...gate('approved'), gate: step }) : journal.append(claim, begun(step)))),
    )
    const read = await journal.read('r')
    assert.deepEqual(read.map((entry) => entry.seq), steps.map((_, index) => index + 1))
    assert.deepEqual(appended.toSorted((a, b) => a.seq - b.seq), read)
    assert.deepEqual(read.map((entry) => (entry.type === 'gate' ? entry.gate : entry.type === 'begun' ? entry.step : '')).toSorted(), steps.toSorted())
  }),

  check('a run that a living driver holds is not given to another', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    assert.equal(await journal.claim('r', 'b', TTL), undefined)
    await journal.append(claim, begun('x'))
  }),
  check('a claim that is over goes to whoever asks, with a higher fence', async ({ journal, hold, pass }) => {
    const old = await hold('r', 'a')
    pass(TTL - 1)
    assert.equal(await journal.claim('r', 'b', TTL), undefined)
    pass(1)
    const claim = await journal.claim('r', 'b', TTL)
    assert.ok(claim && claim.fence > old.fence && claim.driver === 'b' && claim.run === 'r')
  }),
  check('a claim that is over still appends until another driver takes the run', async ({ journal, hold, pass }) => {
    const claim = await hold('r', 'a')
    pass(TTL * 2)
    await journal.append(claim, begun('x'))
    await journal.renew(claim, TTL)
    assert.equal(await journal.claim('r', 'b', TTL), undefined)
  }),
  check('a renewed claim lasts from its renewal', async ({ journal, hold, pass }) => {
    const claim = await hold('r', 'a')
    pass(TTL - 1)
    await journal.renew(claim, TTL)
    pass(TTL - 1)
    assert.equal(await journal.claim('r', 'b', TTL), undefined)
    pass(1)
    assert.ok(await journal.claim('r', 'b', TTL))
  }),
  check('a run whose driver is gone is given at once', async ({ journal, hold, end }) => {
    await hold('r', 'a')
    end('a')
    assert.ok(await journal.claim('r', 'b', TTL))
  }),
  check('the same driver may claim again, and its older claim is superseded', async ({ journal, hold }) => {
    const old = await hold('r', 'a')
    const claim = await journal.claim('r', 'a', TTL)
    assert.ok(claim && claim.fence > old.fence)
    await assert.rejects(journal.append(old, begun('x')), isProblem('run-claimed'))
    await journal.append(claim, begun('x'))
  }),
  check('a released run is free at once, and the released claim appends no more', async ({ journal, hold }) => {
    const old = await hold('r', 'a')
    await journal.append(old, begun('x'))
    await journal.release(old)
    await assert.rejects(journal.append(old, begun('y')), isProblem('run-claimed', /\ba\b/))
    await assert.rejects(journal.renew(old, TTL), isProblem('run-claimed'))
    const claim = await journal.claim('r', 'b', TTL)
    assert.ok(claim && claim.fence > old.fence)
    assert.equal((await journal.read('r')).length, 1)
  }),
  check('a superseded claim appends nothing and hears who holds the run', async ({ journal, hold, pass }) => {
    const old = await hold('r', 'a')
    pass(TTL)
    const claim = await hold('r', 'b')
    await assert.rejects(journal.append(old, begun('x')), isProblem('run-claimed', /\bb\b/))
    assert.deepEqual(await journal.read('r'), [])
    assert.equal((await journal.append(claim, begun('x'))).seq, 1)
  }),
  check('a superseded claim cannot be renewed', async ({ journal, hold, pass }) => {
    const old = await hold('r', 'a')
    pass(TTL)
    const claim = await hold('r', 'b')
    await assert.rejects(journal.renew(old, TTL * 9), isProblem('run-claimed', /\bb\b/))
    await journal.append(claim, begun('x'))
    pass(TTL)
    assert.ok(await journal.claim('r', 'c', TTL), 'the refused renewal prolonged nothing')
  }),
  check('a superseded claim cannot release the run of another', async ({ journal, hold, pass }) => {
    const old = await hold('r', 'a')
    pass(TTL)
    const claim = await hold('r', 'b')
    await assert.rejects(journal.release(old), isProblem('run-claimed', /\bb\b/))
    assert.equal(await journal.claim('r', 'c', TTL), undefined)
    await journal.append(claim, begun('x'))
  }),

  check('a gate is decided without a claim, while another drives, and takes the next number', async ({ journal, hold }) => {
    const claim = await hold('r', 'a')
    await journal.append(claim, begun('x'))
    const decided = await journal.decide('r', gate('denied'))
    assert.deepEqual({ ...decided }, { ...gate('denied'), seq: 2, at: decided.at })
    assert.equal((await journal.append(claim, begun('y'))).seq, 3)
    assert.deepEqual((await journal.read('r'))[1], decided)
  }),
  check('runs are listed newest first, with plan, time and outcome', async ({ journal, hold, pass }) => {
    await hold('z', 'a')
    pass(1000)
    const claim = await hold('a', 'a')
    await journal.open('m', planOf('m'))
    assert.deepEqual((await journal.runs()).map(({ run, openedAt, closed }) => [run, openedAt, closed]), [
      ['m', '2026-01-02T03:04:06.000Z', undefined], ['a', '2026-01-02T03:04:06.000Z', undefined], ['z', '2026-01-02T03:04:05.000Z', undefined],
    ])
    await journal.append(claim, { type: 'closed', outcome: 'done' })
    await journal.open('z', planOf('z'))
    const listed = await journal.runs()
    assert.deepEqual(listed.map(({ run, closed }) => [run, closed]), [['m', undefined], ['a', 'done'], ['z', undefined]])
    assert.deepEqual(listed.map(({ plan }) => plan), [planOf('m'), planOf('a'), planOf('z')])
  }),
  check('evidence is found by its key', async ({ journal }) => {
    assert.equal(await journal.evidence.find('k'), undefined)
    await journal.evidence.record(proof('k', true, 'tests on tree 1'))
    await journal.evidence.record(proof('other', false, 'tests on tree 2'))
    assert.deepEqual(await journal.evidence.find('k'), proof('k', true, 'tests on tree 1'))
    assert.deepEqual(await journal.evidence.find('other'), proof('other', false, 'tests on tree 2'))
  }),
  check('the first evidence under a key stays, but a pass replaces a failure', async ({ journal }) => {
    await journal.evidence.record(proof('k', false, 'first failure'))
    await journal.evidence.record(proof('k', false, 'second failure'))
    assert.equal((await journal.evidence.find('k'))?.title, 'first failure')
    await journal.evidence.record(proof('k', true, 'first pass'))
    assert.equal((await journal.evidence.find('k'))?.title, 'first pass')
    await journal.evidence.record(proof('k', true, 'second pass'))
    await journal.evidence.record(proof('k', false, 'late failure'))
    assert.deepEqual(await journal.evidence.find('k'), proof('k', true, 'first pass'))
  }),
]
