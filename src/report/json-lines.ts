// One JSON object per line, for programs. The fields are documented in docs/json.md.
import manifest from '../../package.json' with { type: 'json' }
import type { Message, Reporter } from './message.ts'
import { jsonOf } from './json-of.ts'

/** The format of the lines; another number means that a field changed its meaning or went away. */
export const EVENTS_FORMAT = 'slipway.events/1'

/** Where lines go and what they may not hold. */
export interface JsonLines {
  out(text: string): void
  redact(text: string): string
  /** The exit code that the process has now: for commands that end without a word of their own. */
  exit(): number
}

/** Shows messages as JSON lines. The first names the format, the last is always of type `end`. */
export function createJsonLines({ out, redact, exit }: JsonLines): Reporter {
  let begun = false
  let ended = false
  const line = (value: object): void => {
    out(`${JSON.stringify(value, (_, each: unknown) => typeof each === 'string' ? redact(each) : each)}\n`)
  }
  const begin = (): void => {
    if (!begun) line({ type: 'slipway', format: EVENTS_FORMAT, version: manifest.version })
    begun = true
  }
  return {
    show(message: Message) {
      begin()
      ended = message.type === 'end'
      line(jsonOf(message))
    },
    close() {
      begin()
      if (!ended) line({ type: 'end', text: '', exit: exit() })
      ended = true
    },
  }
}
