// `slipway init`: writes a slipway.yaml that fits the project, and never over another one.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../model/error.ts'
import type { Guess, Question } from '../config/detect/index.ts'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Session, type Substitutes } from './session.ts'

interface Options extends CommonOptions {
  readonly yes?: boolean
  readonly print?: boolean
}

/** The command. */
export function initCommand(substitutes: Substitutes): Command {
  return command('init', 'look at the repository and write a slipway.yaml that fits it')
    .option('--yes', 'ask nothing')
    .option('--print', 'write nothing, print the config')
    .action(async (options: Options) => inSession(options, async (session) => {
      const { lookAround, compose } = await import('../app/init.ts')
      const { reporter } = session
      await using composed = await session.compose({ yes: false })
      const looked = await lookAround(composed.app, { writes: options.print !== true })
      const asks = session.interactive && options.yes !== true && options.print !== true
      const answers = asks ? await askAll(session, looked.detected.questions) : []
      const initial = await compose(composed.app, { detected: looked.detected, answers })
      reporter.show({ type: 'init', initial, print: options.print === true })
      if (options.print === true) {
        // Beside the config, so that it can be written to a file as it is.
        if (options.json !== true && initial.findings.length > 0) reporter.show({ type: 'problems', problems: initial.findings })
        if (options.json === true) reporter.show({ type: 'end', exit: 0, text: 'Nothing was written.' })
        return 0
      }
      const names = initial.files.map(({ path }) => path).join(' and ')
      if (asks && !await session.confirm(`Write ${names}?`)) {
        reporter.show({ type: 'end', exit: 0, text: 'Nothing was written.' })
        return 0
      }
      // The config last: while it is missing, init can be run again.
      for (const { path, text } of initial.files.toReversed()) await writeNew(join(looked.top, path), path, text)
      reporter.show({
        type: 'end', exit: 0, text: `Wrote ${names}.`,
        next: `Read ${initial.files.length === 1 ? 'it' : 'them'}, commit: \`git add ${initial.files.map(({ path }) => path).join(' ')} && git commit -m "chore: release with Slipway" && git push\`, then \`slipway check\`.`,
      })
      return 0
    }, substitutes))
}

async function askAll(session: Session, questions: readonly Question[]): Promise<readonly Guess[]> {
  const answers: Guess[] = []
  for (const { setting, text, read } of questions) {
    const value = read(await session.answer(text))
    if (value !== undefined) answers.push({ setting, value, because: 'you said so' })
  }
  return answers
}

/** Writes a file that is not there yet. Throws SlipwayError `config-exists` or `usage`. */
async function writeNew(file: string, path: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST') throw new SlipwayError({ code: 'config-exists', message: `There is a ${path} already, and it is never overwritten.`, hint: 'Commit it, or move it out of the way, and run `slipway init` again.', place: { file: path } })
    throw new SlipwayError({ code: 'usage', message: `${path} cannot be written to ${file} (${code}).`, hint: 'Make room, or let yourself write there; or print it with `slipway init --print`.' })
  }
}
