// The entries of a changelog section, below their headings.
import type { ChangeGroup } from '../version/index.ts'
import { linkReferences } from './links.ts'
import type { MarkdownLine } from './lines.ts'

const GROUP = /^ {0,3}###[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const BULLET = /^ {0,1}[-*+][ \t]+/

interface OpenGroup {
  readonly heading: string
  readonly entries: string[]
}

/**
 * The groups of a section: what stands below each `###` heading, and first, with an empty heading, what stands above them all. An
 * entry is an item of a list with all that is indented below it, or a paragraph. Code counts as text, comments do not.
 */
export function groupsOf(lines: readonly MarkdownLine[]): readonly ChangeGroup[] {
  const groups: OpenGroup[] = [{ heading: '', entries: [] }]
  let apart = true
  for (const line of lines) {
    if (line.kind === 'comment' || linkReferences([line]).length > 0) continue
    const heading = line.kind === 'text' ? GROUP.exec(line.text)?.[1] : undefined
    const entries = groups.at(-1)?.entries ?? []
    const text = line.text.trim()
    if (heading !== undefined) groups.push({ heading, entries: [] })
    else if (text !== '' && ((line.kind === 'text' && BULLET.test(line.text)) || entries.length === 0 || (apart && /^\S/.test(line.text)))) entries.push(text.replace(BULLET, ''))
    else if (text !== '') entries.push(`${entries.pop() ?? ''}\n${text}`)
    apart = text === ''
  }
  return groups.filter(({ heading, entries }) => heading !== '' || entries.length > 0)
}
