// `slipway schedule`: what is due, what waits for it and what stands in its way; as a calendar file too, and the next milestone on GitHub.
import { InvalidArgumentError, Option, type Command } from 'commander'
import { icalendarText, LEVELS } from '../calendar/index.ts'
import type { Level } from '../calendar/index.ts'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { expectFolderOf, writeOut } from './write-out.ts'

interface Options extends CommonOptions { readonly ics?: string; readonly openMilestone?: Level | true }

/** The command. */
export function scheduleCommand(substitutes: Substitutes): Command {
  return command('schedule', 'show which releases are due, what waits for them and what stands in their way')
    .option('--ics <file>', 'write what is due, the freezes and the ends of support to an iCalendar file')
    .addOption(new Option('--open-milestone [level]', 'open the milestone of the next release on GitHub: patch, minor or major (default: what comes next)').argParser(parseLevel).conflicts('ics'))
    .action(async (options: Options) => inSession(options, async (session) => {
      const { openNextMilestone, releaseCalendar, schedule } = await import('../app/schedule.ts')
      const { reporter } = session
      if (options.ics !== undefined) await expectFolderOf(options.ics)
      await using composed = await session.compose({ yes: false })
      if (options.ics !== undefined) {
        await writeOut(options.ics, icalendarText(await releaseCalendar(composed.app)))
        reporter.show({ type: 'end', exit: 0, text: `Wrote ${options.ics}.` })
        return 0
      }
      if (options.openMilestone !== undefined) {
        const { title, due, is, url } = await openNextMilestone(composed.app, options.openMilestone === true ? undefined : options.openMilestone)
        const words = { opened: 'is open now', moved: 'was open and has another day now', there: 'is open already' }
        reporter.show({ type: 'end', exit: 0, text: `The milestone ${title} ${words[is]}${due === undefined ? '' : `, due ${due}`}: ${url}` })
        return 0
      }
      reporter.show({ type: 'schedule', view: await schedule(composed.app) })
      return 0
    }, substitutes))
}

function parseLevel(text: string): Level {
  const level = LEVELS.find((each) => each === text)
  if (level !== undefined) return level
  throw new InvalidArgumentError(`It must be ${LEVELS.join(', ')}, or nothing.`)
}
