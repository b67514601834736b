// HTML from templates in which every value is escaped unless it is HTML itself.
import { legible } from './legible.ts'

/** A piece of a page. */
export interface Markup {
  readonly markup: string
}

/** What may stand in a template: text, which is escaped, or pieces, which are not. */
export type Inlay = string | number | Markup | readonly Markup[]

/** Makes a piece of a page: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...inlays: readonly Inlay[]): Markup {
  return { markup: strings.reduce((all, text, index) => all + markupOf(inlays[index - 1] ?? '') + text) }
}

/** No markup at all. */
export const NOTHING: Markup = { markup: '' }

function markupOf(inlay: Inlay): string {
  if (typeof inlay === 'string') return escaped(inlay)
  if (typeof inlay === 'number') return String(inlay)
  return 'markup' in inlay ? inlay.markup : inlay.map(({ markup }) => markup).join('')
}

function escaped(text: string): string {
  return legible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
