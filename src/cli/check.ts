// `slipway check`: whether a release could begin, requirement by requirement. Changes nothing.
import type { Command } from 'commander'
import type { VersionRequest } from '../app/version.ts'
import { exitOfProblem } from './exit.ts'
import { command, versionRequest, withVersion } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly pre?: string }

/** The command. */
export function checkCommand(substitutes: Substitutes): Command {
  return withVersion(command('check', 'look whether a release could begin, requirement by requirement; changes nothing'))
    .action(async (bump: VersionRequest['bump'], options: Options) => inSession(options, async (session) => {
      const { check } = await import('../app/check.ts')
      await using composed = await session.compose({ yes: false })
      const requirements = await check(composed.app, versionRequest(bump, options.pre))
      session.reporter.show({ type: 'check', lines: requirements.map(({ title, problems }) => ({ title, ok: problems.length === 0, problems })) })
      const first = requirements.flatMap(({ problems }) => problems)[0]
      const exit = first === undefined ? 0 : exitOfProblem(first.code)
      session.reporter.show({ type: 'end', exit, text: first === undefined ? 'A release could begin.' : 'A release could not begin as things stand.' })
      return exit
    }, substitutes))
}
