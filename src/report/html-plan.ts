// Both directions of a plan, as tables of a page.
import type { DirectionLine, Directions } from '../plan/directions.ts'
import { html, NOTHING, type Markup } from './markup.ts'
import { grouped } from './plan-text.ts'
import { REVERSALS } from './words.ts'

/** Forward with the point of no return, back, and what stays. */
export function directionsMarkup(directions: Directions, name: string): Markup {
  return html`${forwardMarkup(directions, name)}${backMarkup(directions.back, name)}${staysMarkup(directions)}`
}

function forwardMarkup({ forward, pointOfNoReturn }: Directions, name: string): Markup {
  if (forward.length === 0) return html`<p>${name}: nothing has to be done.</p>`
  return html`<div class="scroll"><table>
<caption>${name}: forward</caption>
<thead><tr><th scope="col">Step</th><th scope="col">Way back</th></tr></thead>
<tbody>${forward.map((line, index) => html`${gateRow(line, forward[index - 1])}${index === pointOfNoReturn ? html`<tr class="line bad"><td colspan="2">Point of no return</td></tr>` : NOTHING}
<tr><th scope="row">${line.title}${line.starts.map((title) => html`<br><span class="soft">sets off: ${title}</span>`)}</th><td class="soft">${meaningOf(line)}</td></tr>`)}</tbody>
</table></div>`
}

function gateRow({ gate }: DirectionLine, before: DirectionLine | undefined): Markup {
  return gate === undefined || gate === before?.gate ? NOTHING : html`<tr class="line wait"><td colspan="2">Gate: the plan is approved by its digest</td></tr>`
}

function backMarkup(back: readonly DirectionLine[], name: string): Markup {
  if (back.length === 0) return html`<h3>${name}: back</h3><p>There is nothing to take back.</p>`
  return html`<div class="scroll"><table>
<caption>${name}: back, the last effect first</caption>
<thead><tr><th scope="col">Step</th><th scope="col">How it is taken back</th></tr></thead>
<tbody>${back.map((line) => html`<tr><th scope="row">${line.title}</th><td>${line.back}</td></tr>`)}</tbody>
</table></div>`
}

function staysMarkup({ forward, stays }: Directions): Markup {
  if (stays.length === 0) return NOTHING
  const titleOf = (id: string): string => forward.find(({ step }) => step === id)?.title ?? id
  return html`<h3>What cannot be undone, and why</h3>
<ul>${grouped(stays, ({ why }) => why).map(({ key, members }) => html`<li>${members.map(({ step }) => titleOf(step)).join('; ')}:<br><span class="soft">${key}</span></li>`)}</ul>`
}

function meaningOf({ reversal }: DirectionLine): string {
  return REVERSALS.find(({ is }) => is === reversal)?.means ?? ''
}
