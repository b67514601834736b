// What no schema can say of support lines: that they end in order, do not overlap and stand newest first.
import { compareLines, overlap, WEEKDAYS } from '../calendar/index.ts'
import { pathText } from './issue.ts'
import { repositoryPath } from './path.ts'
import type { Rule } from './rules.ts'

const linesEnd: Rule = ({ support }) => (support?.lines ?? []).flatMap(({ at, line, active, security }) => {
  if (active === undefined && security === undefined) return [{ at, message: `The line ${line} has no last day.`, hint: 'Add "active" with the last day of features and fixes, "security" with the last day of security fixes, or both; tba while it is not announced.' }]
  if (active === undefined || security === undefined || security === 'tba' || (active !== 'tba' && active <= security)) return []
  return [{ at: [...at, 'security'], message: `Security fixes for ${line} end (${security}) before its features and fixes do (${active}).`, hint: '"security" is the last day of all, so it comes after "active"; leave it out when both end on one day.' }]
})

const linesStandApart: Rule = ({ support }) => (support?.lines ?? []).flatMap(({ at, line }, index, all) => {
  const first = all.slice(0, index).find((other) => overlap(other.line, line))
  if (first === undefined) return []
  const { line: other } = first
  const message = other === line ? `The line ${line} stands twice; it is first "${pathText(first.at)}".` : `The lines ${other} and ${line} overlap: a version such as ${sample(other, line)} would belong to both.`
  return [{ at: [...at, 'line'], message, hint: other === line ? 'Keep one of the two.' : 'Name either the whole major version (2.x) or each minor version that is maintained (2.1.x, 2.0.x).' }]
})

const newestLinesFirst: Rule = ({ support }) => {
  const lines = support?.lines ?? []
  const index = lines.findIndex(({ line }, at) => { const before = lines[at - 1]; return before !== undefined && !overlap(before.line, line) && compareLines(before.line, line) < 0 })
  if (index < 0) return []
  const sorted = lines.map(({ line }) => line).toSorted((one, other) => compareLines(other, one))
  return [{ at: [...lines[index]?.at ?? [], 'line'], message: `The line ${lines[index]?.line ?? ''} stands below an older one.`, hint: `Write the newest first: ${sorted.join(', ')}.` }]
}

const documentsStayInside: Rule = ({ support }) => (support?.documents ?? []).flatMap((written, index) => {
  const read = repositoryPath(written)
  return 'path' in read ? [] : [{ at: ['support', 'documents', index], message: `The path "${written}" in "support.documents[${index}]" ${read.wrong}.`, hint: read.hint }]
})

const freezesEndAfterTheyBegin: Rule = ({ schedule }) => (schedule?.freezes ?? []).flatMap((freeze, index) => {
  if ('on' in freeze || freeze.from <= freeze.until) return []
  return [{ at: ['schedule', 'freezes', index, 'until'], message: `The freeze that begins on ${freeze.from} ends before that, on ${freeze.until}.`, hint: 'Write the first day as "from" and the last one as "until"; both are frozen.' }]
})

const someDayIsFree: Rule = ({ schedule }) => {
  const weekly = new Set((schedule?.freezes ?? []).flatMap((freeze) => 'on' in freeze ? freeze.on : []))
  return weekly.size < WEEKDAYS.length ? [] : [{ at: ['schedule', 'freezes'], message: 'Every day of the week is frozen, so no release could ever be made.', hint: 'Leave a day free, or freeze from one day until another.' }]
}

const milestonesNameTheirVersion: Rule = ({ schedule }) => schedule === undefined || schedule.milestone.includes('{version}') ? [] : [{
  at: ['schedule', 'milestone'], message: '"schedule.milestone" must contain {version}, which stands for the version.', hint: 'Write the title around it, e.g. milestone: "v{version}".',
}]

/** The rules of the calendar. */
export const CALENDAR_RULES: readonly Rule[] = [linesEnd, linesStandApart, newestLinesFirst, documentsStayInside, freezesEndAfterTheyBegin, someDayIsFree, milestonesNameTheirVersion]

/** A version of the narrower of two lines. */
function sample(one: string, other: string): string {
  return [one, other].toSorted((a, b) => b.length - a.length)[0]?.replace('x', '0') ?? ''
}
