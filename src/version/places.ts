// The places in files that carry a version: reading and changing them, keeping every other character.
import { SlipwayError } from '../model/error.ts'
import { readPattern } from './pattern-place.ts'
import { fromPep440, toPep440, tryPep440 } from './pep440.ts'
import { formatOf } from './place-formats.ts'
import { parseSemVer, tryParse } from './semver.ts'
import { positionAt } from './spot.ts'
import type { Problem } from '../model/error.ts'
import type { Pattern } from './pattern-place.ts'
import type { VersionPlace } from './place-formats.ts'
import type { Reading, Spot, VersionForm } from './spot.ts'

/** A place in a file, and the version that it holds. */
export interface PlaceInFile {
  /** Shown in errors. */
  readonly path: string
  readonly content: string
  readonly place: VersionPlace
  /** SemVer. */
  readonly version: string
}

/** A found version: 1-based line and column of its first character. */
export interface FoundPlace {
  readonly line: number
  readonly column: number
  /** As it is written in the file. */
  readonly written: string
  readonly form: VersionForm
}

function acceptedTexts(version: string): readonly string[] {
  return [version, tryPep440(version) ?? version]
}

function patternOf(place: VersionPlace): Pattern | undefined {
  return typeof place === 'string' || place.search === undefined ? undefined : { search: place.search, replace: place.replace }
}

/** `accepted`: the texts that a pattern prefers among its matches. */
function readingOf({ path, content, place }: Omit<PlaceInFile, 'version'>, accepted: readonly string[]): Reading {
  const pattern = patternOf(place)
  if (pattern !== undefined) return readPattern(content, pattern, { file: path, accepted })
  const format = formatOf(path)
  if (format !== undefined) return format.read(content, path)
  throw new SlipwayError({
    code: 'config-invalid',
    message: `The file name of ${path} does not tell where its version stands.`,
    hint: `Name the text around the version: { path: ${path}, search: "version {version}" }.`,
  })
}

function missing({ path, content, place }: Omit<PlaceInFile, 'version'>, { why }: Reading): SlipwayError {
  const position = why?.at === undefined ? {} : positionAt(content, why.at)
  const pattern = patternOf(place)
  const holds = pattern === undefined ? (formatOf(path)?.holds ?? 'the version') : JSON.stringify(pattern.search)
  return new SlipwayError({
    code: 'place-missing',
    message: `${path} holds no version${why === undefined ? '' : `: ${why.clause}`}.`,
    hint: why?.hint ?? `Write ${holds} in ${path}, or configure the file that holds the version instead.`,
    place: { file: path, ...position },
  })
}

function mismatch({ path, content, place, version }: PlaceInFile, spot: Spot): Problem {
  const otherwise = patternOf(place) === undefined ? formatOf(path)?.otherwise : undefined
  return {
    code: 'place-mismatch',
    message: `${path} holds the version ${spot.written}, but the current version is ${version}.`,
    hint: `Write ${spot.form === 'pep440' ? (tryPep440(version) ?? version) : version} there, so that every place agrees before the release.${otherwise === undefined ? '' : ` ${otherwise}`}`,
    place: { file: path, ...positionAt(content, spot.start) },
  }
}

function checkedReading(place: PlaceInFile): Reading {
  parseSemVer(place.version)
  const accepted = acceptedTexts(place.version)
  const reading = readingOf(place, accepted)
  if (reading.spots.length === 0) throw missing(place, reading)
  const [first, ...more] = reading.spots.filter(({ written }) => !accepted.includes(written)).map((spot) => mismatch(place, spot))
  if (first !== undefined) throw new SlipwayError(first, ...more)
  return reading
}

/**
 * Where the version stands, in the order of the file; it may be written in its SemVer or its PEP 440 form. Throws SlipwayError
 * `place-missing` when the place is not in the file, `place-mismatch` (one problem for each) when it holds another version,
 * `config-invalid` when neither file name nor pattern tells the place.
 */
export function findPlaces(place: PlaceInFile): readonly FoundPlace[] {
  return checkedReading(place).spots.map(({ start, written, form }) => ({ ...positionAt(place.content, start), written, form }))
}

/**
 * The version that a place holds, as SemVer: the first, when it stands there several times. Throws SlipwayError `place-missing` and
 * `config-invalid` as `findPlaces` does, and `version-invalid` with the place when what stands there is no version.
 */
export function heldVersion(place: Omit<PlaceInFile, 'version'>): string {
  const reading = readingOf(place, [])
  const [first] = reading.spots
  if (first === undefined) throw missing(place, reading)
  const version = tryParse(first.written) === undefined ? fromPep440(first.written) : first.written
  if (version !== undefined) return version
  throw new SlipwayError({
    code: 'version-invalid',
    message: `${place.path} holds "${first.written}", which is not a semantic version.`,
    hint: 'Write it as MAJOR.MINOR.PATCH, for example 2.1.0.',
    place: { file: place.path, ...positionAt(place.content, first.start) },
  })
}

/** A change of version in one place. */
export interface PlaceEdit {
  readonly path: string
  readonly content: string
  readonly place: VersionPlace
  /** SemVer: what the place holds. */
  readonly from: string
  /** SemVer: what it is to hold. */
  readonly to: string
  /** The PEP 440 form of `to`, where the caller has it at hand. */
  readonly pep440?: string | undefined
  /** The day of the release, YYYY-MM-DD, for formats that carry it beside the version. */
  readonly date?: string | undefined
}

/**
 * The content with the version changed and every other character kept. setup.py, pyproject.toml and `__version__` get the PEP 440
 * form (2.1.0rc1); every other place gets SemVer (2.1.0-rc.1). A new version brings its date along where the file has one. Throws what `findPlaces` throws, and SlipwayError
 * `version-unmappable` when a Python file cannot carry the new version.
 */
export function editPlace({ path, content, place, from, to, pep440, date }: PlaceEdit): string {
  const { spots, dates = [] } = checkedReading({ path, content, place, version: from })
  parseSemVer(to)
  const changes = spots.map(({ start, end, form, template }) => {
    const version = form === 'pep440' ? (pep440 ?? toPep440(to)) : to
    return { start, end, text: (template ?? '{version}').replaceAll('{version}', version) }
  })
  if (date !== undefined && from !== to) changes.push(...dates.map(({ start, end }) => ({ start, end, text: date })))
  let edited = ''
  let at = 0
  for (const { start, end, text } of changes.toSorted((a, b) => a.start - b.start)) {
    edited += content.slice(at, start) + text
    at = end
  }
  return edited + content.slice(at)
}
