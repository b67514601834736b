// `slipway verify`: what users fetch is fetched again and compared with what was built. Changes nothing.
import type { Command } from 'commander'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'

/** The command. */
export function verifyCommand(substitutes: Substitutes): Command {
  return command('verify', 'fetch what users fetch and compare it with what was built, signatures and attachments included; changes nothing')
    .argument('[version]', 'the version; the newest that was shipped when left out')
    .action(async (version: string | undefined, options: CommonOptions) => inSession(options, async (session) => {
      const { verifyRelease } = await import('../app/verify.ts')
      await using composed = await session.compose({ yes: false })
      const { version: seen, verified } = await verifyRelease(composed.app, version)
      session.reporter.show({ type: 'check', lines: verified.map(({ title, is, detail, problems }) => ({ title, ok: is === 'right', detail, problems })) })
      const wrong = verified.filter(({ is }) => is === 'wrong').length
      const unseen = verified.filter(({ is }) => is === 'unseen').length
      const exit = wrong > 0 ? 1 : unseen > 0 ? 4 : 0
      const text = exit === 0 ? `What users fetch of ${seen} is what was built.` : wrong > 0 ? `What users fetch of ${seen} is not what was built.` : `Not all of ${seen} could be looked at.`
      session.reporter.show({ type: 'end', exit, text, ...(exit === 1 ? { next: `Take it back: \`slipway rollback ${seen}\`.` } : {}) })
      return exit
    }, substitutes))
}
