// `slipway announce`: tells of a release that is out, on the channels that were not told yet; takes announcements back; takes a person's word on one that is in doubt.
import { Option, type Command } from 'commander'
import { SlipwayError } from '../model/error.ts'
import type { Told } from '../app/announce.ts'
import { command, parseVersion } from './options.ts'
import { inSession, operator, type CommonOptions, type Session, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly only?: readonly string[]; readonly undo?: boolean; readonly sent?: string; readonly notSent?: string; readonly yes?: boolean }

/** The command. */
export function announceCommand(substitutes: Substitutes): Command {
  return command('announce', 'tell of a release that is out, where it was not told yet; never changes the release')
    .argument('<version>', 'the version, e.g. 2.1.0', parseVersion)
    .option('--only <channels...>', 'these channels alone, by the names of their keys')
    .addOption(new Option('--undo', 'take the announcements back, as far as they can be').conflicts(['sent', 'notSent']))
    .addOption(new Option('--sent <channel>', 'you have looked: it was sent there').conflicts('notSent'))
    .option('--not-sent <channel>', 'you have looked: it was not sent there, and is to be sent')
    .option('--yes', 'ask nothing')
    .action(async (version: string, options: Options) => inSession(options, async (session) => {
      await using composed = await session.compose({ yes: options.yes === true })
      const { app } = composed
      const { openAnnouncing } = await import('../app/announcing.ts')
      const announcing = await openAnnouncing(app, version, options.undo === true ? 'undo' : 'send')
      const only = options.only === undefined ? undefined : announcing.named(options.only)
      if (options.sent !== undefined || options.notSent !== undefined) {
        const [channel, word] = options.sent === undefined ? [options.notSent ?? '', 'not sent' as const] : [options.sent, 'sent' as const]
        await announcing.settle({ channel, word, by: operator() })
        if (word === 'sent') {
          session.reporter.show({ type: 'end', exit: 0, text: `It is on record that ${channel} was told of ${version}.` })
          return 0
        }
        return shown(session, version, await announcing.send([channel]))
      }
      await confirmed(session, { version, options, lines: announcing.lines(only) })
      return shown(session, version, options.undo === true ? await announcing.undo(only) : await announcing.send(only))
    }, substitutes))
}

async function confirmed(session: Session, { version, options, lines }: { readonly version: string; readonly options: Options; readonly lines: readonly string[] }): Promise<void> {
  const doing = options.undo === true ? 'Take back' : 'Announce'
  session.reporter.show({ type: 'note', text: `${doing} ${version}:${lines.length === 0 ? ' nothing' : lines.map((line) => `\n  ${line}`).join('')}` })
  if (options.yes === true || lines.length === 0) return
  if (session.interactive && await session.confirm(`${doing} ${version}?`)) return
  throw new SlipwayError({ code: 'not-approved', message: session.interactive ? 'Nothing was done.' : 'Nobody is at the terminal to say yes to this.', hint: 'Run it with `--yes`.' })
}

/** What became of each channel, and the exit code: 5 where a person must look, 1 where something was refused. */
function shown({ reporter }: Session, version: string, told: readonly Told[]): number {
  reporter.show({ type: 'check', lines: told.map(({ title, channel, is, problems }) => ({ title: `${channel}: ${is} (${title})`, ok: problems.length === 0, problems })) })
  const of = (...words: readonly Told['is'][]): boolean => told.some(({ is }) => words.includes(is))
  const exit = of('in doubt', 'held') ? 5 : of('not sent') ? 1 : 0
  const text = exit === 0 ? `Everything that is to be told of ${version} is told, or taken back, once.` : exit === 5 ? `A person must look at what ${version} was announced with.` : `Not everything that is to be told of ${version} could be.`
  reporter.show({ type: 'end', exit, text, ...(exit === 0 ? {} : { next: `Mend what is named above, then run \`slipway announce ${version}\` again: what was told is not told again.` }) })
  return exit
}
