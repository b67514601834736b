// `slipway monitor`: how a release fares once users have it. Changes nothing.
import type { Command } from 'commander'
import type { Monitoring } from '../app/monitor.ts'
import { command, parseDuration, parseVersion } from './options.ts'
import { inSession, type CommonOptions, type Session, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly watch?: boolean; readonly every: number }

const EXIT = { healthy: 0, watch: 4, act: 1 } as const

/** The command. */
export function monitorCommand(substitutes: Substitutes): Command {
  return command('monitor', 'tell how a release fares: what users fetch, downloads, issues, alerts and advisories; changes nothing')
    .argument('[version]', 'the version; the newest that was shipped when left out', parseVersion)
    .option('--watch', 'look again and again until Ctrl-C, and stop when something asks for action')
    .option('--every <time>', 'how long to wait between two looks with --watch', parseDuration, 15 * 60_000)
    .action(async (version: string | undefined, options: Options) => inSession(options, async (session) => {
      const { monitor } = await import('../app/monitor.ts')
      await using composed = await session.compose({ yes: false })
      const { app } = composed
      for (;;) {
        const seen = await monitor(app, version)
        session.reporter.show({ type: 'monitor', monitoring: seen })
        if (options.watch !== true || seen.verdict === 'act') return ended(session, seen)
        await app.clock.sleep(options.every, session.signal)
        if (session.signal.aborted) return ended(session, seen)
      }
    }, substitutes))
}

function ended({ reporter }: Session, { version, verdict, watched }: Monitoring): number {
  const unknown = watched.filter(({ reading }) => reading.standing === 'unknown').length
  const text = {
    healthy: `${version} is healthy.`,
    watch: unknown === 0 ? `${version} is to be watched.` : `${version} is to be watched: ${unknown} ${unknown === 1 ? 'source' : 'sources'} gave no answer.`,
    act: `${version} asks for action.`,
  }[verdict]
  const next = {
    healthy: undefined,
    watch: `Look again later: \`slipway monitor ${version}\`, or \`slipway monitor ${version} --watch\`.`,
    act: `Mend it in a higher version: \`slipway release patch\`. Or take it back, as far as that goes: \`slipway rollback ${version}\`.`,
  }[verdict]
  reporter.show({ type: 'end', exit: EXIT[verdict], text, ...(next === undefined ? {} : { next }) })
  return EXIT[verdict]
}
