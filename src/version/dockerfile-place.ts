// Versions in a Dockerfile: the OCI version label and the default of ARG VERSION.
import { dockerfileInstructions } from './dockerfile-lines.ts'
import type { Instruction } from './dockerfile-lines.ts'
import type { Reading, Spot } from './spot.ts'

const LABEL = 'org.opencontainers.image.version'
const WORD = /(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*'|["'\\])+/g
const PAIR = /^("[^"]*"|'[^']*'|[^=\s"']+)=([^]*)$/

interface Value {
  readonly key: string
  readonly text: string
  /** Offset of the value within the instruction's text. */
  readonly at: number
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text
}

function pairs({ text }: Instruction): readonly Value[] {
  return [...text.matchAll(WORD)].flatMap((word) => {
    const [whole, key = '', value = ''] = PAIR.exec(word[0]) ?? []
    return whole === undefined ? [] : [{ key: unquoted(key), text: value, at: word.index + whole.length - value.length }]
  })
}

/** `LABEL key value`, the old form without `=`. */
function spaced({ text }: Instruction): readonly Value[] {
  const parts = /^([^\s="']+)([ \t]+)(\S.*?)[ \t]*$/s.exec(text)
  return parts === null ? [] : [{ key: parts[1] ?? '', text: parts[3] ?? '', at: (parts[1] ?? '').length + (parts[2] ?? '').length }]
}

function valuesOf(instruction: Instruction): readonly Value[] {
  const found = pairs(instruction)
  return found.length > 0 || instruction.name !== 'LABEL' ? found : spaced(instruction)
}

function spotOf(instruction: Instruction, value: Value): Spot | undefined {
  const written = unquoted(value.text)
  const first = value.at + (written === value.text ? 0 : 1)
  const [start, last] = [instruction.offsets[first], instruction.offsets[first + written.length - 1]]
  // A value that is taken from a variable, or that is broken over lines, is no literal version.
  if (start === undefined || last === undefined || written === '' || written.includes('$') || last - start !== written.length - 1) return undefined
  return { start, end: last + 1, written, form: 'semver' }
}

/** `LABEL org.opencontainers.image.version=…` and `ARG VERSION=…` with a literal value, in every stage. */
export function readDockerfile(content: string): Reading {
  const instructions = dockerfileInstructions(content)
  const spots = instructions.flatMap((instruction) => {
    const wanted = instruction.name === 'LABEL' ? LABEL : instruction.name === 'ARG' ? 'VERSION' : undefined
    return valuesOf(instruction).filter(({ key }) => key === wanted).flatMap((value) => spotOf(instruction, value) ?? [])
  })
  const bare = instructions.find(({ name, text }) => name === 'ARG' && text.split(/\s+/).includes('VERSION'))
  if (spots.length > 0 || bare === undefined) return { spots }
  const at = bare.offsets[0]
  return { spots, why: { clause: 'its `ARG VERSION` has no default, so it holds no version', ...(at === undefined ? {} : { at }) } }
}
