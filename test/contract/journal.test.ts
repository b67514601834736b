// Every journal keeps the contract, and every check of the contract can fail.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { memoryJournal } from '../../src/storage/memory.ts'
import { openSqliteJournal } from '../../src/storage/sqlite.ts'
import { journalChecks, journalContract, type MakeJournal } from './journal.ts'
import type { Claim, Entry, Journal } from '../../src/model/entry.ts'
import type { Evidence } from '../../src/model/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'slipway-journal-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

journalContract('memory', memoryJournal)
journalContract('sqlite', (surroundings) => openSqliteJournal({ ...surroundings, file: join(folder, `${(files += 1)}`, 'journal.db') }))

interface Fault {
  /** What is wrong with the journal: "a journal that …". */
  readonly fault: string
  /** The check that must find it; others may find it too. */
  readonly foundBy: string
  readonly make: MakeJournal
}

/** A memory journal with some methods replaced. */
const faulty = (fault: (sound: Journal) => Partial<Journal>): MakeJournal => (surroundings) => {
  const sound = memoryJournal(surroundings)
  return { ...sound, ...fault(sound) }
}

/** Remembers each run's newest claim, for journals that let any older one pass for it. */
const newestClaims = (sound: Journal): { readonly claim: Journal['claim']; newest(claim: Claim): Claim } => {
  const held = new Map<string, Claim>()
  return {
    claim: async (run, driver, ttl) => {
      const claim = await sound.claim(run, driver, ttl)
      if (claim) held.set(run, claim)
      return claim
    },
    newest: (claim) => held.get(claim.run) ?? claim,
  }
}

const evidenceKept = (keep: (kept: Map<string, Evidence>, evidence: Evidence) => void): MakeJournal =>
  faulty(() => {
    const kept = new Map<string, Evidence>()
    return { evidence: { find: async (key) => kept.get(key), record: async (evidence) => keep(kept, evidence) } }
  })

const FAULTS: readonly Fault[] = [
  {
    fault: 'lists a run once for each opening',
    foundBy: 'opening a run again with the same plan records it once and keeps what it has',
    make: faulty((sound) => {
      const opened: string[] = []
      return {
        open: async (run, plan) => {
          await sound.open(run, plan)
          opened.push(run)
        },
        runs: async () => {
          const all = await sound.runs()
          return opened.flatMap((run) => all.filter((record) => record.run === run))
        },
      }
    }),
  },
  {
    fault: 'takes another plan in silence',
    foundBy: 'another plan under the id of a run is refused, also one that claims the same digest',
    make: faulty((sound) => ({ open: async (run, plan) => sound.open(run, plan).catch(() => undefined) })),
  },
  {
    fault: 'loses every third entry',
    foundBy: 'entries of every type are read back as they were appended, in order, counted from 1 and dated',
    make: faulty((sound) => {
      let count = 0
      const lost = (entry: Parameters<Journal['append']>[1]) => ({ ...entry, seq: count, at: '' })
      return { append: async (claim, entry) => ((count += 1) % 3 === 0 ? lost(entry) : sound.append(claim, entry)) }
    }),
  },
  {
    fault: 'reads newest first',
    foundBy: 'entries of every type are read back as they were appended, in order, counted from 1 and dated',
    make: faulty((sound) => ({ read: async (run, seq) => (await sound.read(run, seq)).toReversed() })),
  },
  {
    fault: 'reads everything, whatever is asked',
    foundBy: 'reading after a number gives only what follows it',
    make: faulty((sound) => ({ read: (run) => sound.read(run) })),
  },
  {
    fault: 'counts over all runs',
    foundBy: 'each run has its own entries, count and claim',
    make: faulty((sound) => {
      let count = 0
      return { append: async (claim, entry) => ({ ...(await sound.append(claim, entry)), seq: (count += 1) }) }
    }),
  },
  {
    fault: 'invents a run that was never opened',
    foundBy: 'a run that was never opened has no entries and can be neither claimed nor decided',
    make: faulty((sound) => ({ claim: async (run, driver, ttl) => sound.claim(run, driver, ttl).catch(() => ({ run, driver, fence: 1 })) })),
  },
  {
    fault: 'keeps the very objects that it was given',
    foundBy: 'what goes in and what comes out share nothing: changing one changes nothing kept',
    make: faulty((sound) => {
      const kept: Entry[] = []
      return {
        append: async (claim, entry) => {
          const appended = { ...(await sound.append(claim, entry)), ...entry }
          kept.push(appended)
          return appended
        },
        read: async (_run, seq = 0) => kept.slice(seq),
      }
    }),
  },
  {
    fault: 'cuts long output',
    foundBy: 'any text survives: unicode, control characters, keys of every name, and a megabyte of output',
    make: faulty((sound) => {
      const cut = (_: string, value: unknown) => (typeof value === 'string' ? value.slice(0, 1000) : value)
      return { read: async (run, seq) => JSON.parse(JSON.stringify(await sound.read(run, seq), cut)) as Entry[] }
    }),
  },
  {
    fault: 'takes anything for an entry',
    foundBy: 'what could not be read back is not taken',
    make: faulty((sound) => ({
      append: async (claim, entry) => sound.append(claim, entry).catch(async () => sound.append(claim, { type: 'turned', why: 'something' })),
    })),
  },
  {
    fault: 'counts before it waits and keeps after',
    foundBy: 'appends made all at once are all kept, without a gap',
    make: faulty((sound) => {
      let count = 0
      return {
        append: async (claim, entry) => {
          const seq = count + 1
          const appended = await sound.append(claim, entry)
          count = seq
          return { ...appended, seq }
        },
      }
    }),
  },
  {
    fault: 'gives a held run away',
    foundBy: 'a run that a living driver holds is not given to another',
    make: (surroundings) => memoryJournal({ ...surroundings, alive: () => false }),
  },
  {
    fault: 'never ends a claim',
    foundBy: 'a claim that is over goes to whoever asks, with a higher fence',
    make: faulty((sound) => ({ claim: (run, driver) => sound.claim(run, driver, Infinity) })),
  },
  {
    fault: 'refuses a claim for its age alone',
    foundBy: 'a claim that is over still appends until another driver takes the run',
    make: (surroundings) => {
      const sound = memoryJournal(surroundings)
      const until = new Map<number, number>()
      return {
        ...sound,
        claim: async (run, driver, ttl) => {
          const claim = await sound.claim(run, driver, ttl)
          if (claim) until.set(claim.fence, surroundings.now().getTime() + ttl)
          return claim
        },
        append: async (claim, entry) => {
          if ((until.get(claim.fence) ?? 0) <= surroundings.now().getTime()) throw new Error('The claim is over.')
          return sound.append(claim, entry)
        },
      }
    },
  },
  {
    fault: 'renews in words only',
    foundBy: 'a renewed claim lasts from its renewal',
    make: faulty(() => ({ renew: async () => undefined })),
  },
  {
    fault: 'waits for the dead',
    foundBy: 'a run whose driver is gone is given at once',
    make: (surroundings) => memoryJournal({ ...surroundings, alive: () => true }),
  },
  {
    fault: 'does not know its own driver again',
    foundBy: 'the same driver may claim again, and its older claim is superseded',
    make: faulty((sound) => {
      const held = new Set<string>()
      return {
        claim: async (run, driver, ttl) => {
          if (held.has(driver)) return undefined
          held.add(driver)
          return sound.claim(run, driver, ttl)
        },
      }
    }),
  },
  {
    fault: 'releases in words only',
    foundBy: 'a released run is free at once, and the released claim appends no more',
    make: faulty(() => ({ release: async () => undefined })),
  },
  {
    fault: 'appends whatever the fence',
    foundBy: 'a superseded claim appends nothing and hears who holds the run',
    make: faulty((sound) => {
      const { claim, newest } = newestClaims(sound)
      return { claim, append: (old, entry) => sound.append(newest(old), entry) }
    }),
  },
  {
    fault: 'renews whatever the fence',
    foundBy: 'a superseded claim cannot be renewed',
    make: faulty((sound) => {
      const { claim, newest } = newestClaims(sound)
      return { claim, renew: (old, ttl) => sound.renew(newest(old), ttl) }
    }),
  },
  {
    fault: 'releases whatever the fence',
    foundBy: 'a superseded claim cannot release the run of another',
    make: faulty((sound) => {
      const { claim, newest } = newestClaims(sound)
      return { claim, release: (old) => sound.release(newest(old)) }
    }),
  },
  {
    fault: 'hears a decision and forgets it',
    foundBy: 'a gate is decided without a claim, while another drives, and takes the next number',
    make: faulty(() => ({ decide: async (_run, gate) => ({ ...gate, seq: 2, at: '' }) })),
  },
  {
    fault: 'lists runs oldest first',
    foundBy: 'runs are listed newest first, with plan, time and outcome',
    make: faulty((sound) => ({ runs: async () => (await sound.runs()).toReversed() })),
  },
  {
    fault: 'never sees a run closed',
    foundBy: 'runs are listed newest first, with plan, time and outcome',
    make: faulty((sound) => ({ runs: async () => (await sound.runs()).map((run) => ({ ...run, closed: undefined })) })),
  },
  {
    fault: 'forgets evidence',
    foundBy: 'evidence is found by its key',
    make: evidenceKept(() => undefined),
  },
  {
    fault: 'lets a late failure replace a pass',
    foundBy: 'the first evidence under a key stays, but a pass replaces a failure',
    make: evidenceKept((kept, evidence) => void kept.set(evidence.key, evidence)),
  },
  {
    fault: 'holds on to a failure for ever',
    foundBy: 'the first evidence under a key stays, but a pass replaces a failure',
    make: evidenceKept((kept, evidence) => void (kept.has(evidence.key) || kept.set(evidence.key, evidence))),
  },
]

for (const { fault, foundBy, make } of FAULTS) {
  test(`the contract finds a journal that ${fault}`, async () => {
    const check = journalChecks.find(({ name }) => name === foundBy)
    assert.ok(check, `the contract has the check "${foundBy}"`)
    await assert.rejects(check.run(make))
  })
}

test('every check of the contract is seen to find a fault', () => {
  const found = new Set(FAULTS.map(({ foundBy }) => foundBy))
  assert.deepEqual(journalChecks.map(({ name }) => name).filter((name) => !found.has(name)), [])
})
