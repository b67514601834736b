// The next milestone is opened once, and what blocks a release is what is open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { access, code, forge } from './forge.rig.ts'
import { findMilestone, issuesLabelled, openMilestone } from './milestone.ts'

const wish = { title: '2.2.0', description: 'The next minor release.', due: '2026-12-31' }

test('a milestone is opened with its day, and opening it again does nothing', async (t) => {
  const { world, state, served } = await forge(t)
  assert.equal((await openMilestone(world, access, wish)).is, 'opened')
  assert.deepEqual(state.milestones.map(({ title, state: is, dueOn }) => [title, is, dueOn?.toISOString()]), [['2.2.0', 'open', '2026-12-31T08:00:00.000Z']], 'the day is the day that was meant')
  const before = served.calls.length
  assert.equal((await openMilestone(world, access, wish)).is, 'there')
  assert.deepEqual(served.calls.slice(before).map(({ method }) => method), ['GET'])
})

test('another day is changed, in summer as in winter; without one the day stays', async (t) => {
  const { world, state } = await forge(t)
  await openMilestone(world, access, wish)
  assert.equal((await openMilestone(world, access, { ...wish, due: '2027-06-30' })).is, 'moved')
  assert.equal(state.milestones[0]?.dueOn?.toISOString(), '2027-06-30T07:00:00.000Z')
  assert.equal((await openMilestone(world, access, { ...wish, due: undefined })).is, 'there')
  assert.equal(state.milestones[0]?.dueOn?.toISOString(), '2027-06-30T07:00:00.000Z')
  assert.equal(state.milestones.length, 1)
})

test('a milestone that was closed is left alone', async (t) => {
  const { world, state } = await forge(t)
  await openMilestone(world, access, wish)
  state.milestones[0]!.state = 'closed'
  await assert.rejects(openMilestone(world, access, wish), code('milestone-closed', 'The milestone 2.2.0 is there and closed'))
  assert.equal(state.milestones[0]?.state, 'closed')
})

test('a token that may not write is told which right it needs', async (t) => {
  const { world, state } = await forge(t, { grant: { login: 'reader', rights: { contents: 'read' } } })
  await assert.rejects(openMilestone(world, access, wish), code('right-missing', 'Issues: write'))
  assert.deepEqual(state.milestones, [])
})

test('a milestone is found among many by its whole title, with the issues that are open in it', async (t) => {
  const { world, state } = await forge(t)
  for (let many = 0; many < 130; many++) await openMilestone(world, access, { ...wish, title: `2.2.0-${many}` })
  await openMilestone(world, access, wish)
  const issue = (number: number, labels: readonly string[], is: 'open' | 'closed', milestone = 131) => ({ id: state.nextId(), number, author: 'mona', title: `Issue ${number}`, labels, milestone, createdAt: state.now(), state: is })
  state.issues.push(issue(7, ['bug', 'priority:critical'], 'open'), issue(8, [], 'open'), issue(9, ['priority:critical'], 'closed'), issue(10, ['priority:critical'], 'open', 1))
  const found = await findMilestone(world, access, '2.2.0')
  assert.deepEqual([found?.number, found?.open_issues], [131, 2])
  assert.equal(await findMilestone(world, access, '2.2'), undefined)
  assert.deepEqual((await issuesLabelled(world, access, 'priority:critical')).map(({ number }) => number), [10, 7])
})
