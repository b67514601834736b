// What a release needs, for people: grouped by target, one line each, the remedy below.
import type { Examined } from '../app/doctor.ts'
import { placeText, type Problem } from '../model/error.ts'
import type { Message } from './message.ts'
import { commands, type Paint } from './paint.ts'
import { indented, remedy, type Style } from './problems.ts'

/** Every requirement under its group: met, not met with the remedy, or not to be tested without doing it. */
export function doctorText({ lines, done }: Extract<Message, { type: 'doctor' }>, style: Style): string {
  const { paint } = style
  const groups = [...new Set(lines.map(({ group }) => group))]
  const shown = groups.map((group) => [paint.bold(group), ...gathered(lines.filter((line) => line.group === group)).map((line) => indented(lineText(line, style), 2))].join('\n'))
  return [...(done.length === 0 ? [] : [done.map((sentence) => `${paint.cyan('+')} ${commands(paint, sentence)}`).join('\n')]), ...shown].join('\n\n')
}

/** Requirements that the same reason keeps from being met, or from being tested. */
interface Line extends Pick<Examined, 'finding'> {
  readonly titles: readonly string[]
}

function gathered(lines: readonly Examined[]): readonly Line[] {
  const result: { titles: string[]; finding: Examined['finding']; reason: string | undefined }[] = []
  for (const { of, title, finding } of lines) {
    const words = of === 'back' ? `to take it back: ${title}` : title
    const reason = finding.is === 'met' ? undefined : JSON.stringify(finding)
    const before = reason === undefined ? undefined : result.find((each) => each.reason === reason)
    if (before === undefined) result.push({ titles: [words], finding, reason })
    else before.titles.push(words)
  }
  return result
}

function lineText({ titles, finding }: Line, { paint }: Style): string {
  switch (finding.is) {
    case 'met': return `${paint.green('✓')} ${titles.join('')}${finding.detail === '' ? '' : paint.dim(`: ${finding.detail}`)}`
    case 'untested': {
      const { why, hint } = finding
      return [...titles.map((title) => `${paint.yellow('?')} ${title}`), ...reasonText(`Not tested: ${why}.`, { ...(hint === undefined ? {} : { hint }) }, paint)].join('\n')
    }
    case 'unmet': return [...titles.map((title) => `${paint.red('✗')} ${paint.bold(title)}`), ...reasonText(finding.problem.place === undefined ? finding.problem.message : `${placeText(finding.problem.place)} ${finding.problem.message}`, finding.problem, paint)].join('\n')
  }
}

function reasonText(sentence: string, { hint, detail }: Pick<Problem, 'hint' | 'detail'>, paint: Paint): readonly string[] {
  const below = remedy({ code: 'usage', message: sentence, ...(hint === undefined ? {} : { hint }), ...(detail === undefined ? {} : { detail }) }, paint)
  return [indented(commands(paint, sentence), 4), ...below.map((line) => indented(line, 2))]
}
