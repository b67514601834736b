// Programs: no shell, an allow-listed environment, a process group of their own that ends with them.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { existsSync } from 'node:fs'
import { SlipwayError } from '../model/error.ts'
import { openCapture } from './capture.ts'
import { codeOf } from './network-error.ts'
import { programEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import type { ChildProcess } from 'node:child_process'
import type { Command, CommandAnswer } from '../model/world.ts'

/** One program to start. */
export interface Launch {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly heard?: ((text: string) => void) | undefined
  /** Bytes kept of each output, the last ones. */
  readonly limit: number
  /** What becomes of processes that the program leaves behind in its group. */
  readonly leftovers: 'killed' | 'left'
}

const tailKept = 4 * 1024 * 1024
const graceful = 3_000

/** `World.run`: programs start in `folder` where the command names no other. */
export function openRun(options: { readonly env: Environment; readonly folder: string }): (command: Command) => Promise<CommandAnswer> {
  const env = { any: programEnvironment(options.env), 'container-tool': programEnvironment(options.env, 'container-tool') }
  return async (command) => {
    const limit = command.timeout === undefined ? undefined : AbortSignal.timeout(command.timeout)
    const signals = [command.signal, limit].filter((signal) => signal !== undefined)
    try {
      return await launch({
        program: command.program,
        args: command.args,
        folder: command.folder ?? options.folder,
        env: { ...env[command.is ?? 'any'], ...command.env },
        signal: AbortSignal.any(signals),
        heard: command.heard,
        limit: tailKept,
        leftovers: 'killed',
      })
    } catch (error) {
      if (limit?.aborted !== true || command.signal?.aborted === true) throw error
      return { code: 124, stdout: '', stderr: '', timedOut: true }
    }
  }
}

/**
 * Runs a program to its end; `code` is 128 and the signal's number when a signal ended it. Rejects with SlipwayError `tool-missing` when
 * there is no such program, and with a plain Error when `signal` stopped it: how it would have ended is not known.
 */
export async function launch(start: Launch): Promise<CommandAnswer> {
  if (start.signal?.aborted) throw new Error(`${start.program} was not started: interrupted`)
  // A group of its own keeps a Ctrl-C at the terminal from reaching it, and lets it be ended with all that it started.
  const child = spawn(start.program, start.args, { cwd: start.folder, env: start.env, detached: true, stdio: [start.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
  const stdout = openCapture(start.limit, start.heard)
  const stderr = openCapture(start.limit, start.heard)
  child.stdout?.on('data', stdout.take)
  child.stderr?.on('data', stderr.take)
  // A program that ends without reading all of its input is not an error.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(start.stdin)
  const release = endOnAbort(child, start.signal)
  try {
    const code = await ended(child, start)
    if (start.signal?.aborted) throw new Error(`${start.program} was interrupted`)
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    release()
  }
}

function ended(child: ChildProcess, start: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error, start)))
    child.once('exit', (code, signal) => {
      if (start.leftovers === 'killed') signalGroup(child, 'SIGKILL')
      // A daemon in a session of its own may hold the outputs open for ever: what it says later is not waited for.
      const enough = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, graceful)
      child.once('close', () => {
        clearTimeout(enough)
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
      })
    })
  })
}

function endOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let harder: NodeJS.Timeout | undefined
  const end = () => {
    signalGroup(child, 'SIGTERM')
    harder = setTimeout(() => signalGroup(child, 'SIGKILL'), graceful)
  }
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    clearTimeout(harder)
    signal?.removeEventListener('abort', end)
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

function notStarted(error: Error, start: Launch): Error {
  if (!existsSync(start.folder)) return new Error(`${start.program} cannot start: there is no folder ${start.folder}`)
  const code = codeOf(error)
  if (code === 'E2BIG') return new Error(`${start.program} cannot start: its arguments are too long`)
  if (code !== 'ENOENT' && code !== 'EACCES') return new Error(`${start.program} cannot start: ${code}`)
  return new SlipwayError({
    code: 'tool-missing',
    message: code === 'ENOENT' ? `The program ${start.program} was not found.` : `The program ${start.program} may not be run by this user.`,
    hint: start.program.includes('/') ? `Check the path and that the file is executable.` : `Install ${start.program}, or add its folder to PATH, and run again.`,
  })
}
