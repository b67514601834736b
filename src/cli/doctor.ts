// `slipway doctor`: proves before the first write that a release can be made, right by right.
import type { Command } from 'commander'
import { exitOfProblem } from './exit.ts'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly fix?: boolean }

/** The command. */
export function doctorCommand(substitutes: Substitutes): Command {
  return command('doctor', 'prove that a release can be made: tools, files, tokens and each right apart; writes nothing outside')
    .option('--fix', 'install the tools that are missing, where that may be done')
    .action(async (options: Options) => inSession(options, async (session) => {
      const { doctor, unmetIn } = await import('../app/doctor.ts')
      await using composed = await session.compose({ yes: false })
      const diagnosis = await doctor(composed.app, { fix: options.fix === true })
      session.reporter.show({ type: 'doctor', lines: diagnosis.examined, done: diagnosis.done })
      const problems = unmetIn(diagnosis)
      const exit = problems[0] === undefined ? 0 : exitOfProblem(problems[0].code)
      const unknown = diagnosis.examined.filter(({ finding }) => finding.is === 'untested').length
      const rest = unknown === 0 ? '' : ` ${unknown} could not be tested.`
      const next = diagnosis.installable && options.fix !== true ? { next: 'Install what is missing with `slipway doctor --fix`, where that may be done.' } : {}
      session.reporter.show({ type: 'end', exit, ...next, text: exit === 0 ? `All that can be tested is in order.${rest}` : `${diagnosis.examined.length === 1 ? 'The one requirement that could be looked at is' : `${problems.length} of ${diagnosis.examined.length} requirements ${problems.length === 1 ? 'is' : 'are'}`} not met.${rest}` })
      return exit
    }, substitutes))
}
