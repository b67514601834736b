// What an API token of PyPI says of itself: it is a macaroon, whose caveats anybody can read (https://pypi.org/help/#apitoken).
import { z } from 'zod'
import { parseJson } from '../../model/json.ts'

/** What a token tells without being used. */
export interface TokenShape {
  /** The index that made it: `pypi.org`, `test.pypi.org`. */
  readonly index: string
  /** The projects that it is for, normalised; every project of its owner when missing. */
  readonly projects?: readonly string[]
  readonly ends?: Date
}

// Fields of a macaroon in its binary format 2 (https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt).
const [END, LOCATION, IDENTIFIER] = [0, 1, 2]

const caveat = z.union([
  z.tuple([z.literal(0), z.number(), z.number()]).transform(([, ends]) => ({ ends })),
  z.tuple([z.literal(1), z.array(z.string())]).transform(([, projects]) => ({ projects })),
  // As tokens were written until 2022.
  z.object({ permissions: z.object({ projects: z.array(z.string()) }) }).transform(({ permissions: { projects } }) => ({ projects })),
  z.object({ exp: z.number() }).transform(({ exp: ends }) => ({ ends })),
])

/** Reads a token; undefined when it is none of PyPI's. */
export function readToken(token: string): TokenShape | undefined {
  const text = /^pypi-([\w-]+)$/.exec(token)?.[1]
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64url')
  if (bytes[0] !== 2) return undefined
  const fields = fieldsOf(bytes.subarray(1))
  const index = fields.find(({ type }) => type === LOCATION)?.text
  if (index === undefined || !/^[\w.-]+$/.test(index)) return undefined
  // The first identifier names the token; each one after it is a caveat.
  const caveats = fields.filter(({ type }) => type === IDENTIFIER).slice(1).flatMap(({ text }) => caveat.safeParse(parseJson(text)).data ?? [])
  const projects = caveats.flatMap((each) => 'projects' in each ? [each.projects] : []).at(-1)
  const ends = caveats.flatMap((each) => 'ends' in each ? [each.ends] : [])
  return { index, ...(projects === undefined ? {} : { projects }), ...(ends.length === 0 ? {} : { ends: new Date(Math.min(...ends) * 1000) }) }
}

interface Field {
  readonly type: number
  readonly text: string
}

function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length;) {
    const type = bytes[at] ?? END
    at += 1
    if (type === END) continue
    const { value, next } = readNumber(bytes, at)
    fields.push({ type, text: bytes.toString('utf8', next, next + value) })
    at = next + value
  }
  return fields
}

/** A number of variable length, seven bits a byte, the least first. */
function readNumber(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from, shift = 0; at < bytes.length && shift < 28; at++, shift += 7) {
    const byte = bytes[at] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, next: at + 1 }
  }
  return { value: 0, next: bytes.length }
}
