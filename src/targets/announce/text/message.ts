// Pure: the one message of a release, from its template.
import type { AnnounceContext } from '../../../model/target.ts'
import { webAddressOf } from '../../../model/web-address.ts'
import type { AnnounceSettings } from '../settings.ts'

/** What is announced, in Markdown. */
export interface Message {
  readonly about: AnnounceContext['about']
  readonly name: string
  readonly version: string
  /** One line without markup. */
  readonly title: string
  /** All below the title. */
  readonly body: string
  /** The same without the address of the page, for channels on which it is shortened and the address stands at the end. */
  readonly bare: string
  /** Where the release is told of in full; undefined where nobody knows. */
  readonly page: string | undefined
  /** ISO 8601, UTC. */
  readonly date: string
}

/** What is said of a release that is out. */
export const RELEASE_TEMPLATE = '{name} {version} is out\n\n{notes}\n\n{url}'

/** What is said of one that was taken back. */
export const WITHDRAWAL_TEMPLATE = '{name} {version} was taken back\n\nPlease do not use {name} {version}. {before}\n\n{url}'

/** Fills the template: its first line is the title, the rest is the body. */
export function messageOf(context: AnnounceContext, settings: Pick<AnnounceSettings, 'template' | 'withdrawal' | 'page'>): Message {
  const { about, release, tag, date } = context
  const { name, to: version, from } = release
  const page = pageOf(context, settings.page)
  const template = about === 'release' ? settings.template : settings.withdrawal
  const [first = '', ...rest] = template.trim().split('\n')
  const values: Readonly<Record<string, string>> = {
    name, version, tag, date: date.slice(0, 10), notes: context.notes.trim(),
    before: from === null ? 'There is no version before it.' : `The version before it is ${from}.`,
  }
  const fill = (text: string, url: string): string => text.replace(/\{(\w+)\}/g, (whole, key: string) => (key === 'url' ? url : values[key] ?? whole))
  const bodyWith = (url: string): string => fill(rest.join('\n'), url).replace(/\n{3,}/g, '\n\n').trim()
  return { about, name, version, title: fill(first, page ?? '').replace(/^#+\s*/, '').replace(/[\s\p{Cc}]+/gu, ' ').trim(), body: bodyWith(page ?? ''), bare: bodyWith(''), page, date }
}

/** The page of the release on the forge where the repository is, unless the settings name another. */
function pageOf({ repository, tag, release }: AnnounceContext, page: string | undefined): string | undefined {
  if (page !== undefined) return page.replaceAll('{tag}', encodeURIComponent(tag)).replaceAll('{version}', encodeURIComponent(release.to))
  const address = webAddressOf(repository)
  return address === null ? undefined : `${address}/releases/tag/${encodeURIComponent(tag)}`
}
