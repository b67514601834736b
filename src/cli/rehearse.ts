// `slipway rehearse`: the whole release and its rollback in the hermetic world.
import { Option, type Command } from 'commander'
import type { RunEvent } from '../model/event.ts'
import type { ProposalMessage } from '../report/message.ts'
import type { VersionRequest } from '../app/version.ts'
import { exitOfVerdict } from './exit.ts'
import { command, versionRequest, withVersion } from './options.ts'
import { servingMessage } from './serving.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { proposalMessage } from './show.ts'
import { expectFolderOf, writeOut } from './write-out.ts'

interface Options extends CommonOptions { readonly pre?: string; readonly faults: string; readonly keep?: boolean; readonly report?: string }

/** The command. */
export function rehearseCommand(substitutes: Substitutes): Command {
  return withVersion(command('rehearse', 'make the whole release and take it back, in a world of its own; touches nothing outside'))
    .addOption(new Option('--faults <name>', 'play a fault preset: none, flaky, lost-reply, vulnerable, flaky-registry, slow-index, rate-limited, expired-token, unsteady-publisher, no-publisher, foreign-file, immutable, starter-asset, workflow-fails, workflow-silent, workflow-empty, workflow-twice, workflow-rebuilds').default('none'))
    .option('--keep', 'leave the world running afterwards, for a look with real clients')
    .option('--report <file>', 'write what was seen as a self-contained HTML page')
    .action(async (bump: VersionRequest['bump'], options: Options) => inSession(options, async (session) => {
      const { rehearse } = await import('../app/rehearse.ts')
      const { releaseComment } = await import('../report/release-comment.ts')
      const { reporter } = session
      if (options.report !== undefined) await expectFolderOf(options.report)
      const events: RunEvent[] = []
      let proposal: ProposalMessage | undefined
      let redact = (text: string): string => text
      const { summary } = await rehearse({
        folder: session.folder,
        env: process.env,
        request: versionRequest(bump, options.pre),
        preset: options.faults,
        signal: session.signal,
        proposed: async (begun, composed) => {
          redact = (text) => composed.redact(text)
          proposal = await proposalMessage(composed.app, begun, [])
          reporter.show(proposal)
        },
        comment: releaseComment,
        note: (text) => { reporter.show({ type: 'note', text }) },
        part: (title) => { reporter.show({ type: 'part', title }) },
        tell: (event) => {
          events.push(event)
          reporter.show(event)
        },
        ...(options.keep === true ? {
          stay: async (world) => {
            reporter.show(servingMessage(world))
            reporter.show({ type: 'note', text: 'The world stays until you press Ctrl-C.' })
            await new Promise<void>((resolve) => {
              if (session.signal.aborted) resolve()
              else session.signal.addEventListener('abort', () => { resolve() })
            })
          },
        } : {}),
      })
      reporter.show({ type: 'rehearsal', summary })
      if (options.report !== undefined && proposal !== undefined) {
        const { rehearsalPage } = await import('../report/html.ts')
        const { version } = await import('../world/version.ts')
        await writeOut(options.report, redact(rehearsalPage({ summary, proposal, events, when: new Date().toISOString(), version: version() })))
        reporter.show({ type: 'note', text: `Wrote ${options.report}.` })
      }
      const wrong = summary.verified.filter(({ ok }) => !ok)
      const shipped = summary.release.is === 'done' && summary.rollback?.is === 'rolled-back' && wrong.length === 0
      const exit = shipped ? 0 : wrong.length > 0 ? 1 : Math.max(1, exitOfVerdict(summary.release), summary.rollback === undefined ? 0 : exitOfVerdict(summary.rollback))
      reporter.show(shipped
        ? { type: 'end', exit, text: `The release of ${summary.version} and its rollback were rehearsed, and both were found right. Nothing outside was touched.`, next: `Make it: \`slipway release ${summary.version}\`.` }
        : { type: 'end', exit, text: `The rehearsal of ${summary.version} did not go through: ${summary.release.is === 'done' ? 'the rollback' : 'the release'} ended as ${summary.release.is === 'done' ? summary.rollback?.is ?? 'not tried' : summary.release.is}. Nothing outside was touched.` })
      return exit
    }, substitutes))
}
