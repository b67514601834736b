// What can be wrong with a YAML text before anybody asks what it means.
import { isScalar, visit } from 'yaml'
import type { Document } from 'yaml'
import type { Place, Problem } from '../model/error.ts'

/** Turns an offset in the text into a place. */
export type At = (offset: number) => Place

/** What keeps the text from being YAML at all, the first problem of each line. */
export function syntaxProblems(document: Document, at: At): Problem[] {
  const exhausted = document.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION')
  if (exhausted !== undefined) {
    return [{ code: 'config-invalid', message: 'The file is nested too deeply to be read.', hint: 'A config needs no more than five levels: remove the brackets or indents that go deeper.', place: at(exhausted.pos[0]) }]
  }
  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    const quote = error.code === 'MISSING_CHAR' && error.message.endsWith('quote') ? openingQuote(document, error.pos[0]) : undefined
    return { code: 'config-invalid', ...syntaxWords(error.code, error.message), place: at(quote ?? error.pos[0]) }
  })
  // One slip makes YAML's reader stumble again at the same spot: the first word about a line is the one that helps.
  return problems.filter((problem, index) => problems.findIndex((other) => other.place?.line === problem.place?.line) === index)
}

function syntaxWords(code: string, message: string): { message: string; hint: string } {
  switch (code) {
    case 'TAB_AS_INDENT': return { message: 'The line is indented with a tab, which YAML does not allow.', hint: 'Indent with spaces.' }
    case 'MULTIPLE_DOCS': return { message: 'A second YAML document begins here, but a config is one document.', hint: 'Remove the line "---" and what follows it.' }
    case 'NON_STRING_KEY': return { message: 'The key is not plain text.', hint: 'Write keys as plain words: "name: value".' }
    case 'TAG_RESOLVE_FAILED': return { message: 'The value has a YAML tag that means nothing here.', hint: 'Remove the word that begins with "!".' }
    case 'BAD_SCALAR_START': return { message: `The text is not valid YAML: ${message}.`, hint: 'Put the value in quotes.' }
    default: return { message: `The text is not valid YAML: ${message.replace('"quote', ' quote (")').replace("'quote", " quote (')")}.`, hint: 'Correct the line; look at its indent, quotes, brackets and colons.' }
  }
}

function openingQuote(document: Document, end: number): number | undefined {
  let found: number | undefined
  visit(document, { Scalar: (_, node) => { if (node.type?.startsWith('QUOTE') && node.range && node.range[0] < end && node.range[1] >= end) found = node.range[0] } })
  return found
}

/** Every alias: a config says what it means where it says it, and no text unfolds to more than it holds. */
export function aliasProblems(document: Document, at: At): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Alias: (_, node) => {
      problems.push({ code: 'config-invalid', message: `The value is an alias, "*${node.source}", and aliases are not allowed in a config.`, hint: 'Write the value out here, so that each line says all of what it means.', place: at(node.range?.[0] ?? 0) })
    },
  })
  return problems
}

/** Every key that stands in its mapping already. */
export function duplicateProblems(document: Document, at: At): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Map: (_, map) => {
      const first = new Map<string, number>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const offset = key.range?.[0] ?? 0
        const before = first.get(name)
        if (before === undefined) first.set(name, offset)
        else problems.push({ code: 'config-invalid', message: `The key "${name}" stands twice; it is first on line ${at(before).line}.`, hint: 'Keep one of the two.', place: at(offset) })
      }
    },
  })
  return problems
}
