// `slipway plan`: the next version and why, every edit, and both plans, forward and back. Changes nothing.
import type { Command } from 'commander'
import type { VersionRequest } from '../app/version.ts'
import { command, versionRequest, withAllowance, withVersion, type AllowanceOptions } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { proposalMessage } from './show.ts'
import { expectFolderOf, writeOut } from './write-out.ts'

interface Options extends CommonOptions, AllowanceOptions { readonly pre?: string; readonly out?: string }

/** The command. */
export function planCommand(substitutes: Substitutes): Command {
  return withAllowance(withVersion(command('plan', 'show what a release would do, both ways; changes nothing')))
    .option('--out <file>', 'write the prepare plan to a file, to be reviewed and run with `release --plan`')
    .action(async (bump: VersionRequest['bump'], options: Options) => inSession(options, async (session) => {
      const { start } = await import('../app/release.ts')
      const { objectionProblems } = await import('../app/exceptions.ts')
      const { contradictionsSoFar } = await import('../app/expect.ts')
      if (options.out !== undefined) await expectFolderOf(options.out)
      await using composed = await session.compose({ yes: false })
      const { app } = composed
      const begun = await start(app, versionRequest(bump, options.pre), { allowance: options })
      const { contradicted, unseen } = begun.underWay ? { contradicted: [], unseen: [] } : await contradictionsSoFar(app, begun.proposal)
      session.reporter.show(await proposalMessage(app, begun, unseen))
      const against = objectionProblems(begun.objections, begun.proposal.context.release.to, begun.underWay ? 'under-way' : 'command')
      if (contradicted.length + against.length > 0) {
        const exit = contradicted.length > 0 ? 5 : 2
        session.reporter.show({ type: 'problems', problems: [...contradicted, ...against] })
        session.reporter.show({ type: 'end', text: 'This release cannot begin as things stand.', exit })
        return exit
      }
      if (options.out !== undefined) {
        await writeOut(options.out, `${JSON.stringify(begun.plan, null, 2)}\n`)
        session.reporter.show({ type: 'note', text: `Wrote the plan ${begun.plan.digest} to ${options.out}.` })
      }
      const version = begun.proposal.context.release.to
      session.reporter.show({ type: 'end', exit: 0, text: 'Nothing was changed.', next: `Rehearse it: \`slipway rehearse ${version}\`. Make it: \`slipway release ${version}\`.` })
      return 0
    }, substitutes))
}
