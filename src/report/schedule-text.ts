// What is due, for people: each level of release with what waits for it, then what stands in the way.
import type { LevelOutlook } from '../calendar/index.ts'
import type { ScheduleView } from '../app/schedule.ts'
import { commands, type Paint } from './paint.ts'
import { indented } from './problems.ts'
import { counted } from './words.ts'

/** Changes that are shown of a level. */
const SHOWN = 10

/** The schedule as of a day. */
export function scheduleText({ name, day, last, next, levels, blockers }: ScheduleView, paint: Paint): string {
  const marks = { blocks: paint.red('✗'), clear: paint.green('✓'), unknown: paint.yellow('?') }
  const asks = last === undefined ? 'Nothing has been released yet.' : next === undefined ? 'No change since then asks for a release.' : `The changes since then ask for a ${next.level} release, ${next.version}.`
  return [
    `${paint.bold(name)} on ${day} (UTC)${last === undefined ? '' : `: ${last.version}, released ${last.day}`}\n${asks}`,
    ...levels.map((each) => levelText(each, day, paint)),
    `${paint.bold('In the way of a release today')}\n${blockers.map(({ is, text }) => `  ${marks[is]} ${text}`).join('\n')}`,
    ...(next === undefined ? [] : [`${paint.cyan('→')} ${commands(paint, `\`slipway plan\` shows what ${next.version} would be.`)}`]),
  ].join('\n\n')
}

function levelText({ level, cadence, last, due, free, overdue, waits }: LevelOutlook, day: string, paint: Paint): string {
  const dueText = due === undefined ? [] : [`due ${due}${free === due || free === undefined ? '' : `, which is frozen; the next free day is ${free}`}`]
  const late = overdue !== undefined && overdue > 0
  const when = due === undefined || overdue === undefined ? [] : [late ? (waits.length === 0 ? `${counted(overdue, 'day')} ago, but nothing waits` : paint.red(`${counted(overdue, 'day')} overdue`)) : due === day ? paint.yellow('today') : `in ${counted(-overdue, 'day')}`]
  const head = `${paint.bold(level)}, ${cadence}: ${[last === undefined ? 'none yet' : `last ${last.version} on ${last.day}`, ...dueText, ...when].join(', ')}`
  const shown = waits.slice(0, SHOWN)
  return [head, waits.length === 0 ? paint.dim('  nothing waits') : `  ${counted(waits.length, 'change')} ${waits.length === 1 ? 'waits' : 'wait'}`, ...shown.map((text) => indented(text, 4)), ...(waits.length > SHOWN ? [`    … and ${waits.length - SHOWN} more`] : [])].join('\n')
}
