// Announcements with the real program: last, once on each channel, asked about where nobody can know, and taken back with the release.
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { heardOn } from '../../src/rehearsal/channels/heard.ts'
import { openRig, RIG_TOKEN, withoutPackage, type Rig, type Running } from '../support/rig.ts'

const BLOCK = `
announce:
  discussion: {}
  mail: {from: Releases <releases@example.org>, lists: [{to: users@lists.example.org}, {to: security@lists.example.org, only: security}]}
  slack: {}
  discord: {}
  webhook: {url: https://hooks.example.org/releases}
`

function openTelling(): Promise<Rig> {
  return openRig({
    prepare(project, { git }) {
      withoutPackage(project, git)
      appendFileSync(join(project, 'slipway.yaml'), BLOCK)
      git(['commit', '--quiet', '--all', '--message', 'chore: tell of releases'], project)
    },
  })
}

const MAIL = 'mail:users@lists.example.org'

/** What was heard on each channel. */
function heard(rig: Rig): Readonly<Record<string, readonly string[]>> {
  return { discussion: [], [MAIL]: [], slack: [], discord: [], webhook: [], ...heardOn(rig.world) }
}

const OUT = 'oneflow-ai 2.1.0 is out'
const ONCE = { discussion: [OUT], [MAIL]: [OUT], slack: [`*${OUT}*`], discord: ['**oneflow-ai 2.1.0 is out**'], webhook: ['release.published'] }

describe('a release that is told of', () => {
  test('is announced last, once on each channel, not again, and taken back with the release', async () => {
    await using rig = await openTelling()
    const order: string[] = []
    rig.onCall = ({ method, url, reads }, moment) => { if (moment === 'after' && method !== 'GET' && reads !== true) order.push(`${method} ${new URL(url).host}${new URL(url).pathname}`) }
    const plan = await rig.run(['plan', 'minor'])
    assert.match(plan.stdout, /Announce\n(?: {2}.*\n)*? {2}≈ {2}Open a discussion in Announcements\n/, plan.stdout)
    const released = await rig.run(['release', 'minor', '--yes'])
    assert.equal(released.code, 0, released.stdout + released.stderr)
    assert.deepEqual(heard(rig), ONCE)
    assert.deepEqual(order.filter((call) => /\/releases\/\d+$|graphql|webhooks|services|hooks\.|^MAIL/.test(call)).map((call) => call.replace(/\d+$/, 'ID').replace(/(webhooks|services).*/, '$1')), ['PATCH api.github.com/repos/oneflow-ai/oneflow/releases/ID', 'POST api.github.com/graphql', 'MAIL mail.example.org:587/', 'POST hooks.slack.com/services', 'POST discord.com/api/webhooks', 'POST hooks.example.org/releases'])
    assert.match(released.stdout, /^Announce 2\.1\.0\n✓ Open a discussion in Announcements\n✓ Mail users@lists\.example\.org\n✓ Post on Slack\n✓ Post on Discord\n✓ Tell hooks\.example\.org$/m)
    assert.ok(!released.stdout.includes(RIG_TOKEN) && !released.stdout.includes('webhooks/1001') && !released.stdout.includes('services/T1'))

    const again = await rig.run(['announce', '2.1.0', '--yes'])
    assert.equal(again.code, 0, again.stdout + again.stderr)
    assert.match(again.stdout, /✓ discord: sent before \(Post on Discord\)/)
    assert.deepEqual(heard(rig), ONCE)

    const back = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(back.code, 6, back.stdout + back.stderr)
    const withdrawn = 'oneflow-ai 2.1.0 was taken back'
    assert.deepEqual(heard(rig), { discussion: [], [MAIL]: [OUT, withdrawn], slack: [`*${OUT}*`, `*${withdrawn}*`], discord: [], webhook: ['release.published', 'release.withdrawn'] })
    const [first = '', second = ''] = rig.world.channels.mails.map(({ source }) => source)
    const id = /^Message-ID: (<[^>]+@example\.org>)$/im.exec(first)?.[1]
    assert.ok(id !== undefined && second.includes(`In-Reply-To: ${id}`), 'the correction answers the mail that it corrects')
    assert.match(first, /^From: Releases <releases@example\.org>$/m)
    const twice = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(twice.code, 6, twice.stdout + twice.stderr)
    assert.equal(heard(rig)[MAIL]?.length, 2)
    assert.equal(heard(rig)['webhook']?.length, 2)
  })

  test('is released all the same where an answer never came; a person says what became of it', async () => {
    await using rig = await openTelling()
    let cut = 0
    rig.onCall = ({ method, url }, moment) => {
      if (method !== 'POST' || !/discord|hooks\.example/.test(url) || moment !== 'after' || cut > 1) return undefined
      cut += 1
      return 'cut'
    }
    const released = await rig.run(['release', 'minor', '--yes'])
    assert.equal(released.code, 0, released.stdout + released.stderr)
    assert.equal(cut, 2)
    assert.match(released.stdout, /Not everything was announced, which changes nothing of 2\.1\.0 itself:\n {2}discord: in doubt\. .*`slipway announce 2\.1\.0 --sent discord` if it was/)
    assert.deepEqual(heard(rig), ONCE, 'each was heard, though nobody here knows')

    const again = await rig.run(['announce', '2.1.0', '--yes'])
    assert.equal(again.code, 5, again.stdout + again.stderr)
    assert.deepEqual(heard(rig), ONCE)
    assert.equal((await rig.run(['announce', '2.1.0', '--sent', 'discord'])).code, 0)
    assert.equal((await rig.run(['announce', '2.1.0', '--sent', 'discord'])).code, 2, 'it is not in doubt any more')
    // Whoever says that it was not sent wants it sent.
    assert.equal((await rig.run(['announce', '2.1.0', '--not-sent', 'webhook'])).code, 0)
    assert.deepEqual(heard(rig), { ...ONCE, webhook: ['release.published', 'release.published'] })
    assert.equal((await rig.run(['announce', '2.1.0', '--yes'])).code, 0)
    assert.deepEqual(heard(rig), { ...ONCE, webhook: ['release.published', 'release.published'] })
  })

  test('is taken up where it was killed while it was announced, and tells each channel once', async () => {
    await using rig = await openTelling()
    let running: Running | undefined
    rig.onCall = ({ method, url }, moment) => {
      if (running === undefined || method !== 'POST' || !url.includes('discord') || moment !== 'after') return undefined
      running.kill()
      return 'cut'
    }
    const killed = await rig.run(['release', 'minor', '--yes'], { started: (started) => { running = started } })
    assert.equal(killed.signal, 'SIGKILL')
    running = undefined
    const again = await rig.run(['release', '2.1.0', '--yes'])
    assert.equal(again.code, 0, again.stdout + again.stderr)
    assert.match(again.stdout, /\n {2}discord: in doubt\. /)
    assert.deepEqual(heard(rig), ONCE)
    assert.equal((await rig.run(['announce', '2.1.0', '--sent', 'discord'])).code, 0)
    assert.equal((await rig.run(['announce', '2.1.0', '--yes'])).code, 0)
    assert.deepEqual(heard(rig), ONCE)
  })

  test('tells which channel refuses its credentials, sends the others, and is made up for later, from a config that was mended too', async () => {
    await using rig = await openTelling()
    rig.world.github.discussing = false
    const env = { DISCORD_WEBHOOK: 'https://discord.com/api/webhooks/1001/nobody-knows-this' }
    const doctor = await rig.run(['doctor'], { env })
    assert.match(doctor.stdout, /✗ announce on discord.*\n.*Discord does not accept what DISCORD_WEBHOOK holds/, doctor.stdout)
    const released = await rig.run(['release', 'minor', '--yes'], { env })
    assert.equal(released.code, 0, released.stdout + released.stderr)
    assert.match(released.stdout, /discussion: not sent\. oneflow-ai\/oneflow has no discussions\..*\n {2}discord: not sent\. Discord does not accept what DISCORD_WEBHOOK holds/)
    assert.deepEqual(heard(rig), { ...ONCE, discussion: [], discord: [] })
    rig.world.github.discussing = true
    assert.equal((await rig.run(['announce', '2.1.0', '--yes', '--only', 'nothing'])).code, 2)
    assert.equal((await rig.run(['announce', '2.1.0', '--yes', '--only', 'discord'])).code, 0)
    assert.deepEqual(heard(rig), { ...ONCE, discussion: [] })
    rig.git(['fetch', '--quiet', rig.world.bare, 'main'])
    rig.git(['reset', '--quiet', '--hard', 'FETCH_HEAD'])
    appendFileSync(join(rig.project, 'slipway.yaml'), '  template: "{name} {version}, at last"\n')
    rig.git(['commit', '--quiet', '--all', '--message', 'chore: other words'])
    const late = await rig.run(['announce', '2.1.0', '--yes'])
    assert.equal(late.code, 0, late.stdout + late.stderr)
    assert.deepEqual(heard(rig), { ...ONCE, discussion: ['oneflow-ai 2.1.0, at last'] }, 'only what was not told yet is told in other words')
    assert.equal((await rig.run(['announce', '2.1.0', '--yes', '--undo', '--only', 'discord'])).code, 0)
    assert.deepEqual(heard(rig)['discord'], [])
    // Another machine, which knows nothing of all this, does not tell twice.
    for (const name of readdirSync(rig.state)) if (name.startsWith('journal.db')) rmSync(join(rig.state, name))
    const elsewhere = await rig.run(['announce', '2.1.0', '--yes'])
    assert.equal(elsewhere.code, 5, elsewhere.stdout + elsewhere.stderr)
    assert.match(elsewhere.stderr, /knows that 2\.1\.0 is out and verified/)
    assert.deepEqual(heard(rig), { ...ONCE, discussion: ['oneflow-ai 2.1.0, at last'], discord: [] })
  })
})
