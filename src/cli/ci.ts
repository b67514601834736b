// `slipway ci github`: writes the workflows that make the releases, and never overwrites what a person has changed in them.
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Argument, InvalidArgumentError, type Command } from 'commander'
import type { World } from '../model/world.ts'
import { SlipwayError } from '../model/error.ts'
import type { ComparedWorkflow, WorkflowStanding } from '../app/ci-github.ts'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'
import { writeOut } from './write-out.ts'

interface Options extends CommonOptions { readonly uses?: string; readonly schedule?: string; readonly verifySchedule?: string; readonly environment?: string; readonly force?: boolean; readonly check?: boolean }

const WORDS: Readonly<Record<WorkflowStanding, string>> = {
  right: 'it is what slipway.yaml asks for',
  missing: 'it is not there',
  drifted: 'slipway.yaml asks for something else now',
  changed: 'somebody has changed it, and slipway.yaml has not changed since',
  'changed-and-drifted': 'somebody has changed it, and slipway.yaml asks for something else now',
  foreign: 'it was not written by Slipway',
  surplus: 'nobody wants it any more',
  'changed-and-surplus': 'nobody wants it any more, but somebody has changed it',
}

/** The command. */
export function ciCommand(substitutes: Substitutes): Command {
  return command('ci', 'write the workflows that prepare, publish and verify releases in CI')
    .addArgument(new Argument('<forge>', 'whose CI').choices(['github']))
    .option('--uses <action>', 'the action that runs Slipway, by its commit: OWNER/REPOSITORY@COMMIT (needed once)', parseUses)
    .option('--schedule <cron>', 'also prepare a release at these times, e.g. "0 6 * * 1"', parseCron)
    .option('--verify-schedule <cron|none>', 'when to verify the newest release, or none for no such workflow (default: once a week)', parseCronOrNone)
    .option('--environment <name>', 'the environment whose approval is the gate (default: release)', parseEnvironment)
    .option('--force', 'overwrite or remove files that a person has changed, and overwrite those that are not from Slipway')
    .option('--check', 'write nothing; exit with 1 when a file is not what slipway.yaml asks for')
    .action(async (_: string, options: Options) => inSession(options, async (session) => {
      const { compareWorkflows, isDrift } = await import('../app/ci-github.ts')
      await using composed = await session.compose({ yes: false })
      const { world } = composed.app
      const { uses, schedule, verifySchedule, environment } = options
      const files = await compareWorkflows(composed.app, { ...(uses === undefined ? {} : { uses }), ...(schedule === undefined ? {} : { schedule }), ...(verifySchedule === undefined ? {} : { verifySchedule }), ...(environment === undefined ? {} : { environment }) })
      if (files === undefined) {
        throw new SlipwayError({ code: 'usage', message: 'There are no workflows of Slipway here yet, and nothing says which action they would use.', hint: 'Name it by its commit: `slipway ci github --uses OWNER/slipway@COMMIT`.' })
      }
      if (options.check === true) {
        session.reporter.show({ type: 'check', lines: files.map(({ path, is }) => ({ title: `${path}: ${WORDS[is]}`, ok: !isDrift(is), problems: [] })) })
        const drift = files.some(({ is }) => isDrift(is))
        session.reporter.show({ type: 'end', exit: drift ? 1 : 0, text: drift ? 'The workflows are not what slipway.yaml asks for.' : 'The workflows are what slipway.yaml asks for.', ...(drift ? { next: 'Write them with `slipway ci github`.' } : {}) })
        return drift ? 1 : 0
      }
      const kept = files.filter(({ is }) => options.force !== true && (is === 'changed' || is === 'changed-and-drifted' || is === 'foreign' || is === 'changed-and-surplus'))
      const { path: top } = world.folder('.')
      for (const file of files) {
        if (file.is === 'right' || kept.includes(file)) continue
        if (isSurplus(file)) {
          await rm(join(top, file.path))
          session.reporter.show({ type: 'note', text: `Removed ${file.path}: ${WORDS.surplus}.` })
          continue
        }
        await mkdir(dirname(join(top, file.path)), { recursive: true })
        await writeOut(join(top, file.path), file.text)
        session.reporter.show({ type: 'note', text: `Wrote ${file.path}.` })
      }
      for (const file of kept) session.reporter.show({ type: 'note', text: `Left ${file.path} as it is: ${WORDS[file.is]}.${isSurplus(file) ? '' : ` What would be written:\n${await difference(world, file)}`}` })
      const refused = kept.filter(({ is }) => is !== 'changed')
      session.reporter.show({ type: 'end', exit: refused.length === 0 ? 0 : 2, text: refused.length === 0 ? 'The workflows are in place. Commit them.' : refused.every(isSurplus) ? 'A workflow that nobody wants is still there.' : 'Not every workflow was written.', ...(refused.length === 0 ? {} : { next: refused.every(isSurplus) ? 'Remove it by hand, or with `slipway ci github --force`.' : 'Take over what you want of it by hand, or overwrite the files with `slipway ci github --force`.' }) })
      return refused.length === 0 ? 0 : 2
    }, substitutes))
}

function isSurplus({ is }: ComparedWorkflow): boolean {
  return is === 'surplus' || is === 'changed-and-surplus'
}

/** From what is there to what would be written, as git shows it. */
async function difference(world: World, { path, text }: ComparedWorkflow): Promise<string> {
  const { stdout } = await world.git(['diff', '--no-index', '--no-color', '--', path, '-'], { stdin: text })
  return stdout.trimEnd()
}

function parseUses(text: string): string {
  if (/^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[0-9a-f]{40}$/.test(text)) return text
  throw new InvalidArgumentError('It must be OWNER/REPOSITORY@COMMIT with a whole commit of 40 digits: a tag can be moved.')
}

const CRON = /^[\d*/,-]+(?: [\d*/,A-Za-z-]+){4}$/

function parseCron(text: string): string {
  if (CRON.test(text)) return text
  throw new InvalidArgumentError('It must be a cron line of five parts, e.g. "0 6 * * 1".')
}

function parseCronOrNone(text: string): string {
  if (text === 'none' || CRON.test(text)) return text
  throw new InvalidArgumentError('It must be a cron line of five parts, e.g. "0 6 * * 1", or none for no such workflow.')
}

function parseEnvironment(text: string): string {
  if (/^[A-Za-z0-9][\w-]{0,99}$/.test(text)) return text
  throw new InvalidArgumentError('It must be letters, digits, "_" and "-".')
}
