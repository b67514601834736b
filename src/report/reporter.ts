// Chooses how messages are shown: JSON lines, the log of a job of GitHub Actions, a live terminal, or plain lines. Everything written passes through redaction.
import { createActions, createActionsFiles, inActions } from './actions.ts'
import { withoutCommandsInJson } from './actions-command.ts'
import { createJsonLines } from './json-lines.ts'
import { legible, legibleInColour } from './legible.ts'
import { createLive } from './live.ts'
import type { Reporter } from './message.ts'
import { COLOURED, COLOURLESS, type Paint } from './paint.ts'
import { createPlain } from './plain.ts'
import { pathInWorkspace, sourceAround } from './source.ts'

/** Where text is written: what is needed of a stream of Node. */
export interface Screen {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Undefined where it is no terminal. */
  readonly columns?: number
  readonly rows?: number
  on?(event: 'error', listener: (error: Error) => void): unknown
}

/** What a reporter is made of. */
export interface ReporterOptions {
  readonly json: boolean
  /** False when colours were switched off by an option; NO_COLOR and FORCE_COLOR are read besides. */
  readonly color: boolean
  readonly out: Screen
  readonly err: Screen
  /** Takes secrets out of a text. */
  redact(text: string): string
  /** The text of a file that a problem points at; read from the repository around the current folder when missing. */
  source?(file: string): string | undefined
  /** The folder that the command works on; the current one when missing. */
  readonly folder?: string
  /** The environment; the process's own when missing. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The reporter for these streams. */
export function createReporter(options: ReporterOptions): Reporter {
  const { json, out, err, redact } = options
  const env = options.env ?? process.env
  for (const screen of [out, err]) outliveReaders(screen)
  const exit = (): number => Number(process.exitCode ?? 1)
  const actions = inActions(env)
  if (json && actions) return both(createJsonLines({ out: (text) => void out.write(withoutCommandsInJson(text)), redact, exit }), createActionsFiles({ env, redact, exit }))
  if (json) return createJsonLines({ out: (text) => void out.write(text), redact, exit })
  const source = options.source ?? sourceAround(process.cwd())
  const style = { paint: paintFor(out, options.color, env), source }
  const errStyle = { paint: paintFor(err, options.color, env), source }
  const clean = (paint: Paint) => (text: string): string => redact(paint.on ? legibleInColour(text) : legible(text))
  const cleanOut = clean(style.paint)
  const cleanErr = clean(errStyle.paint)
  if (actions) {
    const lines = { out: (text: string) => void out.write(cleanOut(text)), err: (text: string) => void err.write(cleanErr(text)), raw: (text: string) => void out.write(text), style, errStyle }
    return createActions({ lines, env, redact, exit, fileInWorkspace: pathInWorkspace(options.folder ?? process.cwd(), env['GITHUB_WORKSPACE']) })
  }
  if (out.isTTY === true && env['TERM'] !== 'dumb') return createLive({ out, err, style, errStyle, cleanOut, cleanErr })
  return createPlain({ out: (text) => void out.write(cleanOut(text)), err: (text) => void err.write(cleanErr(text)), style, errStyle })
}

/** Shows messages in two ways at once. */
function both(one: Reporter, other: Reporter): Reporter {
  return {
    show(message) {
      one.show(message)
      other.show(message)
    },
    close() {
      one.close()
      other.close()
    },
  }
}

const outliving = new WeakSet<Screen>()

/** A reader that goes away (`slipway release | head`) stops nothing: what is under way goes on unwatched. */
function outliveReaders(screen: Screen): void {
  if (outliving.has(screen)) return
  outliving.add(screen)
  screen.on?.('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error
  })
}

/** Colours by https://no-color.org and, above it as in Node itself, FORCE_COLOR; else where there is a terminal. */
function paintFor(screen: Screen, wanted: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  if (!wanted) return COLOURLESS
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced === '0' || forced === 'false' ? COLOURLESS : COLOURED
  if ((env['NO_COLOR'] ?? '') !== '') return COLOURLESS
  return screen.isTTY === true && env['TERM'] !== 'dumb' ? COLOURED : COLOURLESS
}
