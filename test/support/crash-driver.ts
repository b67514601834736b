// Starts drivers of crash tests and tells how they ended.
import { spawn } from 'node:child_process'
import { builtProgram } from './built-program.ts'
import { ORDER, type Order } from './crash-order.ts'

const { driver: DRIVER } = await builtProgram()

/** How a driver ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The JSON lines that it printed. */
  readonly lines: readonly Line[]
  readonly stderr: string
}

/** One line of the program's `--json`. */
export interface Line {
  readonly type: string
  readonly [field: string]: unknown
}

/** A driver at work. */
export interface Driver {
  readonly pid: number
  readonly ended: Promise<Ended>
}

/** Starts the program with these arguments and `--json`. `heard` gets each line as it is printed. */
export function startDriver(options: { args: readonly string[]; env: Readonly<Record<string, string>>; order: Order; heard?(line: Line): void }): Driver {
  const child = spawn(process.execPath, [DRIVER, ...options.args, '--json'], {
    env: { ...options.env, [ORDER]: JSON.stringify(options.order) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  let rest = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const pieces = `${rest}${text}`.split('\n')
    rest = pieces.pop() ?? ''
    for (const piece of pieces) {
      const line = JSON.parse(piece) as Line
      lines.push(line)
      options.heard?.(line)
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) => { done({ code, signal, lines, stderr }) })
  })
  return { pid: child.pid ?? -1, ended }
}

/** The end of a driver in a few words, for a failed assertion. */
export function wordsOf({ code, signal, lines, stderr }: Ended): string {
  const tail = lines.filter(({ type }) => ['verdict', 'problems', 'end'].includes(type)).map((line) => JSON.stringify(line))
  return [`it ended with ${signal ?? `exit code ${code}`}`, ...tail, stderr.trim()].filter((text) => text !== '').join('\n')
}
