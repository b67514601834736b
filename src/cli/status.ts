// `slipway status`: where a release stands, by the journal and by a look at the world.
import type { Command } from 'commander'
import { command, parseVersion } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'

/** The command. */
export function statusCommand(substitutes: Substitutes): Command {
  return command('status', 'show where a release stands: what the journal says and what the world says')
    .argument('[version]', 'the version; the release under way or the newest when missing', parseVersion)
    .action(async (version: string | undefined, options: CommonOptions) => inSession(options, async (session) => {
      const { status } = await import('../app/status.ts')
      await using composed = await session.compose({ yes: false })
      session.reporter.show({ type: 'status', status: await status(composed.app, version) })
      return 0
    }, substitutes))
}
