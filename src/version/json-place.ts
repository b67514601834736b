// Versions in package.json and package-lock.json, found by reading the JSON's tokens in place.
import { SlipwayError } from '../model/error.ts'
import { positionAt } from './spot.ts'
import type { Place } from '../model/error.ts'
import type { Reading, Spot } from './spot.ts'

type Path = readonly (string | number)[]

const TOKEN = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[{}[\],:]/y
const BLANK = /[ \t\r\n]*/y

/** Reads tokens one after the other, without building values. */
class Tokens {
  readonly #file: string
  readonly #content: string
  #at: number

  constructor(file: string, content: string) {
    this.#file = file
    this.#content = content
    this.#at = content.startsWith('\uFEFF') ? 1 : 0
    this.#skipBlank()
  }

  #skipBlank(): void {
    BLANK.lastIndex = this.#at
    BLANK.exec(this.#content)
    this.#at = BLANK.lastIndex
  }

  get done(): boolean {
    return this.#at >= this.#content.length
  }

  peek(): string {
    return this.#content.charAt(this.#at)
  }

  /** The next token; with `wanted`, it must begin with one of these characters. */
  take(wanted?: string): { readonly start: number; readonly end: number; readonly text: string } {
    TOKEN.lastIndex = this.#at
    const text = TOKEN.exec(this.#content)?.[0]
    if (text === undefined || (wanted !== undefined && !wanted.includes(text.charAt(0)))) throw this.fault()
    const start = this.#at
    this.#at += text.length
    const end = this.#at
    this.#skipBlank()
    return { start, end, text }
  }

  /** What is wrong with what comes next. */
  get found(): string {
    return this.done ? 'the file ends too early' : `${JSON.stringify(this.peek())} is not expected here`
  }

  fault(): SlipwayError {
    const place = { file: this.#file, ...positionAt(this.#content, this.#at) }
    return new SlipwayError({ code: 'place-missing', message: `${this.#file} is not valid JSON: ${this.found}.`, hint: 'Correct the file; its version can be changed only then.', place })
  }
}

/** An open object or array, and the key or index that is being read in it. */
interface Level {
  readonly close: '}' | ']'
  key: string | number
}

function readKey(tokens: Tokens): string {
  const key = JSON.parse(tokens.take('"').text) as string
  tokens.take(':')
  return key
}

/** Calls `visit` with the path and the token of every string value. Throws SlipwayError `place-missing` when the text is no JSON. */
function eachString(tokens: Tokens, visit: (path: Path, token: { start: number; end: number; text: string }) => void): void {
  const open: Level[] = []
  for (;;) {
    const token = tokens.take('"{[-0123456789tfn')
    const close = token.text === '{' ? '}' : token.text === '[' ? ']' : undefined
    if (close !== undefined && tokens.peek() !== close) {
      open.push({ close, key: close === '}' ? readKey(tokens) : 0 })
      continue
    }
    if (close !== undefined) tokens.take(close)
    else if (token.text.startsWith('"')) visit(open.map(({ key }) => key), token)
    while (open.length > 0 && tokens.peek() === open.at(-1)?.close) {
      tokens.take()
      open.pop()
    }
    const level = open.at(-1)
    if (level === undefined) break
    tokens.take(',')
    level.key = typeof level.key === 'number' ? level.key + 1 : readKey(tokens)
  }
  if (!tokens.done) throw tokens.fault()
}

function readAt(file: string, content: string, paths: readonly Path[]): Reading {
  const spots: Spot[] = []
  eachString(new Tokens(file, content), (path, { start, end, text }) => {
    const wanted = paths.some((one) => one.length === path.length && one.every((key, index) => key === path[index]))
    if (wanted) spots.push({ start: start + 1, end: end - 1, written: text.slice(1, -1), form: 'semver' })
  })
  return { spots }
}

/** The top-level `version` of a package.json. Throws SlipwayError `place-missing` when the text is no JSON. */
export function readPackageJson(content: string, file: string): Reading {
  return readAt(file, content, [['version']])
}

/** The project's own version in a package-lock.json: at the top and in `packages[""]`. Throws as `readPackageJson` does. */
export function readPackageLock(content: string, file: string): Reading {
  return readAt(file, content, [['version'], ['packages', '', 'version']])
}

/** Where and why a text is no JSON; undefined when it is. */
export function jsonFault(content: string, file: string): { readonly place: Place; readonly found: string } | undefined {
  const tokens = new Tokens(file, content)
  try {
    eachString(tokens, () => undefined)
    return undefined
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return { place: error.problems[0].place ?? { file }, found: tokens.found }
  }
}
