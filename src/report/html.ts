// What a rehearsal saw, as a self-contained page: no scripts, nothing loaded from elsewhere.
import type { RunEvent, Verdict } from '../model/event.ts'
import type { Artifact } from '../model/plan.ts'
import type { ProposalMessage, RehearsalSummary } from './message.ts'
import { exceptionWords } from './exception-words.ts'
import { directionsMarkup } from './html-plan.ts'
import { byHandMarkup, timelineMarkup } from './html-timeline.ts'
import { STYLE } from './html-style.ts'
import { inlineMarkup, markdownMarkup } from './markdown-markup.ts'
import { html, NOTHING, type Markup } from './markup.ts'
import { grouped } from './plan-text.ts'
import { placeText } from '../model/error.ts'
import { timeText } from './status-text.ts'
import { bytesText, counted, verdictWord } from './words.ts'

/** What the page is made of. */
export interface RehearsalPage {
  readonly summary: RehearsalSummary
  readonly proposal: ProposalMessage
  /** Everything that the runs told, in order. */
  readonly events: readonly RunEvent[]
  /** When it was rehearsed, ISO 8601, UTC. */
  readonly when: string
  /** The version of Slipway. */
  readonly version: string
}

/** The page as a text of HTML. */
export function rehearsalPage({ summary, proposal, events, when, version }: RehearsalPage): string {
  const { name, to } = proposal.proposal.context.release
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rehearsal of ${name} ${to}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<header>
<h1>Rehearsal of ${name} ${to}</h1>
<p class="soft">${timeText(when)}, by Slipway ${version}${summary.preset === 'none' ? '' : html`, with the faults <code>${summary.preset}</code>`}. Nothing outside was touched.</p>
<ul class="verdicts">${verdictCard('Release', summary.release, summary.release.is === 'done')}${summary.rollback === undefined ? NOTHING : verdictCard('Rollback', summary.rollback, summary.rollback.is === 'rolled-back')}</ul>
</header>
<main>
${verifiedMarkup(summary)}
${remainsMarkup(summary, events)}
${whyMarkup(proposal)}
${section('Edits', editsMarkup(proposal))}
${section(`Changelog of ${to}`, markdownMarkup(proposal.proposal.context.notes))}
${section('Both directions', html`<p class="soft">Prepare, plan <span class="digest">${proposal.prepare.digest}</span></p>
${directionsMarkup(proposal.forward, 'Prepare')}
<h3>Publish</h3>
<p class="soft">${proposal.outline ? 'As outlined before anything was built; the plan itself names every artifact by its digest.' : 'The plan names every artifact by its digest.'}</p>
${directionsMarkup(proposal.publish, 'Publish')}`)}
${byHandMarkup(events)}
${artifactsMarkup(events)}
${section('Timeline', html`<p class="soft">Times are those of the rehearsal, in UTC; nobody was really waited for.</p>${timelineMarkup(events)}`)}
${section('Faults that fired', summary.faults.length === 0 ? html`<p>${summary.preset === 'none' ? 'None were asked for.' : 'None.'}</p>` : countsTable(['Fault', 'Times'], summary.faults.map(({ rule, fired }) => [rule, fired])))}
${section('Requests served', countsTable(['Host', 'Requests'], Object.entries(summary.calls)))}
${section('What a rehearsal cannot prove', html`<ul>${summary.unproved.map((each) => html`<li>${inlineMarkup(each)}</li>`)}</ul>`)}
</main>
<footer>Made by Slipway ${version}. This page loads nothing and runs nothing.</footer>
</body>
</html>
`.markup
}

function section(title: string, content: Markup): Markup {
  return html`<section><h2>${title}</h2>${content}</section>`
}

function verdictCard(what: string, verdict: Verdict, right: boolean): Markup {
  const tone = right ? (verdict.is === 'rolled-back' ? 'back' : 'good') : verdict.is === 'rolled-back' || verdict.is === 'waiting' ? 'wait' : 'bad'
  return html`<li class="${tone}">${what}<b>${right ? '✓' : '✗'} ${verdictWord(verdict)}</b>${verdictDetails(verdict)}</li>`
}

function verdictDetails(verdict: Verdict): Markup {
  switch (verdict.is) {
    case 'done': case 'interrupted': return NOTHING
    case 'failed': return lines(verdict.problems.map(({ message, hint }) => hint === undefined ? message : `${message} ${hint}`))
    case 'rolled-back': return lines([`because ${verdict.why}`])
    case 'waiting': return lines(verdict.for.map((each) => `${each.step}: ${each.for}`))
    case 'stuck': return lines(verdict.steps.map(({ step, why }) => `${step}: ${why}`))
  }
}

function lines(all: readonly string[]): Markup {
  return html`${all.map((each) => html`<div>${inlineMarkup(each)}</div>`)}`
}

function verifiedMarkup({ verified }: RehearsalSummary): Markup {
  const of = (after: 'release' | 'rollback'): Markup => {
    const seen = verified.filter((each) => each.after === after)
    if (seen.length === 0) return NOTHING
    return html`<div class="scroll"><table><caption>After the ${after}</caption>
<thead><tr><th scope="col">Looked for</th><th scope="col">Seen</th><th scope="col" class="short">Right?</th></tr></thead>
<tbody>${seen.map(({ what, saw, ok }) => html`<tr><th scope="row">${what}</th><td>${saw}</td><td class="short ${ok ? 'good' : 'bad'}">${ok ? '✓ yes' : '✗ no'}</td></tr>`)}</tbody></table></div>`
  }
  return section('What was verified', verified.length === 0 ? html`<p>Nothing could be verified.</p>` : html`${of('release')}${of('rollback')}`)
}

/** What an undone release leaves, whichever of the two took it back. */
function remainsMarkup({ release, rollback }: RehearsalSummary, events: readonly RunEvent[]): Markup {
  const titles = new Map(events.flatMap((event) => event.type === 'run' ? event.plan.steps.map(({ id, title }) => [id, title] as const) : []))
  const remains = [release, rollback].flatMap((verdict) => verdict?.is === 'rolled-back' ? verdict.remains : [])
  if (remains.length === 0) return NOTHING
  return section('What remains after the rollback', html`<ul>${grouped(remains, ({ what }) => what).map(({ key, members }) => html`<li>${members.map(({ step }) => titles.get(step) ?? step).join('; ')}:<br><span class="soft">${key}</span></li>`)}</ul>`)
}

function whyMarkup({ proposal: { context, mentions, exceptions } }: ProposalMessage): Markup {
  const { from, to, because } = context.release
  return section('The version and why', html`<p><strong>${from === null ? `${to}, the first release` : `${from} → ${to}`}</strong></p>
<ul>${because.map((each) => html`<li>${inlineMarkup(each)}</li>`)}</ul>${exceptions.length === 0 ? NOTHING : html`
<h3>Exceptions</h3>
<ul>${exceptionWords(exceptions).map((each) => html`<li>${each}</li>`)}</ul>`}${mentions.length === 0 ? NOTHING : html`
<h3>Places that still name ${from ?? 'the old version'}</h3>
<ul>${mentions.map((place) => html`<li><code>${placeText(place)}</code></li>`)}</ul>`}`)
}

function editsMarkup({ proposal: { edits }, diff }: ProposalMessage): Markup {
  if (edits.length === 0) return html`<p>None: version and changelog are in place already.</p>`
  return html`<details open><summary>${counted(edits.length, 'file')}: ${edits.map(({ path }) => path).join(', ')}</summary>
<pre tabindex="0" role="region" aria-label="The edits as a unified diff">${diff.trimEnd().split('\n').map((line) => html`<span${toneOf(line)}>${line}</span>`)}</pre></details>`
}

function toneOf(line: string): Markup {
  if (/^(?:diff|index|---|\+\+\+|new file|deleted file) ?/.test(line)) return html` class="head"`
  if (line.startsWith('@@')) return html` class="hunk"`
  if (line.startsWith('+')) return html` class="plus"`
  return line.startsWith('-') ? html` class="minus"` : NOTHING
}

function artifactsMarkup(events: readonly RunEvent[]): Markup {
  const plans = events.flatMap((event) => event.type === 'run' && event.plan.stage !== 'rollback' ? [event.plan] : [])
  const artifacts: readonly Artifact[] = plans.findLast((plan) => plan.artifacts.length > 0)?.artifacts ?? []
  if (artifacts.length === 0) return NOTHING
  return section('Artifacts', html`<div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Digest</th></tr></thead>
<tbody>${artifacts.map(({ name, size, sha256 }) => html`<tr><th scope="row">${name}</th><td>${bytesText(size)}</td><td class="digest">${sha256}</td></tr>`)}</tbody></table></div>`)
}

function countsTable(head: readonly [string, string], rows: readonly (readonly [string, number])[]): Markup {
  if (rows.length === 0) return html`<p>None.</p>`
  return html`<div class="scroll"><table><thead><tr><th scope="col">${head[0]}</th><th scope="col" class="number">${head[1]}</th></tr></thead>
<tbody>${rows.map(([what, count]) => html`<tr><th scope="row">${what}</th><td class="number">${count}</td></tr>`)}</tbody></table></div>`
}
