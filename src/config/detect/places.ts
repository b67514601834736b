// Every place that carries the version, those that disagree, and documents that name it.
import type { Problem } from '../../model/error.ts'
import { SlipwayError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { normalName } from '../../model/python-name.ts'
import { findPlaces, heldVersion, isKnownPlace, mentions, placePath, tryPep440, type VersionPlace } from '../../version/index.ts'
import type { ImportedPlace, Refusal } from './imports.ts'
import { baseName, depthOf, found, type Detected, type Guess, type ProjectFacts } from './facts.ts'

/** How files whose names Slipway's places do not know write their version. */
const PATTERNS: readonly { readonly files: RegExp; readonly version: RegExp }[] = [
  { files: /^\.bumpversion\.cfg$/, version: /^(current_version[ \t]*=[ \t]*)\S+()/m },
  { files: /^setup\.cfg$/, version: /^(version[ \t]*=[ \t]*)\d\S*()/m },
  { files: /^\.?bumpversion\.toml$/, version: /^(current_version[ \t]*=[ \t]*")[^"\n]+(")/m },
  { files: /^pyproject\.toml$/, version: /^(current_version[ \t]*=[ \t]*")[^"\n]+(")/m },
  { files: /(?:^|\/)Chart\.yaml$/, version: /^(version:[ \t]*["']?)[^\s"']+(["']?)/m },
  { files: /(?:^|\/)Chart\.yaml$/, version: /^(appVersion:[ \t]*["']?v?)[^\s"']+(["']?)/m },
]

/** Manifests count at the root alone: those further down are of something else. */
const AT_ROOT = /^(?:setup\.py|pyproject\.toml|package\.json|package-lock\.json|npm-shrinkwrap\.json|Cargo\.(?:toml|lock)|pom\.xml|CITATION\.cff|VERSION(?:\.txt)?|version(?:\.txt)?|setup\.cfg)$/
const DOCUMENT = /\.(?:md|rst|adoc)$|^(?:docker-)?compose[^/]*\.ya?ml$/i
/** Documents that name old versions on purpose. */
const HISTORY = /(?:^|\/)(?:change(?:s|log)?|history|news|releases?|release[-_]notes|upgrad\w*|migrat\w*)\b[^/]*$|(?:^|\/)(?:changelog|releases?|adr|decisions)\//i

/** What is known before the places are looked for. */
export interface PlaceContext {
  /** Where the build takes the version from. */
  readonly first: { readonly place: VersionPlace; readonly because: string } | undefined
  /** Names of the package, the image and the repository: what a document says before its version. */
  readonly names: readonly string[]
  readonly changelog: string | undefined
  /** The places that other tools write. */
  readonly imported: readonly ImportedPlace[]
}

/** The version that the project carries, and its places. */
export function detectPlaces(facts: ProjectFacts, context: PlaceContext): { readonly version: string | undefined; readonly detected: Detected; readonly refused: ReadonlyMap<string, Refusal> } {
  const own = candidatesOf(facts, context)
  const refused = new Map<string, Refusal>()
  const imported = context.imported.flatMap((each) => importedCandidate(facts, each, refused))
  const candidates = [...own, ...imported.filter(({ place }) => !own.some((other) => JSON.stringify(other.place) === JSON.stringify(place)))]
  const read = candidates.map((candidate) => ({ ...candidate, ...held(facts, candidate.place) }))
  const version = read.find((each) => each.version !== undefined)?.version
  if (version === undefined) return { version, detected: found({}), refused }
  const [leading] = read.filter((each) => each.version !== undefined)
  const guesses: Guess[] = []
  const findings: Problem[] = []
  for (const each of read) {
    const path = placePath(each.place)
    if (each.problem !== undefined && each.problem.code !== 'place-missing' && !/(?:^|\/)Chart\.yaml$/.test(path)) findings.push(each.problem)
    if (each.version === undefined) continue
    const taken = guesses.filter(({ value }) => placePath(value as VersionPlace) === path)
    if (each.from !== undefined && taken.length > 0 && overlap(facts, { place: each.place, others: taken, version })) {
      refused.set(JSON.stringify(each.place), { why: `${path} is a place already, and that line of it is written.`, isDone: true })
      continue
    }
    const wrong = disagreement(facts, each.place, version)
    const isChart = /(?:^|\/)Chart\.yaml$/.test(path) && typeof each.place !== 'string' && read.some((other) => placePath(other.place) === path && other.version === version)
    if (wrong !== undefined && isChart) continue
    if (wrong === undefined) guesses.push({ setting: 'version.places', value: each.place as Json, because: each.because, place: { file: path, line: lineIn(facts, each.place, version) } })
    else findings.push(...wrong.map((problem) => ({ ...problem, message: problem.message.replace(/\.$/, ` by ${placePath(leading?.place ?? '')}.`), hint: `Write ${version} there and add \`${path}\` to \`version.places\` in slipway.yaml. Until then a release leaves it as it is.` })))
  }
  const documents = inDocuments(facts, { ...context, version, known: new Set(own.map(({ place }) => placePath(place))), taken: guesses })
  return { version, detected: { ...documents, guesses: [...guesses, ...documents.guesses], findings: [...findings, ...documents.findings] }, refused }
}

interface Candidate {
  readonly place: VersionPlace
  readonly because: string
  /** Where another tool's settings name it, when nothing else does. */
  readonly from?: ImportedPlace['from']
}

/** A place of another tool, where it holds a version as that tool looks for it; else the reason why it is refused. */
function importedCandidate(facts: ProjectFacts, { place, from }: ImportedPlace, refused: Map<string, Refusal>): readonly Candidate[] {
  const path = placePath(place)
  const because = `${from.file}:${from.line} names it`
  if (!facts.texts.has(path)) {
    refused.set(JSON.stringify(place), { why: `${path} is not tracked.` })
    return []
  }
  if (held(facts, place).version !== undefined) return [{ place, because, from }]
  // A file of a known name may write its version otherwise than the name tells.
  const anywhere: VersionPlace = { path, search: '{version}' }
  if (typeof place === 'string' && /\.pyi?$/.test(path) && held(facts, anywhere).version !== undefined) return [{ place: anywhere, because, from }]
  refused.set(JSON.stringify(place), { why: `${path} does not hold ${typeof place === 'string' || place.search === undefined ? 'a version' : JSON.stringify(place.search)} as it stands. Write the place by hand, with the text around the version.` })
  return []
}

/** True when a place stands on a line that another place of the file writes already: one edit would undo the other's. */
function overlap(facts: ProjectFacts, { place, others, version }: { readonly place: VersionPlace; readonly others: readonly Guess[]; readonly version: string }): boolean {
  const lines = (each: VersionPlace): readonly number[] => { const path = placePath(each); return disagreement(facts, each, version) === undefined ? findPlaces({ path, content: facts.texts.get(path) ?? '', place: each, version }).map(({ line }) => line) : [] }
  const taken = new Set(others.flatMap(({ value }) => lines(value as VersionPlace)))
  return lines(place).some((line) => taken.has(line))
}

function candidatesOf(facts: ProjectFacts, { first, changelog }: PlaceContext): readonly Candidate[] {
  const known = facts.paths.filter((path) => facts.texts.has(path) && isKnownPlace(path) && path !== changelog && (!AT_ROOT.test(baseName(path)) || depthOf(path) === 0))
    .filter((path) => !/\.pyi?$/.test(path) || path === 'setup.py' || /^__version__\s*[:=]/m.test(facts.texts.get(path) ?? ''))
    // A chart whose app counts on its own is told by the pattern of the one that agrees.
    .filter((path) => baseName(path) !== 'Chart.yaml' || new Set([...(facts.texts.get(path) ?? '').matchAll(/^(?:version|appVersion):[ \t]*["']?v?([^\s"']+)/gm)].map((match) => match[1])).size < 2)
    .map((place): Candidate => ({ place, because: /\.py$/.test(place) && place !== 'setup.py' ? 'it assigns __version__' : 'it carries the version' }))
  const patterns = facts.paths.flatMap((path): readonly Candidate[] => PATTERNS.flatMap(({ files, version }) => {
    const text = facts.texts.get(path)
    const isOther = path !== 'pyproject.toml' && isKnownPlace(path) && (baseName(path) !== 'Chart.yaml' || known.some(({ place }) => place === path))
    const match = text === undefined || isOther || !files.test(path) ? null : version.exec(text)
    if (match === null || text === undefined) return []
    const [whole = '', before = '', after = ''] = match
    const search = `${before}{version}${after}`
    // Another line may hold the same text further in; a line's beginning tells them apart.
    const several = text.split(whole).length > 2 && match.index > 0 && text[match.index - 1] === '\n'
    return [{ place: { path, search: several ? `\n${search}` : search }, because: `it holds \`${search.replace(/\s+/g, ' ').trim()}\`` }]
  }))
  const order = (path: string): number => path === 'package.json' ? 0 : /lock\.json$|shrinkwrap/.test(path) ? 1 : 2
  const all: readonly Candidate[] = [...(first === undefined ? [] : [first]), ...known.toSorted((a, b) => order(placePath(a.place)) - order(placePath(b.place))), ...patterns]
  return all.filter(({ place }, index) => all.findIndex((other) => JSON.stringify(other.place) === JSON.stringify(place)) === index)
}

function held(facts: ProjectFacts, place: VersionPlace): { readonly version?: string; readonly problem?: Problem } {
  const path = placePath(place)
  try {
    return { version: heldVersion({ path, content: facts.texts.get(path) ?? '', place }) }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return { problem: error.problems[0] }
  }
}

function disagreement(facts: ProjectFacts, place: VersionPlace, version: string): readonly Problem[] | undefined {
  const path = placePath(place)
  try {
    findPlaces({ path, content: facts.texts.get(path) ?? '', place, version })
    return undefined
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return error.problems
  }
}

function lineIn(facts: ProjectFacts, place: VersionPlace, version: string): number {
  const path = placePath(place)
  return findPlaces({ path, content: facts.texts.get(path) ?? '', place, version })[0]?.line ?? 1
}

/** At most so many lines are named that a release leaves alone. */
const MOST_LINES = 5

function inDocuments(facts: ProjectFacts, { names, changelog, version, known, taken }: PlaceContext & { readonly version: string; readonly known: ReadonlySet<string>; readonly taken: readonly Guess[] }): Detected {
  const guesses: Guess[] = []
  const alone: string[] = []
  const wanted = names.filter((name) => name.length > 1).map(normalName)
  for (const [path, text] of facts.texts) {
    if (!DOCUMENT.test(path) || HISTORY.test(path) || path === changelog || known.has(path)) continue
    const searches = new Set<string>()
    const lines = text.split('\n')
    const written = new Set(taken.flatMap(({ value }) => placePath(value as VersionPlace) === path ? findPlaces({ path, content: text, place: value as VersionPlace, version }).map(({ line }) => line) : []))
    for (const number of mentions(text, version)) {
      if (written.has(number)) continue
      const search = searchIn(lines[number - 1] ?? '', { version, wanted })
      if (search === undefined) alone.push(`${path}:${number}`)
      else if (!searches.has(search)) {
        searches.add(search)
        guesses.push({ setting: 'version.places', value: { path, search }, because: `it names \`${search.replace('{version}', version)}\``, place: { file: path, line: number } })
      }
    }
  }
  const shown = alone.length > MOST_LINES ? `${alone.slice(0, MOST_LINES).join(', ')} and ${alone.length - MOST_LINES} more` : alone.join(', ')
  return found({ guesses, remarks: alone.length === 0 ? [] : [`${shown} ${alone.length === 1 ? 'names' : 'name'} ${version} too, without the project's name beside it; a release leaves ${alone.length === 1 ? 'it' : 'them'} as ${alone.length === 1 ? 'it is' : 'they are'}.`] })
}

/** The word around the version, when it names the project: `tiny-tool=={version}`. */
function searchIn(line: string, { version, wanted }: { readonly version: string; readonly wanted: readonly string[] }): string | undefined {
  const forms = [...new Set([version, tryPep440(version) ?? version])]
  const words = line.split(/[\s`"'()<>|,;]+|\]|\[/).map((word) => word.replace(/[.:]+$/, ''))
  for (const word of words) {
    const form = forms.find((each) => mentions(word, version).length > 0 && word.includes(each))
    if (form === undefined) continue
    const rest = word.replace(form, '{version}')
    if (!rest.includes(form) && wanted.some((name) => normalName(rest.replace('{version}', '')).includes(name))) return rest
  }
  return undefined
}
