// Conventional Commits 1.0.0: a commit message taken apart.

/** A commit as history gives it. */
export interface Commit {
  /** Hexadecimal, whole or abbreviated to no less than 7 digits. */
  readonly sha: string
  readonly message: string
}

/** One line of the form `token: value` or `token #value` below the body, with the lines that belong to it. */
export interface Footer {
  readonly token: string
  readonly value: string
}

/** What a commit message says in its first line, and whether it breaks something. */
export interface CommitHeader {
  /** In lower case: the convention is not case-sensitive. */
  readonly type: string
  readonly scope?: string
  readonly breaking: boolean
  readonly description: string
  /** What the `BREAKING CHANGE` footer says, where there is one. */
  readonly breakingNote?: string
}

/** A commit message that follows the convention. See https://www.conventionalcommits.org/en/v1.0.0/. */
export interface ConventionalCommit extends CommitHeader {
  readonly body?: string
  readonly footers: readonly Footer[]
}

// Every class is disjoint from what follows it, so that each regex reads a line once.
const HEADER = /^([A-Za-z][A-Za-z0-9_-]*)(?:\(([^()]+)\))?(!)?: +(?=\S)/
const FOOTER = /^([A-Za-z][A-Za-z0-9-]*)(?:: | (?=#))/
const BREAKING = /^BREAKING[ -]CHANGE:/

/** The first line of a message, without white space around it. */
export function subjectOf(message: string): string {
  const end = message.indexOf('\n')
  return (end === -1 ? message : message.slice(0, end)).trim()
}

interface Tail {
  readonly body: readonly string[]
  readonly footers: readonly { readonly token: string; readonly lines: string[] }[]
}

function footerStart(line: string): { token: string; lines: string[] } | undefined {
  const breaking = BREAKING.exec(line)
  if (breaking !== null) return { token: 'BREAKING CHANGE', lines: [line.slice(breaking[0].length)] }
  const footer = FOOTER.exec(line)
  return footer === null ? undefined : { token: footer[1] ?? '', lines: [line.slice(footer[0].length)] }
}

/**
 * Footers begin at the first one that has an empty line above it. A breaking change is also taken where that line is missing:
 * to miss one would release it as if it were harmless.
 */
function tailOf(text: string): Tail {
  const body: string[] = []
  const footers: { token: string; lines: string[] }[] = []
  let previous = ''
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd()
    const begins = footers.length > 0 || previous === '' || line.startsWith('BREAKING') ? footerStart(line) : undefined
    if (begins !== undefined) footers.push(begins)
    else (footers.at(-1)?.lines ?? body).push(line)
    previous = line
  }
  return { body, footers }
}

function headerOf(message: string, footers: () => readonly Footer[]): CommitHeader | undefined {
  const subject = subjectOf(message)
  const header = HEADER.exec(subject)
  if (header === null) return undefined
  const note = footers().find(({ token }) => token === 'BREAKING CHANGE')
  const scope = header[2]?.trim()
  return {
    type: (header[1] ?? '').toLowerCase(),
    ...(scope === undefined || scope === '' ? {} : { scope }),
    breaking: header[3] === '!' || note !== undefined,
    description: subject.slice(header[0].length),
    ...(note === undefined || note.value === '' ? {} : { breakingNote: note.value }),
  }
}

function footersOf({ footers }: Tail): readonly Footer[] {
  return footers.map(({ token, lines }) => ({ token, value: lines.join('\n').trim() }))
}

function belowSubject(message: string): Tail {
  const end = message.indexOf('\n')
  return end === -1 ? { body: [], footers: [] } : tailOf(message.slice(end + 1))
}

/**
 * Reads what decides about a release and is shown of it; undefined when the message does not follow the convention. Says the same as
 * `parseCommit` and takes the lines below the first apart only where one of them may be a breaking change. Never throws.
 */
export function parseHeader(message: string): CommitHeader | undefined {
  return headerOf(message, () => message.includes('\nBREAKING') ? footersOf(belowSubject(message)) : [])
}

/** Takes a message apart; undefined when it does not follow the convention. Never throws. */
export function parseCommit(message: string): ConventionalCommit | undefined {
  const tail = belowSubject(message)
  const footers = footersOf(tail)
  const header = headerOf(message, () => footers)
  const body = tail.body.join('\n').trim()
  return header && { ...header, ...(body === '' ? {} : { body }), footers }
}
