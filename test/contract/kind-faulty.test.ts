// Every check of the contract of a kind can fail: each fault is found by the checks that are there to find it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused } from '../../src/model/error.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { AnyKind, Once } from '../../src/model/kind.ts'
import type { Look, World } from '../../src/model/world.ts'
import { kindNamed } from '../support/ground-kinds.ts'
import { openBench, type Bench } from './kind-bench.ts'
import { kindChecks } from './kind.ts'

interface Fault {
  /** What is wrong with the kind: "a kind that …". */
  readonly fault: string
  /** The checks that must find it; others may find it too. */
  readonly foundBy: readonly string[]
  /** What the check says of it: a check that fails for another reason has not found it. */
  readonly says: RegExp
  /** A check that does not find it. */
  readonly missedBy?: string
  readonly kind: AnyKind
}

/** A sound kind with some of it replaced. */
const faulty = (name: 'git.branch' | 'github.draft', fault: (sound: AnyKind) => Partial<AnyKind>): AnyKind => {
  const sound = kindNamed(name)
  return { ...sound, ...fault(sound) }
}

const secret = { secret: 'GITHUB_TOKEN' }
const branchRef = (input: JsonObject): string => `refs/heads/${input['branch'] as string}`
const refsLike = async (look: Look, pattern: string): Promise<number> => (await look.git(['ls-remote', 'origin', pattern], secret)).stdout.split('\n').filter((line) => line !== '').length

/** One request to GitHub by hand. */
async function ask(look: Look, method: 'GET' | 'POST' | 'PATCH', asked: { readonly path: string; readonly body?: JsonObject }): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const answer = await look.secret('GITHUB_TOKEN', (token) => look.http({
    method, url: `https://api.github.com/repos/acme/ground${asked.path}`, headers: { authorization: `Bearer ${token}` }, ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  }))
  return { status: answer.status, body: JSON.parse(new TextDecoder().decode(answer.body)) as JsonObject }
}

const outputOf = ({ id, upload_url: uploadUrl, html_url: url }: JsonObject): JsonObject => ({ id: id!, uploadUrl: uploadUrl!, url: url! })

/** Runs the sound apply of a kind. */
const soundly = async (sound: AnyKind, world: World, { input, once }: { readonly input: JsonObject; readonly once: Once }): Promise<JsonObject> =>
  await sound.apply?.(world, input, once) as JsonObject

const undoOf = ({ reversal }: AnyKind) => {
  assert.ok(reversal.is === 'reversible')
  return reversal.undo
}

/** A draft without a marker is found only by whoever remembers its number. */
const forgetful = (): AnyKind => {
  const known = new Map<string, number>()
  return faulty('github.draft', (sound) => ({
    probe: async (look, _input, key) => {
      const id = known.get(key)
      const found = id === undefined ? undefined : await ask(look, 'GET', { path: `/releases/${id}` })
      return found?.status === 200 ? { state: 'present', output: outputOf(found.body) } : { state: 'absent' }
    },
    apply: async (world, input: JsonObject, once) => {
      const output = await soundly(sound, world, { input, once: { ...once, key: 'no marker of this step' } })
      known.set(once.key, output['id'] as number)
      return output
    },
  }))
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'sees its effect where there is none',
    foundBy: ['an empty world probes absent'],
    says: /'present'[\s\S]*'absent'/,
    kind: faulty('git.branch', () => ({ probe: async (_look, { branch, commit }: JsonObject) => ({ state: 'present', output: { branch, commit } }) })),
  },
  {
    fault: 'makes its effect while it looks',
    foundBy: ['a probe only looks'],
    says: /a probe may not run git push/,
    kind: faulty('git.branch', (sound) => ({
      probe: async (look, input: JsonObject, key) => {
        const push = await look.git(['push', 'origin', `${input['commit'] as string}:${branchRef(input)}`], secret)
        return push.code === 0 ? sound.probe(look, input, key) : { state: 'absent' }
      },
    })),
  },
  {
    fault: 'makes its effect twice',
    foundBy: ['what is applied with one request is seen with the same output'],
    says: /one attempt makes one request that changes something, not POST .*, POST /,
    kind: faulty('github.draft', (sound) => ({
      apply: async (world, input: JsonObject, once) => {
        await soundly(sound, world, { input, once })
        return soundly(sound, world, { input, once })
      },
    })),
  },
  {
    fault: 'returns something else than its probe sees',
    foundBy: ['what is applied with one request is seen with the same output'],
    says: /branch: 'refs\/heads\//,
    kind: faulty('git.branch', (sound) => ({ apply: async (world, input: JsonObject, once) => ({ ...await soundly(sound, world, { input, once }), branch: branchRef(input) }) })),
  },
  {
    fault: 'never sees what it has made',
    foundBy: ['what is applied with one request is seen with the same output', 'a step that is run again, with or without its journal, does nothing more'],
    says: /state: 'absent'|POST https:\/\/api\.github\.com/,
    kind: faulty('github.draft', () => ({ probe: async () => ({ state: 'absent' }) })),
  },
  {
    fault: 'cannot bear that there is nothing to take back',
    foundBy: ['what is taken back is seen to be gone, and taking it back again does nothing'],
    says: /the branch is not there/,
    kind: faulty('git.branch', (sound) => ({
      reversal: {
        is: 'reversible',
        undo: async (world, input: JsonObject, output, once) => {
          if (await refsLike(world, branchRef(input)) === 0) throw new Error('the branch is not there')
          await undoOf(sound)(world, input, output, once)
        },
      },
    })),
  },
  {
    fault: 'only says that it has taken its effect back',
    foundBy: ['what is taken back is seen to be gone, and taking it back again does nothing'],
    says: /The input did not match the regular expression \/\^\(absent\|withdrawn\)\$\/[\s\S]*'present'/,
    kind: faulty('git.branch', () => ({ reversal: { is: 'reversible', undo: async () => undefined } })),
  },
  {
    fault: 'knows its effect by the name alone',
    foundBy: ['what somebody else has made is a conflict, and is neither replaced nor taken back'],
    says: /\"state\":\"present\"/,
    kind: faulty('git.branch', () => ({
      probe: async (look, input: JsonObject) => (await refsLike(look, branchRef(input)) === 0 ? { state: 'absent' } : { state: 'present', output: { branch: input['branch'], commit: input['commit'] } }),
    })),
  },
  {
    fault: 'takes back what somebody else has made',
    foundBy: ['what somebody else has made is a conflict, and is neither replaced nor taken back'],
    says: /Missing expected rejection/,
    kind: faulty('git.branch', () => ({ reversal: { is: 'reversible', undo: async (world, input: JsonObject) => { await world.git(['push', 'origin', `:${branchRef(input)}`], secret) } } })),
  },
  {
    fault: 'returns what JSON cannot hold',
    foundBy: ['inputs, outputs and errors survive JSON'],
    says: /1970-01-01/,
    kind: faulty('git.branch', (sound) => ({ output: { parse: ({ at: _, ...value }: JsonObject) => ({ ...sound.output.parse(value) as JsonObject, at: new Date(0) }) } as AnyKind['output'] })),
  },
  {
    fault: 'tells nobody how to do it by hand',
    foundBy: ['it is described both ways, with what a person would type'],
    says: /a person could do it, too/,
    kind: faulty('git.branch', (sound) => ({ describe: (input: JsonObject) => ({ ...sound.describe(input), byHand: [] }) })),
  },
  {
    fault: 'takes a refused token for bad weather',
    foundBy: ['a refused token is a refusal with a code, and changes nothing'],
    says: /a refusal, and not it did not work/,
    kind: faulty('git.branch', (sound) => ({ apply: (world, input: JsonObject, once) => soundly(sound, world, { input, once }).catch(() => { throw new Error('it did not work') }) })),
  },
  {
    fault: 'returns its token',
    foundBy: ['no secret gets into outputs, entries, events, errors or words'],
    says: /no secret can be read/,
    kind: faulty('git.branch', (sound) => ({ apply: async (world, input: JsonObject, once) => ({ ...await soundly(sound, world, { input, once }), branch: await world.secret('GITHUB_TOKEN', async (token) => token) }) })),
  },
  {
    fault: 'says what it sends, the credentials too',
    foundBy: ['no secret gets into outputs, entries, events, errors or words'],
    says: /no secret can be read/,
    kind: faulty('git.branch', (sound) => ({
      apply: async (world, input: JsonObject, once) => {
        once.say(`authorization: Basic ${await world.secret('GITHUB_TOKEN', async (token) => Buffer.from(`x-access-token:${token}`).toString('base64'))}`)
        return soundly(sound, world, { input, once })
      },
    })),
  },
  {
    fault: 'puts its token into an error',
    foundBy: ['no secret gets into outputs, entries, events, errors or words'],
    says: /no secret can be read/,
    kind: faulty('git.branch', (sound) => ({
      apply: async (world, input: JsonObject, once) => {
        const token = await world.secret('GITHUB_TOKEN', async (value) => value)
        return soundly(sound, world, { input, once }).catch(() => { throw new Refused({ code: 'token-refused', message: 'It was refused.', hint: 'Look.', detail: `with ${token}` }) })
      },
    })),
  },
  {
    fault: 'takes a lost answer for a refusal',
    foundBy: ['a connection that breaks around a change costs nothing'],
    says: /cut off before POST https:\/\/api\.github\.com[\s\S]*'failed'/,
    kind: faulty('github.draft', (sound) => ({
      apply: (world, input: JsonObject, once) => soundly(sound, world, { input, once }).catch(() => { throw new Refused({ code: 'request-refused', message: 'It was refused.', hint: 'Look.' }) }),
    })),
  },
  {
    fault: 'leaves no marker on what it makes, and remembers it instead',
    foundBy: ['killed at any call or entry, it ends the same', 'killed twice, it ends the same', 'killed with its journal lost, it ends the same'],
    says: /github\.draft:1 killed .*after POST https:\/\/api\.github\.com/,
    kind: forgetful(),
  },
  {
    fault: 'makes its effect in two parts and takes the first for the whole',
    foundBy: ['killed at any call or entry, it ends the same', 'killed twice, it ends the same', 'what is applied with one request is seen with the same output'],
    says: /killed .*after POST https:\/\/api\.github\.com|one attempt makes one request/,
    kind: faulty('github.draft', (sound) => ({
      apply: async (world, input: JsonObject, once) => {
        const output = await soundly(sound, world, { input: { ...input, title: 'untitled' }, once })
        await ask(world, 'PATCH', { path: `/releases/${output['id'] as number}`, body: { name: input['title']! } })
        return output
      },
    })),
  },
  {
    fault: 'keeps another copy each time that it is taken back',
    foundBy: ['killed while it is taken back, it ends the same', 'killed twice while it is taken back, it ends the same'],
    says: /killed .*after git push origin .*copy-1:[\s\S]*copy-2/,
    kind: faulty('git.branch', (sound) => ({
      reversal: {
        is: 'reversible',
        undo: async (world, input: JsonObject, output, once) => {
          const copies = await refsLike(world, 'refs/heads/copy-*')
          await world.git(['push', 'origin', `${input['commit'] as string}:refs/heads/copy-${copies + 1}`], secret)
          await undoOf(sound)(world, input, output, once)
        },
      },
    })),
  },
  {
    fault: 'cleans up after one death and no more',
    foundBy: ['killed twice, it ends the same'],
    missedBy: 'killed at any call or entry, it ends the same',
    says: /copy-3/,
    kind: faulty('git.branch', (sound) => ({
      probe: async (look, input: JsonObject, key) => (await refsLike(look, 'refs/heads/copy-*') === 0 ? sound.probe(look, input, key) : { state: 'absent' }),
      apply: async (world, input: JsonObject, once) => {
        const copies = await refsLike(world, 'refs/heads/copy-*')
        await world.git(['push', 'origin', `${input['commit'] as string}:refs/heads/copy-${copies + 1}`], secret)
        const output = await soundly(sound, world, { input, once })
        await world.git(['push', 'origin', ':refs/heads/copy-1', ...(copies === 0 ? [] : [':refs/heads/copy-2'])], secret)
        return output
      },
    })),
  },
]

const benches = new Map<string, Promise<Bench>>()
const benchOf = (kind: string): Promise<Bench> => {
  const bench = benches.get(kind) ?? openBench(kind)
  benches.set(kind, bench)
  return bench
}
after(async () => { for (const bench of benches.values()) await (await bench).close() })

for (const { fault, foundBy, says, missedBy, kind } of FAULTS) {
  for (const name of foundBy) {
    test(`a kind that ${fault} is found: ${name}`, async () => {
      const check = kindChecks.find((each) => each.name === name)
      assert.ok(check, `${name} is a check of the contract`)
      const found: unknown = await check.run(kind, await benchOf(kind.kind)).then(() => undefined, (error: unknown) => error)
      assert.ok(found instanceof Error, 'the check finds the fault')
      assert.match(found.message, says)
    })
  }
  if (missedBy !== undefined) {
    test(`a kind that ${fault} is not found: ${missedBy}`, async () => {
      await kindChecks.find(({ name }) => name === missedBy)?.run(kind, await benchOf(kind.kind))
    })
  }
}

test('every check of the contract is shown to find a fault', () => {
  const shown = new Set(FAULTS.flatMap(({ foundBy }) => foundBy))
  assert.deepEqual(kindChecks.map(({ name }) => name).filter((name) => !shown.has(name)), [])
})
