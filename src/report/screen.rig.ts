// A screen for tests: keeps what was written, and plays the cursor-up and erase-line sequences of a terminal.
import type { Message } from './message.ts'
import { createReporter, type ReporterOptions, type Screen } from './reporter.ts'

/** A stream that remembers. */
export interface RecordedScreen extends Screen {
  readonly writes: string[]
}

export function screen(shape: Omit<Screen, 'write'> = {}): RecordedScreen {
  const writes: string[] = []
  return { ...shape, writes, write: (text) => writes.push(text) }
}

/** What a terminal of enough rows shows after these writes. Throws on a sequence that is neither a colour nor cursor-up nor erase-line. */
export function shownBy(writes: readonly string[]): string {
  const lines = ['']
  let row = 0
  for (const [token] of writes.join('').matchAll(/\x1b\[[\d;]*[A-Za-z]|\x1b|\n|[^\x1b\n]+/g)) {
    if (token === '\n') lines[row += 1] ??= ''
    else if (token === '\x1b[1A') row -= 1
    else if (token === '\x1b[2K') lines[row] = ''
    else if (/^\x1b\[[\d;]*m$/.test(token)) continue
    else if (token.startsWith('\x1b')) throw new Error(`a terminal was sent ${JSON.stringify(token)}`)
    else lines[row] += token
  }
  return lines.join('\n')
}

/** What a reporter writes for these messages, both streams as one text; `isTTY` tells that it is a terminal. */
export function said(messages: readonly Message[], { isTTY = false, ...options }: Partial<Omit<ReporterOptions, 'out' | 'err'>> & { readonly isTTY?: boolean } = {}): string {
  const out = screen({ isTTY })
  const reporter = createReporter({ json: false, color: true, out, err: out, redact: (text) => text, source: () => undefined, env: {}, ...options })
  for (const message of messages) reporter.show(message)
  reporter.close()
  return out.writes.join('')
}
