// The third pass: what no schema can say, one small rule each.
import type { Problem } from '../model/error.ts'
import { CALENDAR_RULES } from './calendar-rules.ts'
import type { Path } from './config.ts'
import { isLiteralSecret, variableFor } from './literal-secret.ts'
import type { Draft, DraftPlace } from './normalise.ts'
import { pathText } from './issue.ts'
import { repositoryPath } from './path.ts'
import type { Source } from './source.ts'

/** A rule's finding: where, what, and what to do. */
export interface Finding {
  readonly at: Path
  readonly message: string
  readonly hint: string
}

/** One thing that no schema can say. */
export type Rule = (draft: Draft) => readonly Finding[]

const RULES: readonly Rule[] = [namesAreOneLine, pathsStayInside, searchesHoldTheVersion, placesStandOnce, changelogIsNoPlace, ...CALENDAR_RULES]

/** Every rule that the config breaks. */
export function brokenRules(draft: Draft, source: Source): readonly Problem[] {
  return RULES.flatMap((rule) => rule(draft)).map(({ at, message, hint }) => ({ code: 'config-invalid', message, hint, place: source.place(at) }))
}

/** The paths of values that are tokens themselves, and a problem for each that does not show it. */
export function literalSecrets(source: Source): readonly { readonly at: Path; readonly problem: Problem }[] {
  return source.texts().filter(({ path, text }) => isLiteralSecret(path, text)).map(({ path, text }) => ({
    at: path,
    problem: {
      code: 'config-invalid',
      message: `"${pathText(path)}" holds a token itself, but a config may only name the variable that holds it.`,
      hint: `Write the variable's name (for example ${variableFor(text)}), and withdraw this token: whoever can read the file can use it.`,
      place: source.place(path),
    },
  }))
}

function namesAreOneLine(draft: Draft): readonly Finding[] {
  if (draft.name === '' || (draft.name.trim() === draft.name && !/[\x00-\x1f\x7f]/.test(draft.name))) return []
  return [{ at: ['name'], message: '"name" must be one line without spaces around it.', hint: 'Write the plain name, e.g. my-project.' }]
}

function pathsStayInside(draft: Draft): readonly Finding[] {
  const changelog = draft.changelog.written === '' ? [] : [{ at: ['changelog'], written: draft.changelog.written }]
  return [...draft.places.map((place) => ({ at: pathOf(place), written: place.written })), ...changelog].flatMap(({ at, written }) => {
    const read = repositoryPath(written)
    return 'path' in read ? [] : [{ at, message: `The path "${written}" in "${pathText(at)}" ${read.wrong}.`, hint: read.hint }]
  })
}

function searchesHoldTheVersion(draft: Draft): readonly Finding[] {
  return draft.places.flatMap((place) => {
    const needed = (['search', 'replace'] as const).filter((key) => place[key] !== undefined && !place[key].includes('{version}'))
    // Without a replacement of its own a place has the text of its search, whose fault is told once.
    return needed.filter((key) => key === 'search' || place.replace !== place.search).map((key) => ({
      at: [...place.at, key],
      message: `"${pathText([...place.at, key])}" must contain {version}, which stands for the version.`,
      hint: `Write the text around the version, e.g. ${key}: "my-project=={version}".`,
    }))
  })
}

function placesStandOnce(draft: Draft): readonly Finding[] {
  const seen = new Map<string, DraftPlace>()
  return draft.places.flatMap((place) => {
    const key = JSON.stringify([place.path, place.search])
    const first = seen.get(key)
    if (first !== undefined) return [{ at: pathOf(place), message: `The place "${place.path}" stands twice; it is first "${pathText(first.at)}".`, hint: 'Keep one of the two, or give each its own "search".' }]
    seen.set(key, place)
    return []
  })
}

function changelogIsNoPlace(draft: Draft): readonly Finding[] {
  return draft.places.filter(({ path }) => path === draft.changelog.path).map((place) => ({
    at: pathOf(place),
    message: `"${place.path}" is the changelog, which is written by its own rules and cannot be a version place too.`,
    hint: `Remove "${pathText(place.at)}".`,
  }))
}

/** Where a place's path is written: the item itself, or its key `path`. */
function pathOf(place: DraftPlace): Path {
  return place.search === undefined ? place.at : [...place.at, 'path']
}
