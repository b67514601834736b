// The output of a program while it runs: told line by line, and kept as a whole.
import type { Once } from '../../model/kind.ts'

/** Collects what a program prints. */
export interface Output {
  /** Give it to `Command.heard`. */
  heard(text: string): void
  /** All that was printed, after the last line has been told. */
  end(): string
}

/** Tells every whole line as it comes, and keeps the text. */
export function listen(say: Once['say']): Output {
  let all = ''
  let rest = ''
  return {
    heard(text) {
      all += text
      const lines = (rest + text).split(/\r?\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) say(line)
    },
    end() {
      if (rest !== '') say(rest)
      rest = ''
      return all
    },
  }
}

/** The last lines of a text, without the empty ones at its end. */
export function lastLines(text: string, count = 20): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
