// Lines for pipes and the logs of CI: one for each thing that matters, none that is taken back.
import type { RunEvent } from '../model/event.ts'
import type { Message, Reporter } from './message.ts'
import { createSpacing, isRunEvent, messageText } from './message-text.ts'
import { createRunText } from './run-text.ts'
import type { Style } from './problems.ts'
import { bytesText, percent } from './words.ts'

/** Where lines go: text with its line break. Problems that end a command go to `err`. */
export interface Lines {
  out(text: string): void
  err(text: string): void
  readonly style: Style
  /** How problems on `err` are shown, which may be no terminal where `out` is one. */
  readonly errStyle: Style
}

/** Less than this is sent before anybody could read how far it is. */
const WORTH_TELLING = 1_000_000

/** Shows messages as lines. */
export function createPlain({ out, err, style, errStyle }: Lines): Reporter {
  const { paint } = style
  const run = createRunText(style)
  const quarters = new Map<string, number>()
  const spaced = createSpacing()

  const progressLine = ({ step, done, total }: Extract<RunEvent, { type: 'progress' }>): string => {
    const before = quarters.get(step) ?? 0
    const quarter = Math.floor(percent(done, total) / 25)
    quarters.set(step, quarter)
    if (total < WORTH_TELLING || quarter <= before || quarter === 4) return ''
    return paint.dim(`  ${run.title(step)}: ${quarter * 25} % of ${bytesText(total)}`)
  }
  const runLines = (event: RunEvent): string => {
    if (event.type === 'progress') return progressLine(event)
    const lines = run.lines(event)
    return event.type === 'waiting' ? `${paint.yellow('…')} ${run.title(event.step)}: waiting: ${event.for}` : lines
  }
  return {
    show(message: Message) {
      const problems = message.type === 'problems'
      const text = isRunEvent(message) ? runLines(message) : messageText(message, problems ? errStyle : style)
      if (text === '') return
      if (problems) err(spaced(message.type, text))
      else out(spaced(message.type, text))
    },
    close() { /* Nothing was left open. */ },
  }
}
