// The version in a pom.xml: the project's own, not its parent's, a dependency's or a plugin's.
import { SlipwayError } from '../model/error.ts'
import { positionAt } from './spot.ts'
import type { Reading, Span } from './spot.ts'

const PIECE = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<!DOCTYPE(?:[^[>]|\[[^\]]*\])*>|<(\/?)([^\s<>/]+)(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*?)?(\/?)>|[^<]+/y

interface Element {
  /** Names from the root, with `/` between them. */
  readonly path: string
  /** Offset of its opening tag. */
  readonly at: number
  /** Its text, where it holds nothing but text. */
  readonly text?: Span
}

function fault(content: string, file: string, at: number): SlipwayError {
  return new SlipwayError({
    code: 'place-missing',
    message: `${file} is not valid XML: ${at >= content.length ? 'the file ends before its elements do' : 'what begins here is no tag, or closes another element'}.`,
    hint: 'Correct the file; its version can be changed only then.',
    place: { file, ...positionAt(content, Math.min(at, content.length)) },
  })
}

function trimmed(content: string, from: number, to: number): Span {
  const raw = content.slice(from, to)
  const start = from + raw.length - raw.trimStart().length
  const written = raw.trim()
  return { start, end: start + written.length, written }
}

/** Every element, in the order in which they end. Throws SlipwayError `place-missing` when the text is no XML. */
function elements(content: string, file: string): readonly Element[] {
  const found: Element[] = []
  const open: { readonly name: string; readonly path: string; readonly at: number; readonly inside: number; plain: boolean }[] = []
  let at = content.startsWith('\uFEFF') ? 1 : 0
  while (at < content.length) {
    PIECE.lastIndex = at
    const match = PIECE.exec(content)
    if (match === null) throw fault(content, file, at)
    const [piece, closing, name, empty] = match
    const above = open.at(-1)
    if (name === undefined) {
      if (piece.startsWith('<') && above !== undefined) above.plain = false
    } else if (closing === '/') {
      if (above?.name !== name) throw fault(content, file, at)
      open.pop()
      found.push({ path: above.path, at: above.at, ...(above.plain && { text: trimmed(content, above.inside, at) }) })
    } else {
      if (above !== undefined) above.plain = false
      const path = above === undefined ? name : `${above.path}/${name}`
      if (empty === '/') found.push({ path, at })
      else open.push({ name, path, at, inside: at + piece.length, plain: true })
    }
    at += piece.length
  }
  if (open.length > 0) throw fault(content, file, content.length)
  return found
}

const PROPERTY = /^\$\{([^${}]+)\}$/

/** The project's `<version>`, or the property that it names whole. Throws SlipwayError `place-missing` when the text is no XML. */
export function readPom(content: string, file: string): Reading {
  const all = elements(content, file)
  const own = all.find(({ path }) => path === 'project/version')
  const inherited = all.find(({ path }) => path === 'project/parent/version')
  if (own?.text === undefined || own.text.written === '') {
    return inherited === undefined ? { spots: [] } : { spots: [], why: { clause: 'its version is that of its <parent>, so it is written in the pom.xml of the parent', at: inherited.at } }
  }
  const [, property] = PROPERTY.exec(own.text.written) ?? []
  const text = property === undefined ? own.text : all.find(({ path }) => path === `project/properties/${property}`)?.text
  if (text === undefined || text.written === '' || text.written.includes('${')) {
    return { spots: [], why: { clause: `its version is ${own.text.written}, which this file does not define as one whole version`, at: own.text.start } }
  }
  return { spots: [{ ...text, form: 'semver' }] }
}
