// A terminal: finished lines scroll up, below them the steps at work move.
import type { RunEvent } from '../model/event.ts'
import { createAtWork } from './at-work.ts'
import type { Message, Reporter } from './message.ts'
import { createSpacing, isRunEvent, messageText } from './message-text.ts'
import { createRunText } from './run-text.ts'
import type { Style } from './problems.ts'
import type { Screen } from './reporter.ts'
import { fitted, widthOf } from './width.ts'

/** Calls back at every frame; what it gives stops that. */
export type Ticker = (frame: () => void) => () => void

/** What a live terminal needs. `cleanOut` and `cleanErr` take secrets and control sequences out of a text. */
export interface Live {
  readonly out: Screen
  readonly err: Screen
  readonly style: Style
  readonly errStyle: Style
  cleanOut(text: string): string
  cleanErr(text: string): string
  /** Milliseconds, of any clock that only goes forward. */
  readonly now?: () => number
  readonly ticker?: Ticker
}

/** Milliseconds between frames: twelve a second. */
const FRAME = 84

/** Shows messages on a terminal. Only cursor-up and erase-line sequences are used, so that what scrolled up stays as it is. */
export function createLive({ out, err, style, errStyle, cleanOut, cleanErr, now = () => performance.now(), ticker = everyFrame }: Live): Reporter {
  const run = createRunText(style)
  const work = createAtWork({ paint: style.paint, title: (step) => cleanOut(run.title(step)).replaceAll(/\s+/g, ' '), clean: cleanOut, now })
  let drawn: readonly number[] = []
  let pending = ''
  let lastDraw = -Infinity
  let stop: (() => void) | undefined
  const spaced = createSpacing()

  const erased = (): string => {
    const columns = columnsOf(out)
    const rows = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0)
    drawn = []
    return '\x1b[1A\x1b[2K'.repeat(rows)
  }
  const region = (): string => {
    const columns = columnsOf(out)
    const lines = work.lines(columns - 1, Math.max(1, (out.rows ?? 24) - 2)).map((line) => fitted(line, columns - 1))
    drawn = lines.map(widthOf)
    return lines.map((line) => `${line}\n`).join('')
  }
  const draw = (): void => {
    const text = erased() + pending + region()
    pending = ''
    lastDraw = now()
    if (text !== '') out.write(text)
  }
  const settle = (): void => {
    if (work.isIdle()) {
      stop?.()
      stop = undefined
      if (pending !== '' || drawn.length > 0) draw()
      return
    }
    stop ??= ticker(draw)
    if (now() - lastDraw >= FRAME) draw()
  }
  return {
    show(message: Message) {
      if (message.type === 'problems') {
        const text = cleanErr(spaced(message.type, messageText(message, errStyle)))
        out.write(erased() + pending)
        pending = ''
        err.write(text)
        settle()
        return
      }
      const text = isRunEvent(message) ? heard(message) : messageText(message, style)
      if (text !== '') pending += cleanOut(spaced(message.type, text))
      settle()
    },
    close() {
      work.clear()
      settle()
    },
  }

  function heard(event: RunEvent): string {
    const lines = run.lines(event)
    work.hear(event)
    return lines
  }
}

function columnsOf({ columns }: Screen): number {
  return columns === undefined || columns < 2 ? 80 : columns
}

function everyFrame(frame: () => void): () => void {
  const timer = setInterval(frame, FRAME)
  timer.unref()
  return () => { clearInterval(timer) }
}
