// One run of a command: its reporter, its signal, its program, and one place where errors become words and exit codes.
import { readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { z } from 'zod'
import type { Json } from '../model/json.ts'
import type { Plan } from '../model/plan.ts'
import { SlipwayError } from '../model/error.ts'
import type { Approval } from '../engine/drive.ts'
import type { Composed } from '../app/compose.ts'
import type { Reporter } from '../report/message.ts'
import { createReporter } from '../report/reporter.ts'
import { sourceAround } from '../report/source.ts'
import { askSecret } from './ask-secret.ts'
import { exitOfProblem } from './exit.ts'

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean
  readonly folder?: string
  readonly color?: boolean
}

/** What a command works with. */
export interface Session {
  readonly reporter: Reporter
  readonly signal: AbortSignal
  readonly folder: string
  /** True when a person is at the terminal and can be asked. */
  readonly interactive: boolean
  /** Asks a yes-or-no question at the terminal; no without one. */
  confirm(question: string): Promise<boolean>
  /** What a person answers at the terminal, trimmed; empty without one, and where nothing was answered. */
  answer(question: string): Promise<string>
  /** Composes the program over the real world, or over the rehearsal world that SLIPWAY_WORLD names. */
  compose(options: { readonly yes: boolean; readonly wait?: number; readonly journal?: 'local' | 'remote'; gate?(plan: Plan): void }): Promise<Composed>
}

/** What may be put in place of the parts of a program; tests use it to stand between. */
export interface Substitutes {
  composed?(composed: Composed): Composed
}

const worldFile = z.strictObject({ routes: z.record(z.string(), z.url()), gitRoutes: z.record(z.string(), z.string()), trustedRoot: z.json().exactOptional() })

/** Milliseconds to wait for lag of an index or a server that does not answer (PyPI's own may last over half an hour). */
const WORLD_PATIENCE = 35 * 60_000

/** Runs a command's work and sets the exit code. Errors are shown, never thrown; only bugs show a stack trace. */
export async function inSession(options: CommonOptions, work: (session: Session) => Promise<number>, substitutes: Substitutes = {}): Promise<void> {
  const folder = options.folder ?? process.cwd()
  const stop = new AbortController()
  const json = options.json === true
  let redact = (text: string): string => text
  const reporter = createReporter({ json, color: options.color !== false, out: process.stdout, err: process.stderr, redact: (text) => redact(text), source: sourceAround(folder), folder })
  const onSignal = (): void => {
    if (stop.signal.aborted) {
      reporter.close()
      process.exit(4)
    }
    reporter.show({ type: 'note', text: 'Stopping: what is in flight finishes first. Press Ctrl-C again to leave at once; the journal stays right either way.' })
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const interactive = !json && process.stdin.isTTY && process.stdout.isTTY
  const session: Session = {
    reporter,
    signal: stop.signal,
    folder,
    interactive,
    confirm: async (question) => interactive && /^y(es)?$/i.test(await ask(`${question} [y/N] `, stop.signal)),
    answer: async (question) => interactive ? ask(`${question} `, stop.signal) : '',
    async compose({ yes, wait, journal, gate }) {
      const { compose } = await import('../app/compose.ts')
      const { releaseComment } = await import('../report/release-comment.ts')
      const approver = operator()
      const composed = await compose({
        folder,
        env: process.env,
        ...(journal === undefined ? {} : { journal }),
        ...servedWorld(),
        patience: { person: wait ?? (interactive ? Infinity : 0), world: WORLD_PATIENCE, machine: wait ?? WORLD_PATIENCE },
        signal: stop.signal,
        ...(interactive ? { askSecret: ({ name, for: purpose }) => askSecret(`${name}, for ${purpose} (not shown; Enter for none): `, { input: process.stdin, output: process.stdout, signal: stop.signal }) } : {}),
        ask: async (_, plan): Promise<Approval | undefined> => {
          gate?.(plan)
          if (yes) return { verdict: 'approved', by: approver }
          if (!interactive) return undefined
          const word = await ask(`Approve ${plan.digest} and go past the point of no return? [y]es, [n]o and take back what was made, Enter to decide later: `, stop.signal)
          if (/^y(es)?$/i.test(word)) return { verdict: 'approved', by: approver }
          return /^n(o)?$/i.test(word) ? { verdict: 'denied', by: approver } : undefined
        },
        tell: (event) => { reporter.show(event) },
        comment: releaseComment,
        note: (text) => { reporter.show({ type: 'note', text }) },
        learned: (value) => { reporter.mask?.(value) },
      })
      redact = (text) => composed.redact(text)
      return substitutes.composed?.(composed) ?? composed
    },
  }
  try {
    expectFolder(folder)
    process.exitCode = await work(session)
  } catch (error) {
    if (!(error instanceof SlipwayError)) {
      const { openSecrets } = await import('../world/secrets.ts')
      const secrets = openSecrets(process.env)
      throw withoutSecrets(error, (text) => secrets.redact(redact(text)))
    }
    const exit = exitOfProblem(error.code)
    reporter.show({ type: 'problems', problems: error.problems })
    if (json) reporter.show({ type: 'end', text: error.message, exit })
    process.exitCode = exit
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    reporter.close()
  }
}

/** A bug as it is told: Node prints all that hangs on an error, so its words go on alone and redacted. */
function withoutSecrets(error: unknown, redact: (text: string) => string): Error {
  const told = new Error(redact(error instanceof Error ? error.message : String(error)))
  told.name = error instanceof Error ? error.name : 'Error'
  told.stack = redact(error instanceof Error ? error.stack ?? error.message : String(error))
  return told
}

/** Throws SlipwayError `usage` when `--folder` names no folder. */
function expectFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  throw new SlipwayError({ code: 'usage', message: `There is no folder ${folder}.`, hint: 'Name the project with `--folder PATH`, or change to it and leave the option out.' })
}

/** Where services are served when SLIPWAY_WORLD names the file that `slipway world` wrote. Throws SlipwayError `usage`. */
function servedWorld(): { routes?: Readonly<Record<string, string>>; gitRoutes?: Readonly<Record<string, string>>; trustedRoot?: Json } {
  const file = process.env['SLIPWAY_WORLD']
  if (file === undefined || file === '') return {}
  try {
    return worldFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new SlipwayError({ code: 'usage', message: `SLIPWAY_WORLD names ${file}, which is not a file that \`slipway world\` wrote.`, hint: 'Start `slipway world` and set SLIPWAY_WORLD to the file that it names, or unset it.' })
  }
}

/** What a person answered, trimmed; empty when nobody did. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  // A terminal in raw mode gives Ctrl-C to readline, not to the process.
  lines.on('SIGINT', () => { process.emit('SIGINT') })
  try {
    return (await lines.question(question, { signal })).trim()
  } catch {
    return ''
  } finally {
    lines.close()
  }
}

/** Who runs this command, for the record of an approval. */
export function operator(): string {
  return process.env['GITHUB_ACTOR'] ?? process.env['USER'] ?? process.env['LOGNAME'] ?? 'operator'
}
