// `slipway doctor`: whether a release can be made, proved before the first write, requirement by requirement and right by right.
import { SlipwayError, type Problem } from '../model/error.ts'
import { met, unmet, untested, type Finding, type Need, type NeedContext } from '../model/need.ts'
import type { SecretNeed } from '../model/target.ts'
import type { App } from './app.ts'
import { foundations, type Requirement } from './check.ts'
import { compareWorkflows } from './ci-github.ts'
import { repositoryName } from './propose.ts'
import type { ActiveTarget, Project } from './project.ts'
import { askForSecrets, missingSecret } from './secrets.ts'
import { workflowNeeds } from './workflow-needs.ts'

/** One requirement, whose it is, and what was seen of it. */
export interface Examined {
  /** The target's name, or `project`. */
  readonly group: string
  readonly of: Need['of']
  readonly title: string
  readonly finding: Finding
}

/** Everything that was looked at. */
export interface Diagnosis {
  readonly examined: readonly Examined[]
  /** What was installed, and what could not be: sentences. */
  readonly done: readonly string[]
  /** True when something that is missing could be installed. */
  readonly installable: boolean
}

/** A need and whose it is. */
interface Owned {
  readonly group: string
  readonly need: Need
}

/** The group of what is no target's. */
export const PROJECT = 'project'

/** Looks at everything that a release needs; with `fix`, looks again at what was installed. Changes nothing outside this machine. */
export async function doctor(app: App, { fix }: { readonly fix: boolean }): Promise<Diagnosis> {
  // A release that has nothing to change yet can be prepared for all the same.
  const { requirements, project } = await foundations(app, { bump: 'patch' })
  const own = requirements.flatMap(lines)
  if (project === undefined) return { examined: own, done: [], installable: false }
  await askForSecrets(app, project)
  const needs = await needsOf(app, project)
  const done: string[] = []
  const findings = await Promise.all(needs.map(async ({ need }) => {
    const finding = await looked(app, need)
    if (!fix || finding.is === 'met' || need.install === undefined) return { finding }
    return { finding, install: need.install }
  }))
  const mended = new Map<Need, Finding>()
  // One after the other: two installers at once wait for each other's lock, or give up.
  for (const [at, { install }] of findings.entries()) {
    const need = needs[at]?.need
    if (need === undefined || install === undefined) continue
    done.push(await app.provide(install).catch((error: unknown) => sentence(error)))
    mended.set(need, await looked(app, need))
  }
  const examined = needs.map(({ group, need }, at): Examined => ({ group, of: need.of, title: need.title, finding: mended.get(need) ?? findings[at]?.finding ?? untested('it was not looked at') }))
  const installable = examined.some(({ finding }, at) => finding.is === 'unmet' && needs[at]?.need.install !== undefined)
  return { examined: onceEach([...own, ...examined]), done, installable }
}

/** What is not met, as problems, the first one first. */
export function unmetIn({ examined }: Pick<Diagnosis, 'examined'>): readonly Problem[] {
  return examined.flatMap(({ finding }) => finding.is === 'unmet' ? [finding.problem] : [])
}

function lines({ title, problems }: Requirement): readonly Examined[] {
  const line = (finding: Finding): Examined => ({ group: PROJECT, of: 'files', title, finding })
  return problems.length === 0 ? [line(met(''))] : problems.map((problem) => line(unmet(problem)))
}

async function needsOf(app: App, project: Project): Promise<readonly Owned[]> {
  const { config, git, active } = project
  const context: NeedContext = {
    project: config.name,
    tagPattern: git.tag,
    releaseBranchPattern: git.releaseBranch,
    mainBranch: git.branch,
    remote: git.remote,
    repository: await repositoryName(app, git.remote).catch(() => ''),
    active: active.map(({ target, settings }) => ({ name: target.name, settings })),
  }
  return [
    ...(await workflowNeeds(app, (each) => compareWorkflows(each, {}))).map((need) => ({ group: PROJECT, need })),
    ...active.flatMap(({ target, settings }) => [...secretNeeds(app, { target, settings }), ...(target.needs?.(context, settings) ?? [])].map((need) => ({ group: target.name, need }))),
  ]
}

/** Each secret of a target as a need: its name and where its value comes from, never the value. */
function secretNeeds({ look, secrets }: App, { target, settings }: ActiveTarget): readonly Need[] {
  return target.secrets(settings).map((secret: SecretNeed): Need => ({
    of: 'forward',
    title: `${secret.name} has a value`,
    async look() {
      const name = [secret.name, ...(secret.or ?? [])].find((each) => look.hasSecret(each))
      return name === undefined ? unmet(missingSecret(secret)) : met(`from ${secrets.sourceOf(name) ?? 'this machine'}; for ${secret.for}`)
    },
  }))
}

async function looked({ world }: App, need: Need): Promise<Finding> {
  try {
    return await need.look(world)
  } catch (error) {
    if (error instanceof SlipwayError) return unmet(error.problems[0])
    return unmet({ code: 'remote-unreachable', message: 'There was no answer.', hint: 'Check the connection and run the same command again.', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** That a service is silent is said once: whatever else hangs on it was not tested. */
function onceEach(examined: readonly Examined[]): readonly Examined[] {
  const said = new Map<string, string>()
  return examined.map((each) => {
    if (each.finding.is !== 'unmet' || each.finding.problem.code !== 'remote-unreachable') return each
    const { message } = each.finding.problem
    const before = said.get(message)
    said.set(message, before ?? each.title)
    return before === undefined ? each : { ...each, finding: untested(`there was no answer, as said above at «${before}»`) }
  })
}

function sentence(error: unknown): string {
  if (!(error instanceof SlipwayError)) throw error
  const { message, hint } = error.problems[0]
  return hint === undefined ? message : `${message} ${hint}`
}
