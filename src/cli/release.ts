// `slipway release`: shows the plan, asks, goes. Run again it goes on where it stands.
import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import { SlipwayError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'
import type { App } from '../app/app.ts'
import type { VersionRequest } from '../app/version.ts'
import { ending, showUntold } from './ending.ts'
import { command, parseDuration, versionRequest, withAllowance, withJournal, withVersion, type AllowanceOptions } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { planMessage, proposalMessage } from './show.ts'

interface Options extends CommonOptions, AllowanceOptions { readonly pre?: string; readonly plan?: string; readonly yes?: boolean; readonly prepare?: boolean; readonly publish?: boolean; readonly wait?: number; readonly journal?: 'local' | 'remote' }

/** The command. */
export function releaseCommand(substitutes: Substitutes): Command {
  return withAllowance(withJournal(withVersion(command('release', 'make a release, or go on with the one under way'))))
    .addOption(new Option('--plan <file>', 'run a plan that `plan --out` wrote, and nothing else').conflicts(['force', 'reason']))
    .option('--prepare', 'go as far as the merged pull request and publish nothing')
    .addOption(new Option('--publish', 'go on with the release under way, and begin none').conflicts('prepare'))
    .option('--yes', 'ask nothing: the plan and its gate are approved by whoever runs this')
    .option('--wait <time>', 'how long to wait for people before stopping with exit code 4, e.g. 20m (default: for ever at a terminal, not at all elsewhere)', parseDuration)
    .action(async (bump: VersionRequest['bump'], options: Options) => inSession(options, async (session) => {
      const { release } = await import('../app/release.ts')
      const yes = options.yes === true
      const shown: { app?: App } = {}
      await using composed = await session.compose({
        yes,
        ...(options.journal === undefined ? {} : { journal: options.journal }),
        ...(options.wait === undefined ? {} : { wait: options.wait }),
        gate: (plan) => { if (shown.app !== undefined) session.reporter.show(planMessage(shown.app, plan)) },
      })
      const { app } = composed
      shown.app = app
      const plan = options.plan === undefined ? undefined : await planFrom(options.plan, app)
      const end = await release(app, {
        request: versionRequest(bump, options.pre),
        allowance: options,
        ...(options.prepare === true ? { only: 'prepare' as const } : options.publish === true ? { only: 'publish' as const } : {}),
        ...(plan === undefined ? {} : { plan }),
        confirm: async (begun) => {
          session.reporter.show(await proposalMessage(app, begun, []))
          if (yes || plan !== undefined) return true
          if (session.interactive) return session.confirm(`Release ${begun.proposal.context.release.to}?`)
          throw new SlipwayError({ code: 'not-approved', message: 'Nobody is at the terminal to approve this plan.', hint: 'Run it with `--yes`, or approve a plan file: `slipway plan --out FILE`, then `slipway release --plan FILE`.' })
        },
      })
      const last = ending(end.version, end.verdict, 'release', { begun: end.runs.length > 0, fetched: end.fetched })
      showUntold(session.reporter, end)
      session.reporter.show(last)
      return last.exit
    }, substitutes))
}

async function planFrom(file: string, app: App): Promise<Plan> {
  const { readPlan } = await import('../plan/read.ts')
  const { checkReversals } = await import('../plan/check.ts')
  const { kindsOf } = await import('../app/app.ts')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    throw new SlipwayError({ code: 'plan-unreadable', message: `The plan file ${file} cannot be read.`, hint: 'Write one with `slipway plan --out FILE`.', place: { file } })
  }
  const kinds = kindsOf(app.targets)
  const plan = readPlan(file, text, new Set(kinds.keys()))
  checkReversals(plan.steps, kinds)
  if (plan.stage !== 'prepare') throw new SlipwayError({ code: 'plan-invalid', message: `The plan file ${file} is a ${plan.stage} plan; a release begins with a prepare plan.`, hint: 'Write one with `slipway plan --out FILE`.', place: { file } })
  return plan
}
