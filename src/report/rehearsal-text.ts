// What a rehearsal saw, for people.
import type { Verdict } from '../model/event.ts'
import type { RehearsalSummary } from './message.ts'
import type { Paint } from './paint.ts'
import { grouped, titled } from './plan-text.ts'
import { problemsText, type Style } from './problems.ts'
import { verdictWord } from './words.ts'
import { padded, widthOf } from './width.ts'

/** Both verdicts, what was verified after each, the faults that fired, the requests served, and what stays unproved. */
export function rehearsalText(summary: RehearsalSummary, style: Style): string {
  const { paint } = style
  const { version, preset, release, rollback, verified, faults, calls, unproved } = summary
  return [
    titled(`Rehearsal of ${version}${preset === 'none' ? '' : `, with the faults "${preset}"`}`, [
      verdictLine('Release', release, release.is === 'done', style),
      ...(rollback === undefined ? [] : [verdictLine('Rollback', rollback, rollback.is === 'rolled-back', style)]),
    ], paint),
    ...(['release', 'rollback'] as const).flatMap((after) => {
      const seen = verified.filter((each) => each.after === after)
      return seen.length === 0 ? [] : [titled(`Seen after the ${after}`, seen.map(({ what, saw, ok }) => `${ok ? paint.green('✓') : paint.red('✗')} ${what}: ${saw}`), paint)]
    }),
    ...(faults.length === 0 ? [] : [titled('Faults that fired', faults.map(({ rule, fired }) => `${fired} × ${rule}`), paint)]),
    ...(Object.keys(calls).length === 0 ? [] : [titled('Requests served', callLines(calls), paint)]),
    ...(unproved.length === 0 ? [] : [titled('What a rehearsal cannot prove', unproved, paint)]),
  ].join('\n\n')
}

function callLines(calls: RehearsalSummary['calls']): readonly string[] {
  const longest = Math.max(...Object.keys(calls).map(widthOf))
  return Object.entries(calls).map(([host, count]) => `${padded(host, longest)}  ${count}`)
}

function verdictLine(what: string, verdict: Verdict, right: boolean, style: Style): string {
  const { paint } = style
  const mark = right ? paint.green('✓') : verdict.is === 'rolled-back' ? paint.cyan('↩') : paint.red('✗')
  return [`${mark} ${what}: ${verdictWord(verdict)}`, ...verdictDetails(verdict, style).map((line) => line.replace(/^/gm, '    '))].join('\n')
}

function verdictDetails(verdict: Verdict, style: Style): readonly string[] {
  switch (verdict.is) {
    case 'done': case 'interrupted': return []
    case 'failed': return verdict.problems.length === 0 ? [] : [problemsText(verdict.problems, style)]
    case 'rolled-back': return remainsLines(verdict, style.paint)
    case 'waiting': return verdict.for.map((each) => `${each.step}: ${each.for}`)
    case 'stuck': return verdict.steps.map(({ step, why }) => `${step}: ${why}`)
  }
}

function remainsLines({ why, remains }: Extract<Verdict, { is: 'rolled-back' }>, paint: Paint): readonly string[] {
  return [`because ${why}`, ...grouped(remains, ({ what }) => what).map(({ key, members }) => paint.dim(`remains of ${members.map(({ step }) => step).join(', ')}: ${key}`))]
}
