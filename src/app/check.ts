// `slipway check`: everything that can be known of the next release without changing anything.
import { dayOf } from '../calendar/index.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import { missingTags, obstacles, surveyRemote, surveyRepository } from '../survey/repository.ts'
import type { App } from './app.ts'
import { objectionProblems, objectionsOf } from './exceptions.ts'
import { contradictionsSoFar } from './expect.ts'
import { propose, type Proposal } from './propose.ts'
import { askForSecrets, missingSecrets } from './secrets.ts'
import { readProject, type Project } from './project.ts'
import { supportProblems } from './support.ts'
import type { VersionRequest } from './version.ts'

/** One requirement: met, or what keeps it from being met. */
export interface Requirement {
  readonly title: string
  readonly problems: readonly Problem[]
}

/** What a release stands on: each requirement looked at by itself, and as much of the project and its proposal as could be read. */
export interface Foundations {
  readonly requirements: readonly Requirement[]
  readonly project?: Project
  readonly proposal?: Proposal
  /** The git remote, where there is none or it gave no answer. */
  readonly unread?: string
}

/** Looks at every requirement of a release, each by itself, so that all problems are seen at once. */
export async function check(app: App, request: VersionRequest): Promise<readonly Requirement[]> {
  const { requirements, project, proposal, unread } = await foundations(app, request)
  if (project === undefined) return requirements
  await askForSecrets(app, project)
  const secrets: Requirement = { title: 'every secret has a value', problems: missingSecrets(app, project) }
  if (proposal === undefined) return [...requirements, secrets]
  const title = unread === undefined ? 'the version is free everywhere' : `the version is free everywhere but at ${unread}, which cannot be asked`
  try {
    return [...requirements, secrets, { title, problems: await taken(app, proposal, unread) }]
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return [...requirements, secrets, { title, problems: error.problems }]
  }
}

/** Looks at config, repository, version and changelog. Throws SlipwayError where there is no repository to look at. */
export async function foundations(app: App, request: VersionRequest): Promise<Foundations> {
  const repository = await surveyRepository(app.look)
  const result: Requirement[] = []
  const require = async <T>(title: string, work: () => Promise<T>, problemsIn: (value: T) => readonly Problem[] = () => []): Promise<T | undefined> => {
    try {
      const value = await work()
      result.push({ title, problems: problemsIn(value) })
      return value
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error
      result.push({ title, problems: error.problems })
      return undefined
    }
  }
  const project = await require('slipway.yaml is right', () => readProject(app.look, repository.head, app.targets))
  if (project === undefined) return { requirements: result }
  if (project.config.support !== undefined) await require('documents show which versions are supported', () => supportProblems(app.look, repository.head, { config: project.config, day: dayOf(app.world.now()) }), (problems) => problems)
  const upstream = { remote: project.git.remote, branch: project.git.branch, tag: project.git.tag, token: project.git.token }
  let tags: readonly string[] = []
  await require('the repository is ready: clean, on its branch, level with its remote', async () => {
    const remote = await surveyRemote(app.look, upstream)
    const { head } = remote
    tags = remote.tags
    return obstacles(app.look, repository, { ...upstream, head })
  }, (problems) => problems)
  const unread = result.at(-1)?.problems.some(({ code }) => code === 'remote-missing' || code === 'remote-unreachable') === true ? upstream.remote : undefined
  const date = `${app.world.now().toISOString().slice(0, 19)}Z`
  const proposal = await require('every place carries the version, and the changelog is ready', () => propose(app, { base: repository.head, date, author: repository.author, request }))
  if (proposal !== undefined && unread === undefined) await require('the tags of earlier versions are here', () => missingTags(app.look, { remote: upstream.remote, tags: tags.filter((tag) => tag !== proposal.context.tag) }), (problems) => problems)
  if (proposal !== undefined && (project.config.support ?? project.config.schedule) !== undefined) {
    const { release } = proposal.context
    await require('the calendar has nothing against a release today', async () => objectionProblems(objectionsOf(project.config, release, app.world.now()), release.to, 'command'), (problems) => problems)
  }
  return { requirements: result, project, ...(proposal === undefined ? {} : { proposal }), ...(unread === undefined ? {} : { unread }) }
}

async function taken(app: App, proposal: Proposal, unread: string | undefined): Promise<readonly Problem[]> {
  const { contradicted, unseen } = await contradictionsSoFar(app, proposal, unread)
  return [...contradicted, ...unseen]
}
