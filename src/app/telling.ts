// What announcements are made from: a release that is known to be out, from the journal here, else from its tag and the journal at the remote.
import type { RunRecord } from '../model/entry.ts'
import type { Plan } from '../model/plan.ts'
import { SlipwayError } from '../model/error.ts'
import { fold } from '../engine/fold.ts'
import { notesOf, parseChangelog, sectionOf } from '../changelog/index.ts'
import { readFiles } from '../survey/files.ts'
import { surveyTags } from '../survey/tags.ts'
import { bringCommit } from '../targets/git/index.ts'
import { isPrerelease, parseSemVer } from '../version/index.ts'
import type { Telling } from './announcements.ts'
import type { App } from './app.ts'
import { named, type Project } from './project.ts'
import { repositoryName, type Proposal } from './propose.ts'
import { readTag } from './recover.ts'
import { runsOf, sinceRollback } from './runs.ts'
import { shippedElsewhere } from './travel.ts'

/** What is told, and whether this journal saw the release being published. */
export interface Known {
  readonly telling: Telling & { readonly project: Project }
  readonly sure: boolean
}

/** A release that is out. Throws SlipwayError `release-unknown` when nobody knows that it was published to its end. */
export async function tellingOf(app: App, project: Project, version: string): Promise<Known> {
  const [record] = sinceRollback(await runsOf(app.journal, version)).filter(({ plan, closed }) => plan.stage === 'publish' && closed === 'done')
  if (record !== undefined) return fromRun(app, project, record)
  const shipped = await shippedElsewhere(app, project, version)
  const known = shipped === undefined ? undefined : await fromTag(app, project, version)
  if (known !== undefined) return known
  throw new SlipwayError({
    code: 'release-unknown',
    message: `Neither the journal here nor the one at ${project.git.remote} knows that ${version} is out and verified, so nothing is told of it.`,
    hint: `\`slipway release ${version}\` goes on with it where it was begun, and announces it in the end.`,
  })
}

/** What is to be taken back, whether or not the release was ever finished; undefined where nothing tells what it was. */
export async function toldOf(app: App, project: Project, version: string): Promise<Telling & { readonly project: Project } | undefined> {
  const record = (await runsOf(app.journal, version)).find(({ plan }) => plan.stage === 'publish')
  if (record !== undefined) return (await fromRun(app, project, record)).telling
  return (await fromTag(app, project, version))?.telling
}

/** A release that was proposed here and is out now: what it was made from is at hand. */
export async function fromProposal(app: App, proposal: Proposal, record: Pick<RunRecord, 'plan' | 'run'>): Promise<Known> {
  return { telling: proposedTelling(proposal, record.plan.subject), sure: await published(app, record) }
}

/** What is to be told of a release that is proposed. Pure. */
export function proposedTelling({ project, context }: Proposal, { repository, commit, tree }: Plan['subject']): Known['telling'] {
  const { release, tag, date, prerelease, notes } = context
  return { project, subject: { repository, commit, tree }, context: { about: 'release', release: { ...release, because: [] }, tag, date, prerelease, notes, repository } }
}

/** True when this journal saw it being published, instead of finding that it was. */
async function published({ journal }: Pick<App, 'journal'>, { plan, run }: Pick<RunRecord, 'plan' | 'run'>): Promise<boolean> {
  const { steps } = fold(plan, await journal.read(run))
  return plan.steps.some(({ id, reversal }) => reversal !== 'none' && steps.get(id)?.apply.settled === 'did')
}

/** From a run that published. */
async function fromRun(app: App, project: Project, { plan, run }: Pick<RunRecord, 'plan' | 'run'>): Promise<Known> {
  const [release] = plan.releases
  return { telling: await telling(app, project, { release, date: plan.date, subject: plan.subject }), sure: await published(app, { plan, run }) }
}

async function fromTag(app: App, project: Project, version: string): Promise<Known | undefined> {
  const tagged = await readTag(app, project, version)
  if (tagged === undefined) return undefined
  const { last } = await surveyTags(app.look, { pattern: project.git.tag, commit: tagged.base })
  const release = { name: project.config.name, from: last?.version ?? null, to: version, because: [] }
  return { telling: await telling(app, project, { release, date: tagged.date, subject: { repository: await repositoryName(app, project.git.remote), ...tagged.landed } }), sure: false }
}

async function telling(app: App, project: Project, { release, date, subject }: { readonly release: Plan['releases'][0]; readonly date: string; readonly subject: Plan['subject'] }): Promise<Known['telling']> {
  const { config, git } = project
  await bringCommit(app.world, { remote: git.remote, token: { $secret: git.token } }, subject.commit)
  const text = (await readFiles(app.look, subject.commit, [config.changelog])).get(config.changelog)
  const document = text === undefined ? undefined : parseChangelog(config.changelog, text)
  const notes = document === undefined || sectionOf(document, release.to) === undefined ? '' : notesOf(document, release.to)
  return {
    project, subject,
    context: { about: 'release', release: { ...release, because: [] }, tag: named(git.tag, release.to), date, prerelease: isPrerelease(parseSemVer(release.to)), notes, repository: subject.repository },
  }
}
