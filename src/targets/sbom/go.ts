// Go modules, out of what the Go linker writes into every program.
import type { Package } from './package.ts'

/** What the block begins with, at a multiple of sixteen bytes (https://go.dev/src/debug/buildinfo/buildinfo.go). */
export const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')

/** The longest block that is looked at, in bytes. */
export const LONGEST = 4 * 1024 * 1024

const HEADER = 32
const INLINE = 2
const SENTINEL = 16

/**
 * The modules in a block that begins with the magic, undefined when it is none (a program may hold the magic for other reasons).
 * Only the form since Go 1.18 is read, in which the texts follow the header.
 */
export function modulesIn(block: Buffer): readonly Package[] | undefined {
  if (block.length <= HEADER || ((block[15] ?? 0) & INLINE) === 0) return undefined
  const version = textAt(block, HEADER, 1000)
  if (version === undefined || !/^(?:go\d|devel)/.test(version.text)) return undefined
  const modules = textAt(block, version.end, LONGEST)
  if (modules === undefined) return undefined
  const text = modules.text.at(-1 - SENTINEL) === '\n' ? Buffer.from(modules.text.slice(SENTINEL, -SENTINEL), 'latin1').toString('utf8') : ''
  const go = /^go(\d[\w.]*)/.exec(version.text)?.[1]
  return [...(go === undefined ? [] : [{ from: 'go', name: 'stdlib', version: go } as const]), ...listed(text)]
}

function listed(text: string): readonly Package[] {
  const found: Package[] = []
  for (const line of text.split('\n')) {
    const [what, name, version] = line.split('\t')
    if (name === undefined || name === '' || !['mod', 'dep', '=>'].includes(what ?? '')) continue
    // An arrow says what the module of the line before was replaced with. A folder has no name that anybody knows, so the module keeps its own.
    if (what === '=>' && /^[./]/.test(name)) continue
    if (what === '=>') found.pop()
    found.push({ from: 'go', name, version: version === undefined || version === '' || version === '(devel)' ? undefined : version })
  }
  return found
}

/** A text with its length before it, as a varint, if it is no longer than that. Latin 1, so that a character is a byte. */
function textAt(block: Buffer, at: number, atMost: number): { readonly text: string; readonly end: number } | undefined {
  let length = 0
  for (let place = 0; place < 5; place += 1) {
    const byte = block[at + place]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 2 ** (7 * place)
    if (byte >= 0x80) continue
    const start = at + place + 1
    return length > atMost || start + length > block.length ? undefined : { text: block.toString('latin1', start, start + length), end: start + length }
  }
  return undefined
}
