// The timeline of a rehearsal's runs, as a table of a page: one row for each attempt or word of the journal.
import type { Entry } from '../model/entry.ts'
import type { RunEvent } from '../model/event.ts'
import type { Instructions } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { html, NOTHING, type Markup } from './markup.ts'
import { shortDigest, stageWord } from './words.ts'

interface Row {
  readonly when: string
  readonly title: string
  readonly what: string
  readonly tone: string
}

/** Every run with what happened in it, in order. */
export function timelineMarkup(events: readonly RunEvent[]): Markup {
  const runs: { readonly heading: Markup; readonly rows: Markup[] }[] = []
  const began = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'run') runs.push({ heading: headingOf(event.plan), rows: [] })
    if (event.type !== 'entry') continue
    const { entry, step } = event
    if (entry.type === 'begun') began.set(entry.step, entry.at)
    const row = rowOf(entry, step?.title, 'step' in entry ? began.get(entry.step) : undefined)
    if ('step' in entry && entry.type !== 'begun') began.delete(entry.step)
    if (row !== undefined) runs.at(-1)?.rows.push(html`<tr><td class="time">${row.when}</td><th scope="row">${row.title}</th><td class="${row.tone}">${row.what}</td></tr>`)
  }
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">When</th><th scope="col">Step</th><th scope="col">What happened</th></tr></thead>
${runs.map(({ heading, rows }) => html`<tbody>${heading}${rows}</tbody>
`)}</table></div>`
}

function headingOf({ stage, releases, digest }: Plan): Markup {
  return html`<tr class="run"><th colspan="3" scope="rowgroup">${stageWord(stage)} ${releases.map(({ to }) => to).join(', ')} <span class="digest soft">${shortDigest(digest)}</span></th></tr>`
}

function rowOf(entry: Entry, title: string | undefined, begun: string | undefined): Row | undefined {
  const ended = clock(entry.at)
  const times = { when: begun === undefined || clock(begun) === ended ? ended : `${clock(begun)} –\u00a0${ended}` }
  const of = title ?? ('step' in entry ? entry.step : 'The run')
  switch (entry.type) {
    case 'opened': case 'begun': return undefined
    case 'settled': return { ...times, title: of, ...settledWords(entry) }
    case 'failed': return { ...times, title: of, what: `${entry.certain ? 'refused' : `attempt ${entry.attempt} in doubt`}: ${entry.problem.message}`, tone: entry.certain ? 'bad' : 'wait' }
    case 'stuck': return { ...times, title: of, what: `stopped: ${entry.why}`, tone: 'bad' }
    case 'gate': return { ...times, title: 'Gate', what: `${entry.verdict} by ${entry.by}`, tone: entry.verdict === 'approved' ? 'good' : 'bad' }
    case 'turned': return { ...times, title: of, what: `going back: ${entry.why}`, tone: 'back' }
    case 'closed': return { ...times, title: of, what: `closed: ${entry.outcome.replace('-', ' ')}`, tone: entry.outcome === 'done' ? 'good' : entry.outcome === 'failed' ? 'bad' : 'back' }
  }
}

function settledWords({ way, how }: Extract<Entry, { type: 'settled' }>): Pick<Row, 'what' | 'tone'> {
  if (way === 'undo') return { what: how === 'found' ? 'found taken back' : 'taken back', tone: 'back' }
  return { what: how === 'found' ? 'found' : 'done', tone: 'good' }
}

/** What a person was asked to do, each page once. */
export function byHandMarkup(events: readonly RunEvent[]): Markup {
  const pages = new Map<string, Instructions>()
  for (const event of events) if (event.type === 'by-hand') pages.set(event.instructions.page, event.instructions)
  if (pages.size === 0) return NOTHING
  return html`<section><h2>What a person is asked to do</h2>${[...pages.values()].map(({ page, steps, done }) => html`
<p><code>${page}</code></p>
<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>
<p class="soft">It is done when ${done}</p>`)}</section>`
}

/** `12:00:05`, in UTC. */
function clock(iso: string): string {
  return iso.slice(11, 19)
}
