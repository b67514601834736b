// The steps at work, as the lines that move on a terminal.
import type { RunEvent } from '../model/event.ts'
import { legible } from './legible.ts'
import type { Paint } from './paint.ts'
import { bytesText, percent } from './words.ts'

/** What the list of steps at work needs. `clean` takes secrets and control sequences out of a text, before it is cut. */
export interface AtWorkParts {
  readonly paint: Paint
  title(step: string): string
  clean(text: string): string
  /** Milliseconds, of any clock that only goes forward. */
  now(): number
}

/** The steps at work. */
export interface AtWork {
  hear(event: RunEvent): void
  /** At most `rows` lines, a bar among them made for this many columns. */
  lines(columns: number, rows: number): readonly string[]
  isIdle(): boolean
  clear(): void
}

interface Working {
  readonly since: number
  readonly back: boolean
  waiting: string | undefined
  output: string | undefined
  progress: { readonly from: number; readonly since: number; done: number; total: number } | undefined
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Milliseconds that one picture of the spinner stands. */
const TURN = 100

/** Begins an empty list. */
export function createAtWork({ paint, title, clean, now }: AtWorkParts): AtWork {
  const working = new Map<string, Working>()

  const begin = (step: string, back: boolean): Working => {
    const fresh: Working = working.get(step) ?? { since: now(), back, waiting: undefined, output: undefined, progress: undefined }
    working.set(step, fresh)
    return fresh
  }

  const linesOf = (step: string, columns: number): readonly string[] => {
    const at = working.get(step)
    if (at === undefined) return []
    const elapsed = now() - at.since
    const mark = at.waiting === undefined ? paint.cyan(SPINNER[Math.floor(now() / TURN) % SPINNER.length] ?? '') : paint.yellow('…')
    const head = `${mark} ${at.back ? 'Taking back: ' : ''}${title(step)} ${paint.dim(durationText(elapsed))}`
    if (at.waiting !== undefined) return [head, paint.dim(`    ${at.waiting}`)]
    if (at.progress !== undefined && at.progress.total > 0) return [head, `    ${barText(at.progress, now(), columns, paint)}`]
    return at.output === undefined ? [head] : [head, paint.dim(`    ${at.output}`)]
  }

  return {
    hear(event) {
      switch (event.type) {
        case 'entry': {
          const { entry } = event
          if (entry.type === 'begun') {
            working.delete(entry.step)
            begin(entry.step, entry.way === 'undo')
          } else if (entry.type === 'settled' || entry.type === 'failed' || entry.type === 'stuck') working.delete(entry.step)
          return
        }
        case 'waiting':
          begin(event.step, event.way === 'undo').waiting = oneLine(clean(event.for))
          return
        case 'output': {
          const line = oneLine(clean(event.line))
          if (line !== '') begin(event.step, false).output = line
          return
        }
        case 'progress': {
          const at = begin(event.step, false)
          if (at.progress === undefined || event.done < at.progress.done) at.progress = { from: event.done, since: now(), done: event.done, total: event.total }
          at.progress.done = event.done
          at.progress.total = event.total
          return
        }
        case 'verdict': case 'run':
          working.clear()
          return
        case 'by-hand': return
      }
    },
    lines(columns, rows) {
      const all = [...working.keys()].map((step) => linesOf(step, columns))
      const flat = all.flat()
      if (flat.length <= rows) return flat
      const heads = all.flatMap(([head]) => head === undefined ? [] : [head])
      return heads.length <= rows ? heads : [...heads.slice(0, rows - 1), paint.dim(`  and ${heads.length - rows + 1} more at work`)]
    },
    isIdle: () => working.size === 0,
    clear() { working.clear() },
  }
}

/** `8 s`, `2 min 05 s`, `1 h 02 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  const two = (value: number): string => String(value).padStart(2, '0')
  return minutes < 60 ? `${minutes} min ${two(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

function barText({ from, since, done, total }: NonNullable<Working['progress']>, now: number, columns: number, paint: Paint): string {
  const seconds = (now - since) / 1000
  const rate = seconds > 0.2 ? `  ${bytesText(Math.round((done - from) / seconds))}/s` : ''
  const words = `${String(percent(done, total)).padStart(3)} %  ${bytesText(done)} of ${bytesText(total)}${rate}`
  const room = Math.min(30, columns - 4 - words.length - 2)
  if (room < 5) return words
  const full = Math.round(percent(done, total) / 100 * room)
  return `${paint.cyan('█'.repeat(full))}${paint.dim('░'.repeat(room - full))}  ${words}`
}

function oneLine(text: string): string {
  return legible(text).trimEnd().split('\n').at(-1)?.replaceAll('\t', ' ').trim() ?? ''
}
