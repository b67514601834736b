// Which versions are supported, for people: a line for each, then the documents, then what does not fit together.
import { endOf, lastDayText } from '../calendar/index.ts'
import type { SupportedLine, SupportView } from '../app/support.ts'
import { indented, problemText, type Style } from './problems.ts'
import { padded, widthOf } from './width.ts'

/** The lines, newest first. */
export function supportText({ name, day, lines, documents, remarks }: SupportView, style: Style): string {
  const { paint } = style
  const colour = { active: paint.green, security: paint.yellow, ended: paint.red }
  const [names, standings] = [lines.map(({ line }) => line.line), lines.map(standingWords)].map((column) => Math.max(...column.map(widthOf)))
  const rows = lines.map((each) => [
    paint.bold(padded(each.line.line, names ?? 0)),
    colour[each.standing](padded(standingWords(each), standings ?? 0)),
    paint.dim(each.latest === undefined ? 'nothing released' : `newest ${each.latest.version}, ${each.latest.day}`),
  ].join('  '))
  const tables = documents.map(({ path, problem }) => problem === undefined ? `${paint.green('✓')} ${path} shows this` : problemText(problem, style))
  return [
    `${paint.bold(name)} on ${day} (UTC)\n${rows.map((row) => indented(row, 2)).join('\n')}`,
    ...(tables.length === 0 ? [] : [tables.join('\n')]),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `${paint.yellow('!')} ${remark}`).join('\n')]),
  ].join('\n\n')
}

function standingWords({ standing, line }: SupportedLine): string {
  const end = lastDayText(endOf(line))
  switch (standing) {
    case 'active': return line.active === endOf(line) ? `active, ${line.active === 'tba' ? 'its end is not announced' : `until ${end}`}` : `active until ${line.active ?? ''}, then security fixes ${endOf(line) === 'tba' ? 'without an announced end' : `until ${end}`}`
    case 'security': return endOf(line) === 'tba' ? 'security fixes only, their end is not announced' : `security fixes only, until ${end}`
    case 'ended': return `ended on ${end}`
  }
}
