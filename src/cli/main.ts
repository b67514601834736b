// The command line: arguments to app to report.
import { Command, CommanderError } from 'commander'
import { announceCommand } from './announce.ts'
import { approveCommand } from './approve.ts'
import { checkCommand } from './check.ts'
import { ciCommand } from './ci.ts'
import { doctorCommand } from './doctor.ts'
import { initCommand } from './init.ts'
import { monitorCommand } from './monitor.ts'
import { planCommand } from './plan.ts'
import { rehearseCommand } from './rehearse.ts'
import { releaseCommand } from './release.ts'
import { rollbackCommand } from './rollback.ts'
import { scheduleCommand } from './schedule.ts'
import { statusCommand } from './status.ts'
import { supportCommand } from './support.ts'
import { verifyCommand } from './verify.ts'
import { worldCommand } from './world.ts'
import type { Substitutes } from './session.ts'
import { version } from '../world/version.ts'

/** Runs the program with its arguments (without node and script) and sets the exit code. */
export async function main(args: readonly string[], substitutes: Substitutes = {}): Promise<void> {
  const program = new Command('slipway')
    .description('A release guide that runs itself: plan, rehearse, release, resume and roll back.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', '\nExit codes: 0 shipped · 1 failed · 2 wrong usage or config · 3 nothing to release · 4 waiting, run again · 5 a person must look · 6 rolled back')
  for (const each of [initCommand, checkCommand, doctorCommand, planCommand, rehearseCommand, releaseCommand, statusCommand, approveCommand, rollbackCommand, verifyCommand, monitorCommand, announceCommand, supportCommand, scheduleCommand, worldCommand, ciCommand]) {
    program.addCommand(each(substitutes))
  }
  for (const each of [program, ...program.commands]) {
    const help = `slipway ${each === program ? '' : `${each.name()} `}--help`
    each.exitOverride().configureOutput({ outputError: (text, write) => { write(usageText(text, help)) } })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : 2
  }
}

/** An error of the argument parser in the words and the form of every other problem. */
function usageText(text: string, help: string): string {
  const [first = '', ...more] = text.trim().replace(/^error: /, '').split('\n')
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/(?<![.?!])$/, '.').replace('Command-argument value', 'The value')
  return [`✗ ${message}`, ...more.map((line) => `  → ${line.replace(/^\((.*)\)$/, '$1')}`), `  → \`${help}\` shows what there is.`, ''].join('\n')
}
