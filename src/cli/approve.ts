// `slipway approve`: a person's word on the plan that waits at its gate.
import type { Command } from 'commander'
import { command, parseVersion } from './options.ts'
import { inSession, operator, type CommonOptions, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly digest: string; readonly deny?: boolean; readonly by?: string }

/** The command. */
export function approveCommand(substitutes: Substitutes): Command {
  return command('approve', 'approve the plan that waits at its gate, by its digest')
    .argument('[version]', 'the version; the newest waiting run when missing', parseVersion)
    .requiredOption('--digest <digest>', 'the digest of the plan that you have read, or its first 8 or more digits')
    .option('--deny', 'deny it instead')
    .option('--by <name>', 'who approves (default: who runs this)')
    .action(async (version: string | undefined, options: Options) => inSession(options, async (session) => {
      const { approve } = await import('../app/approve.ts')
      await using composed = await session.compose({ yes: false })
      const by = options.by ?? operator()
      const verdict = options.deny === true ? 'denied' : 'approved'
      const { record, gate } = await approve(composed.app, { ...(version === undefined ? {} : { version }), digest: options.digest, verdict, by })
      session.reporter.show({ type: 'approved', run: record.run, gate, verdict, by })
      session.reporter.show({ type: 'end', exit: 0, text: `${record.plan.digest} is ${verdict} by ${by}.`, next: `Run \`slipway release ${record.plan.releases[0].to}\` to go on.` })
      return 0
    }, substitutes))
}
