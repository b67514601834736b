// Problems for people: the place, the line with a squiggle under the token, what to do next, and the words behind it.
import { placeText, type Place, type Problem } from '../model/error.ts'
import { commands, type Paint } from './paint.ts'
import { legible } from './legible.ts'

/** What problems are shown with. */
export interface Style {
  readonly paint: Paint
  /** The text of a file of the project; undefined when it cannot be read. */
  source(file: string): string | undefined
}

/** Several problems, one below the other. */
export function problemsText(problems: readonly Problem[], style: Style): string {
  return problems.map((problem) => problemText(problem, style)).join('\n')
}

/** One problem, with the place before its message. */
export function problemText(problem: Problem, style: Style): string {
  const { paint } = style
  const { place } = problem
  const head = `${paint.red('✗')} ${place === undefined ? '' : `${paint.bold(placeText(place))} `}${commands(paint, problem.message)}`
  return [head, ...(place === undefined ? [] : squiggle(place, style)), ...remedy(problem, paint)].join('\n')
}

/** The hint and the words of the tool behind a problem, indented. */
export function remedy({ hint, detail }: Problem, paint: Paint): readonly string[] {
  return [
    ...(hint === undefined ? [] : [`  ${paint.cyan('→')} ${indented(commands(paint, hint), 4).trimStart()}`]),
    ...(detail === undefined || detail.trim() === '' ? [] : [paint.dim(indented(legible(detail).trimEnd(), 4))]),
  ]
}

/** Every line moved to the right; empty lines stay empty. */
export function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by))
}

/** Longer lines are no help to look at (a minified file). */
const LONGEST = 200

function squiggle(place: Place, { paint, source }: Style): readonly string[] {
  if (place.line === undefined || place.column === undefined) return []
  const written = source(place.file)?.split(/\r?\n/)[place.line - 1]
  const line = written === undefined ? undefined : withoutTokens(written)
  if (line === undefined || line.length > LONGEST || place.column > line.length + 1) return []
  const number = String(place.line).padStart(5)
  const before = line.slice(0, place.column - 1).replace(/[^\t]/g, ' ')
  const length = tokenAt(line.slice(place.column - 1))
  return [
    `${paint.dim(`${number} │`)} ${legible(line)}`,
    `${paint.dim(`${' '.repeat(number.length)} │`)} ${before}${paint.red('~'.repeat(length))}`,
  ]
}

/** A line of a file without what begins like a token of PyPI, GitHub or npm: logs are read by more people than files. */
function withoutTokens(line: string): string {
  const prefixes = /token|secret|password|credential/i.test(line) ? /\b(?:pypi-|gh[pousr]_|github_pat_|npm_)\w[\w.-]*/g : /\b(?:pypi-Ag|gh[pousr]_|github_pat_|npm_)[\w-]{8,}/g
  return line.replace(prefixes, '…')
}

/** Length of the token that a line goes on with: a quoted text, a word, or one character. */
function tokenAt(text: string): number {
  return /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\p{L}\p{N}_.\-/@{}]+|\S|)/u.exec(text)?.[0].length || 1
}
