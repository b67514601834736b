// What was published by another machine: the plan made again from the tag, believed only when the journal at the remote names its digest.
import type { Json } from '../model/json.ts'
import type { Plan } from '../model/plan.ts'
import { SlipwayError } from '../model/error.ts'
import { observe } from '../engine/observe.ts'
import { headCommit } from '../survey/repository.ts'
import { kindsOf, type App } from './app.ts'
import { madeElsewhere } from './made-elsewhere.ts'
import { observed } from './observed.ts'
import { publishPlan, remakePlan } from './plans.ts'
import { named, readProject, type Project } from './project.ts'
import { propose, repositoryName } from './propose.ts'
import { readTag } from './recover.ts'
import { artifactsIn } from './release.ts'
import { runPlan } from './runs.ts'
import { shippedElsewhere } from './travel.ts'

/** A plan that was run to publish, with what its steps returned. */
export interface Published {
  readonly plan: Plan
  readonly outputs: ReadonlyMap<string, Json>
  /** True where another machine ran it: what it made and did not publish is not to be had here. */
  readonly elsewhere?: true
}

/**
 * Plans the publishing of a version again, the newest that the journal at the remote knows to be shipped when it is left out. Builds its artifacts, and
 * changes nothing outside. Throws SlipwayError `release-unknown`, or `in-doubt` when the plan is not the one that was run.
 */
export async function publishedElsewhere(app: App, version: string | undefined): Promise<Published> {
  const project = await readProject(app.look, await headCommit(app.look), app.targets)
  const shipped = await shippedElsewhere(app, project, version)
  if (shipped === undefined) throw unknown(project, version)
  const tagged = await readTag(app, project, shipped.version)
  if (tagged === undefined) {
    throw new SlipwayError({
      code: 'release-unknown',
      message: `${shipped.version} was shipped, but ${project.git.remote} has no annotated tag ${named(project.git.tag, shipped.version)} any more, so there is nothing to verify.`,
      hint: `If it was rolled back, all is well. If not, somebody has deleted the tag: \`slipway status ${shipped.version}\` where the release was made shows what is there.`,
    })
  }
  const { base, date, author, landed } = tagged
  const proposal = await propose(app, { base, date, author, request: { bump: { version: shipped.version } } })
  const planner = { repository: await repositoryName(app, project.git.remote), kinds: kindsOf(app.targets) }
  const built = await runPlan(app, remakePlan(proposal, landed, planner), { onFailure: 'stop' })
  if (built.verdict.is !== 'done') {
    const why = built.verdict.is === 'failed' ? built.verdict.problems.map(({ message }) => message).join('\n') : `the build ended as ${built.verdict.is}`
    throw doubt(`The artifacts of ${shipped.version} could not be built again here, so there is nothing to compare with what users fetch.`, why)
  }
  const plan = publishPlan(proposal, { landed, artifacts: artifactsIn(built.outputs), seen: tagged.seen ?? await observed(app, proposal) }, planner)
  if (plan.digest !== shipped.plan) {
    throw doubt(`What is built here from ${named(project.git.tag, shipped.version)} is not what was shipped: its plan has another digest than the one on record.`, `on record ${shipped.plan}\nmade here ${plan.digest}\n${plan.artifacts.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n')}`)
  }
  const made = await madeElsewhere(app, { plan, kinds: planner.kinds, tag: named(project.git.tag, shipped.version) })
  const seen = await observe({ plan, kinds: planner.kinds, look: app.look, known: (step) => made.get(step) })
  return { plan, elsewhere: true, outputs: new Map([...made, ...seen.flatMap(({ step, probe }) => probe.state === 'present' ? [[step, probe.output] as const] : [])]) }
}

function unknown({ git }: Project, version: string | undefined): SlipwayError {
  return new SlipwayError({
    code: 'release-unknown',
    message: version === undefined
      ? `Neither the journal here nor the one at ${git.remote} knows a release that was shipped, so there is nothing to verify.`
      : `Neither the journal here nor the one at ${git.remote} knows a published release of ${version}.`,
    hint: 'Run it where the release was made. Releases made in a job, or with `--journal remote`, can be verified anywhere as long as they are the newest.',
  })
}

function doubt(message: string, detail: string): SlipwayError {
  return new SlipwayError({ code: 'in-doubt', message, hint: 'Nothing was verified. Run it where the release was made; if the tag was moved, or the build is not reproducible, that tells.', detail })
}
