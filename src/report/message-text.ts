// Every message that is not an event of a run, as text for people.
import type { RunEvent } from '../model/event.ts'
import { checkText } from './check-text.ts'
import { doctorText } from './doctor-text.ts'
import { initText } from './init-text.ts'
import type { Message } from './message.ts'
import { monitorText } from './monitor-text.ts'
import { commands, type Paint } from './paint.ts'
import { planText, titled } from './plan-text.ts'
import { problemsText, type Style } from './problems.ts'
import { proposalText } from './proposal-text.ts'
import { rehearsalText } from './rehearsal-text.ts'
import { statusText } from './status-text.ts'
import { scheduleText } from './schedule-text.ts'
import { supportText } from './support-text.ts'

/** A message that is shown whole, once. */
export type Whole = Exclude<Message, RunEvent>

/** True for what happens inside a run. */
export function isRunEvent(message: Message): message is RunEvent {
  return RUN_EVENTS.has(message.type)
}

const RUN_EVENTS: ReadonlySet<string> = new Set<RunEvent['type']>(['run', 'entry', 'progress', 'output', 'waiting', 'by-hand', 'verdict'])

/** Messages that stand apart from what was shown before them. */
const APART: ReadonlySet<Message['type']> = new Set<Message['type']>(['run', 'by-hand', 'proposal', 'plan', 'check', 'init', 'doctor', 'status', 'rehearsal', 'serving', 'support', 'schedule', 'monitor', 'part', 'problems', 'end'])

/** Messages so long that what comes after them stands apart, too. */
const LONG: ReadonlySet<Message['type']> = new Set<Message['type']>(['proposal', 'plan', 'check', 'init', 'doctor', 'status', 'rehearsal', 'serving', 'support', 'schedule', 'monitor', 'part'])

/** Puts the empty lines between messages: gives a message's text with its line break, and with an empty line before where one belongs. */
export function createSpacing(): (type: Message['type'], text: string) => string {
  let before: Message['type'] | undefined
  return (type, text) => {
    const apart = before !== undefined && (APART.has(type) || LONG.has(before))
    before = type
    return `${apart ? '\n' : ''}${text}\n`
  }
}

/** The text of a message, without a line break at its end. */
export function messageText(message: Whole, style: Style): string {
  const { paint } = style
  switch (message.type) {
    case 'proposal': return proposalText(message, paint)
    case 'plan': return planText(message, paint)
    case 'check': return checkText(message.lines, style)
    case 'init': return initText(message, style)
    case 'doctor': return doctorText(message, style)
    case 'status': return statusText(message.status, paint)
    case 'approved': return `${message.verdict === 'approved' ? paint.green('✓') : paint.red('✗')} ${message.by} has ${message.verdict} the gate ${message.gate} of ${message.run}`
    case 'rehearsal': return rehearsalText(message.summary, style)
    case 'serving': return servingText(message, paint)
    case 'support': return supportText(message.view, style)
    case 'schedule': return scheduleText(message.view, paint)
    case 'monitor': return monitorText(message.monitoring, style)
    case 'document': return message.text.replace(/\n$/, '')
    case 'part': return paint.bold(`━━ ${message.title} ━━`)
    case 'note': return commands(paint, message.text)
    case 'problems': return problemsText(message.problems, style)
    case 'end': return endText(message, paint)
  }
}

function servingText({ origin, settings }: Extract<Message, { type: 'serving' }>, paint: Paint): string {
  return [`${paint.bold('Serving')} ${paint.cyan(origin)}`, ...settings.map(({ client, lines }) => titled(client, lines, paint))].join('\n\n')
}

function endText({ text, next, exit }: Extract<Message, { type: 'end' }>, paint: Paint): string {
  const [first = '', ...more] = text.split('\n')
  const colour = exit === 0 ? paint.green : exit === 6 ? paint.cyan : exit === 3 || exit === 4 ? paint.yellow : paint.red
  return [paint.bold(colour(first)), ...more, ...(next === undefined ? [] : [`${paint.cyan('→')} ${commands(paint, next)}`])].join('\n')
}
