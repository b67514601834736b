// Tests of keeping the comment on a pull request where GitHub does not answer as hoped: asked once more in doubt, and never when it asks to wait.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Plan } from '../model/plan.ts'
import type { HttpAnswer } from '../model/world.ts'
import { memoryJournal } from '../storage/memory.ts'
import { access, forge, once } from '../targets/github/forge.rig.ts'
import { githubPull } from '../targets/github/pull.ts'
import { keepPullComment } from './pull-comment.ts'

const COMMENTS = /\/issues\/1\/comments/

/** What is asked of the comments, when they are asked for the first time GitHub gives this answer, and what is told of it. */
async function told(t: TestContext, answer: Partial<HttpAnswer>): Promise<{ readonly asked: readonly string[]; readonly notes: readonly string[]; readonly comments: number }> {
  const { world, state, commit } = await forge(t)
  const input = { ...access, head: 'release/v1.1.0', base: 'main', commit, version: '1.1.0', title: 'Release', notes: '', evidence: [], artifacts: [] }
  const output = await githubPull.apply?.(world, input, once)
  const plan: Plan = {
    format: 'slipway.plan/1', digest: `sha256:${'1'.repeat(64)}`, stage: 'prepare', subject: { repository: 'x', commit, tree: commit }, date: '2026-11-22T12:00:00Z',
    releases: [{ name: 'one-flow', from: null, to: '1.1.0', because: [] }], artifacts: [], basis: [],
    steps: [{ id: 'github.pull', kind: 'github.pull', title: 'Open it', input, needs: [], reversal: 'compensable' }],
  }
  const journal = memoryJournal({ now: () => new Date('2026-11-22T12:00:00Z') })
  await journal.open('run', plan)
  const claim = await journal.claim('run', 'driver', 60_000)
  assert.ok(claim !== undefined && output !== undefined)
  await journal.append(claim, { type: 'begun', step: 'github.pull', way: 'apply', attempt: 1 })
  await journal.append(claim, { type: 'settled', step: 'github.pull', way: 'apply', how: 'did', output })
  const asked: string[] = []
  const notes: string[] = []
  const comment = keepPullComment({
    journal,
    world: { ...world, http: async (request) => {
      if (!COMMENTS.test(request.url)) return world.http(request)
      asked.push(request.method)
      return asked.length > 1 ? world.http(request) : { status: 200, reason: '', body: new TextEncoder().encode('{"message":"Slow down, or the rate limit will be lower."}'), ...answer, headers: { 'content-type': 'application/json', ...answer.headers } }
    } },
    text: () => 'Under way',
    redact: (text) => text,
    note: (text) => { notes.push(text) },
  })
  comment.hear({ type: 'run', run: 'run', plan, resumed: false })
  await comment.bring()
  return { asked, notes, comments: state.comments.length }
}

test('when GitHub asks to wait, by its status or a header, it is not asked again', async (t) => {
  for (const answer of [{ status: 429 }, { status: 403, headers: { 'retry-after': '60' } }, { status: 403, headers: { 'x-ratelimit-remaining': '0' } }]) {
    const { asked, notes, comments } = await told(t, answer)
    assert.deepEqual([asked, comments], [['GET'], 0], JSON.stringify(answer))
    assert.match(notes.join(), /comment on pull request 1 of acme\/oneflow is not up to date; the release goes on all the same\. GitHub's rate limit is reached/)
  }
})

test('an answer that leaves doubt is looked into once more, though it speaks of a rate limit', async (t) => {
  const { asked } = await told(t, { status: 502 })
  assert.deepEqual(asked, ['GET', 'GET'])
})
