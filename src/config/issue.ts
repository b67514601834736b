// A schema's issue turned into problems for people: which key, what it must be, where it stands and what to do.
import type { Problem } from '../model/error.ts'
import type { SchemaIssue } from '../model/target.ts'
import type { Path } from './config.ts'
import { nearest } from './nearest.ts'
import type { Source } from './source.ts'

/** What an issue is looked at with. */
export interface IssueContext {
  readonly source: Source
  /** Where in the document the value stands that the schema was given. */
  readonly root: Path
  /** The keys that the schema knows at a path below the root. */
  known(path: Path): readonly string[]
}

// The fields that zod adds to its issues: https://zod.dev/error-customization
interface Issue extends SchemaIssue {
  readonly expected?: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
  readonly values?: readonly unknown[]
  readonly options?: readonly unknown[]
  readonly origin?: string
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
}

/** The problems of one issue: one per unknown key, and of a union those of the branch that was meant. */
export function problemsOf(given: SchemaIssue, context: IssueContext): readonly Problem[] {
  const issue: Issue = given
  const path = [...context.root, ...issue.path]
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) return issue.keys.map((key) => unknownKey(key, path, context.known(issue.path), context.source))
  if (issue.code === 'invalid_union' && issue.errors !== undefined && issue.errors.length > 0) return unionProblems(issue, issue.errors, context)
  return [{ code: 'config-invalid', ...words(issue, path, context.source), place: context.source.place(path) }]
}

/** The problem of a key that means nothing where it stands. */
export function unknownKey(key: string, path: Path, known: readonly string[], source: Source): Problem {
  const meant = nearest(key, known)
  const where = path.length === 0 ? 'at the top level' : `under "${pathText(path)}"`
  const others = known.length === 0 ? 'Remove it.' : `Remove it, or use one of the keys that are known here: ${known.join(', ')}.`
  return {
    code: 'config-invalid',
    message: `The key "${key}" means nothing ${where}.`,
    hint: meant === undefined ? others : `Did you mean "${meant}"?`,
    place: source.place([...path, key], 'key'),
  }
}

/** `checks[0].run` */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}

function unionProblems(issue: Issue, branches: readonly (readonly Issue[])[], context: IssueContext): readonly Problem[] {
  const isOfAnotherType = (branch: readonly Issue[]) => branch.some((inner) => inner.path.length === 0 && (inner.code === 'invalid_type' || inner.code === 'invalid_value'))
  const meant = branches.filter((branch) => !isOfAnotherType(branch)).toSorted((a, b) => a.length - b.length)[0]
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, context))
  const path = [...context.root, ...issue.path]
  const expected = [...new Set(branches.flatMap((branch) => branch.map(expectation)).filter((text) => text !== undefined))]
  const must = issue.message.startsWith('Invalid') ? mustBe(path, expected.join(' or '), context.source) : sentence(path, issue.message)
  return [{ code: 'config-invalid', message: must, hint: correct(path, context.source), place: context.source.place(path) }]
}

function words(issue: Issue, path: Path, source: Source): { message: string; hint: string } {
  const found = valueAt(source, path)
  const expected = expectation(issue)
  if (found === undefined && path.length > 0) return missing(path, expected)
  if (isOwnMessage(issue)) return { message: sentence(path, issue.message), hint: correct(path, source) }
  if (issue.code === 'invalid_type' && expected !== undefined) return { message: mustBe(path, expected, source), hint: typeHint(issue.expected, path, source) }
  const options = issue.values ?? issue.options
  if (options !== undefined) {
    const known = options.map(String)
    const meant = typeof found === 'string' ? nearest(found, known) : undefined
    const must = expected ?? `one of ${known.join(', ')}`
    const message = typeof found === 'string' && found.length <= 40 ? `${quoted(path)} must be ${must}, not "${found}".` : mustBe(path, must, source)
    return { message, hint: meant === undefined ? `Write one of: ${known.join(', ')}.` : `Did you mean "${meant}"?` }
  }
  return { message: expected === undefined ? sentence(path, issue.message) : `${quoted(path)} must be ${expected}.`, hint: correct(path, source) }
}

// Zod's own sentences all begin with one of these words; another beginning is the message that the schema's author wrote.
function isOwnMessage(issue: Issue): boolean {
  return !/^(?:Invalid |Invalid$|Too |Unrecognized )/.test(issue.message)
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a mapping', record: 'a mapping', null: 'empty',
}

function expectation(issue: Issue): string | undefined {
  const options = issue.values ?? issue.options
  if (options !== undefined) return options.length === 1 ? String(options[0]) : `one of ${options.map(String).join(', ')}`
  if (issue.expected !== undefined) return TYPES[issue.expected] ?? issue.expected
  const counted = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' letters' : ''
  if (issue.code === 'too_small' && issue.minimum !== undefined) {
    if (Number(issue.minimum) === 1 && counted !== '') return issue.origin === 'array' ? 'a list of at least one item' : 'text that is not empty'
    return counted === '' ? `at least ${issue.minimum}` : `of at least ${issue.minimum}${counted}`
  }
  if (issue.code === 'too_big' && issue.maximum !== undefined) return counted === '' ? `at most ${issue.maximum}` : `of at most ${issue.maximum}${counted}`
  return undefined
}

function mustBe(path: Path, expected: string, source: Source): string {
  return `${quoted(path)} must be ${expected}, but it is ${typeOf(valueAt(source, path))}.`
}

function missing(path: Path, expected: string | undefined): { message: string; hint: string } {
  const above = path.slice(0, -1)
  const where = above.length === 0 ? 'at the top level' : `under "${pathText(above)}"`
  const key = String(path.at(-1))
  return { message: `The key "${key}" is missing ${where}.`, hint: `Add "${key}"${expected === undefined ? '' : `: it must be ${expected}`}.` }
}

function typeHint(expected: string | undefined, path: Path, source: Source): string {
  const letters = source.letters(path)
  if (expected === 'string' && letters) return `Put it in quotes: "${letters}".`
  if (expected === 'array') return 'Write a list, one item on each line, with "- " before it.'
  if (expected === 'object' || expected === 'record') return 'Write "key: value" lines, indented below it.'
  if (expected === 'number' || expected === 'int') return 'Write the number without quotes.'
  if (expected === 'boolean') return 'Write true or false, without quotes.'
  return correct(path, source)
}

function correct(path: Path, source: Source): string {
  return `Correct ${path.length === 0 ? 'the file' : quoted(path)} in ${source.file}, then look again with \`slipway check\`.`
}

function sentence(path: Path, message: string): string {
  const ended = /[.!?]$/.test(message) ? message : `${message}.`
  return /^[A-Z]/.test(ended) ? `${quoted(path)}: ${ended}` : `${quoted(path)} ${ended}`
}

function quoted(path: Path): string {
  return path.length === 0 ? 'The config' : `"${pathText(path)}"`
}

function valueAt(source: Source, path: Path): unknown {
  return path.reduce<unknown>((above, part) => (above !== null && typeof above === 'object' && Object.hasOwn(above, part) ? (above as Record<PropertyKey, unknown>)[part] : undefined), source.value)
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text'
  if (typeof value === 'number') return `the number ${value}`
  return typeof value === 'boolean' ? `the word ${value}` : 'a mapping'
}
