// INI texts to values that know where they stand, as Python's configparser reads them.
import type { Place, Problem } from '../../model/error.ts'
import { unreadable } from './node.ts'
import type { Document, Entry } from './node.ts'

interface OpenEntry { readonly key: string; readonly place: Place; value: { readonly is: 'scalar'; readonly place: Place; value: string } }
interface OpenSection { readonly key: string; readonly place: Place; readonly entries: OpenEntry[] }

/**
 * Reads sections as mappings of text, keys in small letters; lines that are indented below a value go on with it. A line that is
 * none of these is a problem, and the rest is read all the same. Never throws.
 */
export function readIni(file: string, text: string): Document {
  const sections: OpenSection[] = []
  const problems: Problem[] = []
  let open: OpenEntry | undefined
  for (const [index, line] of text.replace(/^\uFEFF/, '').split(/\r?\n/).entries()) {
    const column = line.length - line.trimStart().length + 1
    const place = { file, line: index + 1, column }
    if (/^\s*(?:[#;].*)?$/.test(line)) continue
    const name = /^\[([^\]]+)\]/.exec(line)?.[1]
    const section = sections.at(-1)
    if (name !== undefined) {
      sections.push({ key: name, place, entries: [] })
      open = undefined
    } else if (column > 1 && open !== undefined) {
      open.value.value += `${open.value.value === '' ? '' : '\n'}${line.trim()}`
    } else if (section === undefined) {
      problems.push(unreadable(place, 'INI', 'this line stands above the first [section]'))
    } else {
      const [, key, mark, value = ''] = /^\s*([^=:]*[^=:\s])\s*([=:])\s*(.*)$/.exec(line) ?? []
      if (key === undefined || mark === undefined) {
        problems.push(unreadable(place, 'INI', `"${line.trim().slice(0, 40)}" is neither a [section] nor a \`key = value\``))
        open = undefined
        continue
      }
      open = { key: key.toLowerCase(), place, value: { is: 'scalar', place: { ...place, column: line.length - value.length + 1 }, value: value.trimEnd() } }
      section.entries.push(open)
    }
  }
  const entries: Entry[] = sections.map(({ key, place, entries: own }) => ({ key, place, value: { is: 'map', place, entries: own } }))
  return { node: { is: 'map', place: { file, line: 1, column: 1 }, entries }, problems }
}
