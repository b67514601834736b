// A run as lines that stay: what was settled, failed, is in doubt, was approved, and what a person is asked to do.
import { z } from 'zod'
import type { Entry } from '../model/entry.ts'
import { placeText, type Problem } from '../model/error.ts'
import type { RunEvent } from '../model/event.ts'
import type { Instructions } from '../model/kind.ts'
import { announces, type Plan } from '../model/plan.ts'
import { commands } from './paint.ts'
import { indented, problemText, remedy, type Style } from './problems.ts'
import { shortDigest, stageWord } from './words.ts'

/** Tells a run, event by event. */
export interface RunText {
  /** The lines for an event; empty for one that leaves none. */
  lines(event: RunEvent): string
  /** The title of a step, or its id while no plan that has it was told. */
  title(step: string): string
}

const evidenceShape = z.object({ evidence: z.array(z.object({ passed: z.boolean(), detail: z.string() })) })

/** What a settled step could not prove (a Python that is not there), in its own words. */
function unproved(output: unknown): readonly string[] {
  const parsed = evidenceShape.safeParse(output)
  return parsed.success ? parsed.data.evidence.filter(({ passed }) => !passed).map(({ detail }) => detail) : []
}

/** Begins to tell runs. It remembers titles, which page was shown, and which problems were told. */
export function createRunText(style: Style): RunText {
  const { paint } = style
  const titles = new Map<string, string>()
  const pages = new Set<string>()
  const waited = new Set<string>()
  const told = new Set<string>()
  let announcing = ''
  const title = (step: string): string => titles.get(step) ?? step

  const failed = ({ way, certain, attempt, problem }: Extract<Entry, { type: 'failed' }>, of: string): string => {
    if (certain) told.add(nameOf(problem))
    const doing = way === 'undo' ? `Taking back: ${of}` : of
    const head = certain
      ? `${paint.red('✗')} ${paint.bold(doing)}: ${problem.place === undefined ? '' : `${paint.bold(placeText(problem.place))} `}${commands(paint, problem.message)}`
      : `${paint.yellow('?')} ${doing}: attempt ${attempt} is in doubt: ${commands(paint, problem.message)}`
    return [head, ...remedy(problem, paint)].join('\n')
  }

  const entryLines = (entry: Entry): string => {
    switch (entry.type) {
      case 'opened': case 'begun': return ''
      case 'settled': {
        const found = entry.how === 'found' && !waited.has(entry.step)
        if (entry.way === 'undo') return `${paint.cyan('↩')} ${title(entry.step)}${paint.dim(found ? ' (found taken back)' : ' (taken back)')}`
        const doubts = unproved(entry.output)
        if (doubts.length > 0) return `${paint.yellow('?')} ${title(entry.step)}: ${doubts.join('; ')}`
        return `${paint.green('✓')} ${title(entry.step)}${found ? paint.dim(' (found)') : ''}`
      }
      case 'failed': return failed(entry, title(entry.step))
      case 'stuck': return `${paint.red('✗')} ${paint.bold(title(entry.step))}: a person must look: ${entry.why}`
      case 'gate': return entry.verdict === 'approved'
        ? `${paint.green('✓')} The plan ${shortDigest(entry.plan)} is approved by ${entry.by}`
        : `${paint.red('✗')} The plan ${shortDigest(entry.plan)} is denied by ${entry.by}`
      case 'turned': {
        const said = [...told].some((name) => entry.why.endsWith(name.slice(name.indexOf(' ') + 1)))
        return `${paint.cyan('↩')} ${paint.bold('Going back')}: ${said ? 'what this run has made is taken back' : entry.why}`
      }
      case 'closed': return ''
    }
  }

  return {
    title,
    lines(event) {
      switch (event.type) {
        case 'run':
          for (const step of event.plan.steps) titles.set(step.id, step.title)
          waited.clear()
          return headed(event.plan, event.resumed)
        case 'entry':
          if (event.step !== undefined) titles.set(event.step.id, event.step.title)
          return entryLines(event.entry)
        case 'by-hand': {
          if (pages.has(event.instructions.page)) return ''
          pages.add(event.instructions.page)
          return byHand(event.instructions, title(event.step))
        }
        case 'waiting':
          waited.add(event.step)
          return ''
        case 'progress': case 'output': return ''
        case 'verdict': {
          if (event.verdict.is !== 'failed') return ''
          const news = event.verdict.problems.filter((problem) => !told.has(nameOf(problem)))
          for (const problem of news) told.add(nameOf(problem))
          return news.map((problem) => problemText(problem, style)).join('\n')
        }
      }
    },
  }

  /** Announcements have a run for each channel, and one heading for all. */
  function headed(plan: Plan, resumed: boolean): string {
    const before = announcing
    announcing = announces(plan) ? `${stageWord(plan.stage)} ${plan.releases.map(({ to }) => to).join(', ')}` : ''
    if (announcing === '') return heading(plan, resumed)
    return announcing === before ? '' : paint.bold(announcing)
  }

  function heading({ stage, releases, digest }: Plan, resumed: boolean): string {
    return `${paint.bold(`${stageWord(stage)} ${releases.map(({ to }) => to).join(', ')}`)}  ${paint.dim(`plan ${shortDigest(digest)}${resumed ? ', taken up again' : ''}`)}`
  }

  function byHand({ page, steps, done }: Instructions, of: string): string {
    return [
      `${paint.yellow('✋')} ${paint.bold('By hand')}, to take back: ${of}`,
      `   ${paint.cyan(page)}`,
      ...steps.map((step, index) => `   ${index + 1}. ${indented(step, 6).trimStart()}`),
      paint.dim(`   It is done when ${done}`),
    ].join('\n')
  }
}

function nameOf({ code, message }: Problem): string {
  return `${code} ${message}`
}
