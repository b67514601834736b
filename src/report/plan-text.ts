// Plans for people: what will be done, where the point of no return lies, what could be taken back, and what stays.
import type { Plan } from '../model/plan.ts'
import type { DirectionLine, Directions } from '../plan/directions.ts'
import { exceptionWords } from './exception-words.ts'
import type { PlanMessage } from './message.ts'
import type { Paint } from './paint.ts'
import { indented } from './problems.ts'
import { bytesText, markOf, REVERSALS, stageWord } from './words.ts'
import { padded } from './width.ts'

/** The line before the first step that no program can take back. */
export const POINT_OF_NO_RETURN = '──── point of no return ────'

/** A plan at its gate, or a plan back. */
export function planText({ plan, directions, recovered }: PlanMessage, paint: Paint): string {
  return [
    `${paint.bold(`${stageWord(plan.stage)} ${plan.releases.map(({ name, to }) => `${name} ${to}`).join(', ')}`)}\n  plan ${plan.digest}`,
    ...(recovered === true ? [paint.yellow('The journal does not know this release: what is listed here was found by looking at the world.')] : []),
    ...(plan.exceptions === undefined ? [] : [titled(paint.yellow('Exceptions'), exceptionWords(plan.exceptions), paint)]),
    ...(plan.stage === 'rollback' ? [rollbackText(directions, paint)] : [artifactsText(plan, paint), directionsText(directions, paint)]),
    legendText(paint),
  ].filter((part) => part !== '').join('\n\n')
}

/** Both directions of a plan that goes forward. */
export function directionsText(directions: Directions, paint: Paint): string {
  return [forwardText(directions, paint), backText('Back', directions.back, paint), staysText(directions, paint)].filter((part) => part !== '').join('\n\n')
}

/** The marks that stand before steps. */
export function legendText(paint: Paint): string {
  return paint.dim(REVERSALS.map(({ mark, means }) => `${padded(mark, 2)} ${means}`).join('\n'))
}

function forwardText({ forward, pointOfNoReturn }: Directions, paint: Paint): string {
  const lines = forward.flatMap((line, index) => [
    ...(line.gate === undefined || line.gate === forward[index - 1]?.gate ? [] : [paint.yellow(`──── gate: the plan is approved by its digest ────`)]),
    ...(index === pointOfNoReturn ? [paint.red(POINT_OF_NO_RETURN)] : []),
    `${padded(markOf(line.reversal), 2)} ${line.title}`,
    ...line.starts.map((title) => paint.dim(indented(`sets off: ${title}`, 5))),
  ])
  return titled('Forward', lines.length === 0 ? ['nothing'] : lines, paint)
}

/** A rollback's own steps are in the order of undoing already. */
function rollbackText(directions: Directions, paint: Paint): string {
  const taken = directions.forward.filter(({ reversal }) => reversal !== 'none' && reversal !== 'final')
  return [backText('Back, in this order', taken, paint), staysText(directions, paint)].filter((part) => part !== '').join('\n\n')
}

function backText(title: string, lines: readonly DirectionLine[], paint: Paint): string {
  if (lines.length === 0) return titled(title, ['There is nothing to take back.'], paint)
  return titled(title, grouped(lines, ({ back }) => back).flatMap(({ key, members }) => [
    ...members.map((line) => `${padded(markOf(line.reversal), 2)} ${line.title}`),
    ...(key === '' ? [] : [paint.dim(indented(key, 5))]),
  ]), paint)
}

function staysText({ forward, stays }: Directions, paint: Paint): string {
  if (stays.length === 0) return ''
  const titleOf = (id: string): string => forward.find(({ step }) => step === id)?.title ?? id
  return titled('What cannot be undone, and why', grouped(stays, ({ why }) => why).flatMap(({ key, members }) => [
    ...members.map(({ step }) => titleOf(step)),
    paint.dim(indented(key, 2)),
  ]), paint)
}

function artifactsText({ artifacts }: Plan, paint: Paint): string {
  if (artifacts.length === 0) return ''
  return titled('Artifacts', artifacts.flatMap(({ name, size, sha256 }) => [`${name}, ${bytesText(size)}`, paint.dim(`  ${sha256}`)]), paint)
}

/** A bold title with lines below it. */
export function titled(title: string, lines: readonly string[], paint: Paint): string {
  return `${paint.bold(title)}\n${lines.map((line) => indented(line, 2)).join('\n')}`
}

/** Neighbours with the same key, together. */
export function grouped<T>(all: readonly T[], keyOf: (each: T) => string): readonly { readonly key: string; readonly members: readonly T[] }[] {
  const groups: { key: string; members: T[] }[] = []
  for (const each of all) {
    const last = groups.at(-1)
    if (last?.key === keyOf(each)) last.members.push(each)
    else groups.push({ key: keyOf(each), members: [each] })
  }
  return groups
}
