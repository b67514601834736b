// How a changelog's links follow a release, in the shape that its links have already.
import { linkTo } from './links.ts'
import type { Changelog } from './document.ts'
import type { LinkReference } from './links.ts'

/** A piece of text to put in place of another; both ends are offsets. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The release that the links follow. */
export interface LinkedRelease {
  readonly version: string
  /** The name of a version's tag. */
  tag(version: string): string
}

interface Comparison {
  readonly before: string
  readonly from: string
  readonly dots: string
  readonly to: string
  readonly after: string
}

/** `…/compare/v1.0.0...v2.0.0`, with two or three dots, and what may follow as query or fragment. */
function comparisonOf(link: LinkReference | undefined): Comparison | undefined {
  const parts = /^(.*\/compare\/)(.+?)(\.{2,3})([^?#]+)(.*)$/.exec(link?.url ?? '')
  return parts === null ? undefined : { before: parts[1] ?? '', from: parts[2] ?? '', dots: parts[3] ?? '', to: parts[4] ?? '', after: parts[5] ?? '' }
}

function comparisonText({ before, from, dots, to, after }: Comparison): string {
  return before + from + dots + to + after
}

/** The links as they are before a release. */
interface Linked {
  /** The newest released version, with or without a link. */
  readonly previous: string | undefined
  readonly unreleased: LinkReference | undefined
  /** What the Unreleased link compares; undefined when it is no comparison, or names the newer side first. */
  readonly since: Comparison | undefined
  /** Released versions with links, newest first. */
  readonly versions: readonly { readonly version: string; readonly link: LinkReference }[]
}

function linkedOf({ sections, links }: Changelog): Linked {
  const released = sections.flatMap(({ version }) => version ?? [])
  const previous = released[0]
  const unreleased = linkTo(links, 'unreleased')
  const since = comparisonOf(unreleased)
  const newerFirst = previous !== undefined && since?.to.endsWith(previous) === true
  const versions = released.flatMap((version) => {
    const link = linkTo(links, version)
    return link === undefined ? [] : [{ version, link }]
  })
  return { previous, unreleased, since: newerFirst ? undefined : since, versions }
}

/** The tag that the new version is compared with, written as the links write it. */
function tagBefore({ previous, since, versions }: Linked, release: LinkedRelease): string | undefined {
  if (previous === undefined) return since?.from
  const written = [since?.from, comparisonOf(versions.find(({ version }) => version === previous)?.link)?.to]
  return written.find((tag) => tag === release.tag(previous) || tag === previous || tag === `v${previous}`) ?? release.tag(previous)
}

/** The address for the new version: a comparison, or a page by tag where the newest versions link to such pages. */
function addressOf(linked: Linked, release: LinkedRelease): string | undefined {
  const [newest] = linked.versions
  const comparison = comparisonOf(newest?.link)
  // The first version of all has nothing to be compared with, so its page by tag is no custom yet.
  const pageByTag = newest !== undefined && comparison === undefined && (linked.versions.length > 1 || linked.since === undefined)
  if (pageByTag) return newest.link.url.includes(newest.version) ? newest.link.url.replaceAll(newest.version, release.version) : undefined
  if (newest !== undefined && comparison !== undefined && !comparison.to.endsWith(newest.version)) return undefined
  const shape = comparison ?? linked.since
  const from = tagBefore(linked, release)
  return shape === undefined || from === undefined ? undefined : comparisonText({ ...shape, from, to: release.tag(release.version) })
}

function followUnreleased({ unreleased, since }: Linked, release: LinkedRelease): readonly TextEdit[] {
  if (unreleased === undefined || since === undefined) return []
  const text = comparisonText({ ...since, from: release.tag(release.version) })
  return [{ start: unreleased.urlStart, end: unreleased.urlStart + unreleased.url.length, text }]
}

/** Above the newest version's link, or below it where the oldest comes first; below the Unreleased link where no version has one. */
function lineEdit({ content, newline }: Changelog, { unreleased, versions }: Linked, line: string): TextEdit {
  const newest = versions[0]?.link
  if (newest !== undefined) {
    const at = unreleased !== undefined && unreleased.start > newest.start ? newest.end : newest.start
    return { start: at, end: at, text: line + newline }
  }
  const at = unreleased?.end ?? content.length
  return { start: at, end: at, text: content.slice(0, at).endsWith('\n') ? line + newline : newline + line }
}

/**
 * Edits that let the links follow a release: the Unreleased link compares with the new tag, and the new version gets a link of the
 * shape that the others have. Without links there are no edits; a link that is no comparison of older with newer stays.
 */
export function linkEdits(changelog: Changelog, release: LinkedRelease): readonly TextEdit[] {
  const linked = linkedOf(changelog)
  const follow = followUnreleased(linked, release)
  const address = addressOf(linked, release)
  if (address === undefined || linkTo(changelog.links, release.version) !== undefined) return follow
  return [...follow, lineEdit(changelog, linked, `[${release.version}]: ${address}`)]
}
