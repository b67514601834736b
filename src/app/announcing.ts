// `slipway announce`: announcements alone, without their release: sent, taken back, or settled by a person's word.
import { SlipwayError } from '../model/error.ts'
import { mayHaveHappened } from '../engine/fold.ts'
import { headCommit } from '../survey/repository.ts'
import { announce, type Told } from './announce.ts'
import { announcePlans, channelStories, isNamed } from './announcements.ts'
import { kindsOf, type App } from './app.ts'
import { readProject } from './project.ts'
import { recall } from './recall.ts'
import { askForSecrets } from './secrets.ts'
import { tellingOf, toldOf } from './telling.ts'

/** The announcements of one version, at hand. */
export interface AnnouncingOne {
  /** The channels that these words name. Throws SlipwayError `usage` for a word that names none. */
  named(only: readonly string[]): readonly string[]
  /** One line for each announcement that is meant. */
  lines(only: readonly string[] | undefined): readonly string[]
  send(only: readonly string[] | undefined): Promise<readonly Told[]>
  undo(only: readonly string[] | undefined): Promise<readonly Told[]>
  /** Writes a person's word on an announcement that is in doubt into its journal. Throws SlipwayError `usage` when none of the channel is. */
  settle(word: { readonly channel: string; readonly word: 'sent' | 'not sent'; readonly by: string }): Promise<void>
}

const CLAIM_TTL = 10 * 60_000

/** Finds what is to be told of a version. Throws SlipwayError `release-unknown`, or `usage` where nothing is set to be told. */
export async function openAnnouncing(app: App, version: string, doing: 'send' | 'undo'): Promise<AnnouncingOne> {
  const project = await readProject(app.look, await headCommit(app.look), app.targets)
  await askForSecrets(app, project)
  const { telling, sure } = doing === 'send' ? await tellingOf(app, project, version) : { telling: await toldOf(app, project, version), sure: false }
  if (telling === undefined) throw new SlipwayError({ code: 'release-unknown', message: `Neither the journal here nor a tag tells of a release ${version}.`, hint: '`slipway status` shows what there is.' })
  const plans = announcePlans(telling, kindsOf(app.targets))
  if (plans.length === 0) throw new SlipwayError({ code: 'usage', message: `slipway.yaml sets no channel on which ${version} would be told of.`, hint: 'Set one under `announce` (docs/announcing.md shows how).' })
  return {
    named(only) {
      const wrong = only.find((word) => !plans.some(({ channel }) => isNamed(channel, [word])))
      if (wrong !== undefined) throw new SlipwayError({ code: 'usage', message: `There is no channel ${wrong} for ${version}.`, hint: `There are: ${plans.map(({ channel }) => channel).join(', ')}.` })
      return only
    },
    lines: (only) => plans.filter(({ channel }) => isNamed(channel, only)).map(({ channel, title }) => `${channel}: ${title}`),
    send: (only) => announce(app, telling, { sure, ...(only === undefined ? {} : { only }) }),
    undo: (only) => recall(app, telling, only === undefined ? {} : { only }),
    async settle({ channel, word, by }) {
      const stories = await channelStories(app.journal, telling.context)
      const story = [...stories.values()].find(({ step, record, state }) => step.id === `announce.${channel}` && record.closed === undefined && record.plan.stage === 'announce' && mayHaveHappened(state.apply))
      if (story === undefined) throw new SlipwayError({ code: 'usage', message: `No announcement of ${version} on ${channel} is in doubt here.`, hint: `\`slipway announce ${version}\` tells where each stands.` })
      const { run } = story.record
      const claim = await app.journal.claim(run, app.driver, CLAIM_TTL)
      if (claim === undefined) throw new SlipwayError({ code: 'run-claimed', message: `Another Slipway is driving the run ${run} at this moment.`, hint: 'Wait for it, or stop it there.' })
      const { id } = story.step
      if (word === 'sent') {
        await app.journal.append(claim, { type: 'settled', step: id, way: 'apply', how: 'did' })
        await app.journal.append(claim, { type: 'closed', outcome: 'done' })
      } else {
        const { attempts, refused } = story.state.apply
        // Each attempt that nobody knew of is now known to have done nothing.
        for (let attempt = refused + 1; attempt <= attempts; attempt += 1) {
          await app.journal.append(claim, { type: 'failed', step: id, way: 'apply', attempt, certain: true, problem: { code: 'in-doubt', message: `${by} has looked: it was not sent.` } })
        }
      }
      await app.journal.release(claim)
    },
  }
}
