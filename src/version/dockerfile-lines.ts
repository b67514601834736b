// A Dockerfile's instructions as whole lines: joined where they are continued, without comments and here-documents.

/** One instruction. `offsets[i]` is where `text[i]` stands in the file. */
export interface Instruction {
  /** In upper case. */
  readonly name: string
  /** What follows the name. */
  readonly text: string
  readonly offsets: readonly number[]
}

const HEREDOC = /<<-?(["']?)([A-Za-z_][A-Za-z0-9_]*)\1/g

function escapeCharacter(content: string): string {
  return /^\uFEFF?(?:#[ \t]*[a-z]+[ \t]*=.*\r?\n)*#[ \t]*escape[ \t]*=[ \t]*`/i.test(content) ? '`' : '\\'
}

/** A joined line under construction. */
interface Joined {
  text: string
  offsets: number[]
}

function add(joined: Joined, text: string, offset: number): void {
  joined.text += text
  for (let index = 0; index < text.length; index++) joined.offsets.push(offset + index)
}

function instructionOf({ text, offsets }: Joined): Instruction | undefined {
  const head = /^[ \t\uFEFF]*([A-Za-z]+)[ \t]+/.exec(text)
  return head === null ? undefined : { name: (head[1] ?? '').toUpperCase(), text: text.slice(head[0].length), offsets: offsets.slice(head[0].length) }
}

/** The instructions of a Dockerfile, in order. See https://docs.docker.com/reference/dockerfile/. */
export function dockerfileInstructions(content: string): readonly Instruction[] {
  const escape = escapeCharacter(content)
  const instructions: Instruction[] = []
  let joined: Joined = { text: '', offsets: [] }
  let heredocs: string[] = []
  let offset = 0
  for (const raw of content.split('\n')) {
    const start = offset
    offset += raw.length + 1
    const line = raw.trimEnd()
    if (heredocs.length > 0) {
      if (line.trimStart() === heredocs[0]) heredocs.shift()
      continue
    }
    // Comments and empty lines within a continued instruction do not end it.
    if (/^[ \t\uFEFF]*#/.test(line) || (joined.text !== '' && line === '')) continue
    const continued = line.endsWith(escape)
    add(joined, continued ? line.slice(0, -1) : line, start)
    if (continued) continue
    const instruction = instructionOf(joined)
    if (instruction !== undefined) instructions.push(instruction)
    if (instruction !== undefined && ['RUN', 'COPY', 'ADD'].includes(instruction.name)) heredocs = [...instruction.text.matchAll(HEREDOC)].map((found) => found[2] ?? '')
    joined = { text: '', offsets: [] }
  }
  const last = instructionOf(joined)
  return last === undefined ? instructions : [...instructions, last]
}
