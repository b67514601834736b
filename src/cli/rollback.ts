// `slipway rollback VERSION`: shows the plan back, asks, goes.
import type { Command } from 'commander'
import { SlipwayError } from '../model/error.ts'
import { ending, showUntold } from './ending.ts'
import { command, parseDuration, parseVersion } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { planMessage } from './show.ts'

interface Options extends CommonOptions { readonly yes?: boolean; readonly wait?: number }

/** The command. */
export function rollbackCommand(substitutes: Substitutes): Command {
  return command('rollback', 'take a release back, as far as it can be taken back')
    .argument('<version>', 'the version, e.g. 2.1.0', parseVersion)
    .option('--yes', 'ask nothing')
    .option('--wait <time>', 'how long to wait for what only a person can do, before stopping with exit code 4, e.g. 20m', parseDuration)
    .action(async (version: string, options: Options) => inSession(options, async (session) => {
      const { rollback } = await import('../app/rollback.ts')
      await using composed = await session.compose({ yes: options.yes === true, ...(options.wait === undefined ? {} : { wait: options.wait }) })
      const { app } = composed
      const end = await rollback(app, {
        version,
        confirm: async (plan, recovered) => {
          session.reporter.show(planMessage(app, plan, recovered))
          if (options.yes === true) return true
          if (session.interactive) return session.confirm(`Take ${version} back?`)
          throw new SlipwayError({ code: 'not-approved', message: 'Nobody is at the terminal to approve this plan back.', hint: 'Run it with `--yes`.' })
        },
      })
      const last = ending(end.version, end.verdict, 'rollback', { begun: end.run !== undefined, fetched: false })
      showUntold(session.reporter, end)
      session.reporter.show(last)
      return last.exit
    }, substitutes))
}
