// The changelog: where it is, and what keeps a release from being written into it.
import { SlipwayError, type Problem } from '../../model/error.ts'
import { parseChangelog, unreleasedOf } from '../../changelog/index.ts'
import { compareSemVer, tryParse } from '../../version/index.ts'
import { baseName, depthOf, found, type Detected, type ProjectFacts } from './facts.ts'

const NAMES = [/^changelog\.md$/i, /^changes\.md$/i, /^history\.md$/i, /^news\.md$/i, /^release[-_]?notes\.md$/i]
const USUAL = 'CHANGELOG.md'

/** A changelog to begin with, for a project that has none. */
export const FIRST_CHANGELOG = `# Changelog

What changes for users, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## [Unreleased]
`

/** The path of the changelog, the preferred one where it is there; undefined when there is none. */
export function changelogPath({ texts }: ProjectFacts, preferred?: string): string | undefined {
  if (preferred !== undefined && texts.has(preferred)) return preferred
  const near = [...texts.keys()].filter((path) => depthOf(path) === 0 || /^docs?\/[^/]+$/.test(path)).toSorted((a, b) => depthOf(a) - depthOf(b))
  return NAMES.map((name) => near.find((path) => name.test(baseName(path)))).find((path) => path !== undefined)
}

/** Guesses the changelog, and says what would stop a release at it; `last` is the last tag and its version, `preferred` what another tool writes. */
export function detectChangelog(facts: ProjectFacts, last: { readonly tag: string; readonly version: string } | undefined, preferred?: string): Detected {
  const path = changelogPath(facts, preferred)
  if (path === undefined) {
    const begun = preferred ?? USUAL
    const other = facts.paths.find((each) => /^(?:docs?\/)?(?:changelog|changes|history|news)(?:\.(?:rst|txt))?$/i.test(each))
    const remarks = other === undefined ? [] : [`${other} is not Markdown, so Slipway cannot write to it; ${begun} is begun beside it.`]
    return found({ guesses: [{ setting: 'changelog', value: begun, because: 'there is none yet, so one with an Unreleased heading is written', ...(begun === USUAL && { isDefault: true as const }) }], remarks })
  }
  const guess = { setting: 'changelog', value: path, because: 'it is there', place: { file: path }, ...(path === USUAL && { isDefault: true as const }) }
  return found({ guesses: [guess], findings: problemsIn(path, facts.texts.get(path) ?? '', last) })
}

/** What a function throws for people to read; nothing when it gives a value. */
function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read()
    return []
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return error.problems
  }
}

function problemsIn(file: string, content: string, last: { readonly tag: string; readonly version: string } | undefined): readonly Problem[] {
  const broken = problemsOf(() => parseChangelog(file, content))
  if (broken.length > 0) return broken
  const document = parseChangelog(file, content)
  const [newest] = document.sections.flatMap(({ version, line }) => version === undefined ? [] : [{ version, line }])
  const [written, tagged] = [tryParse(newest?.version ?? ''), tryParse(last?.version ?? '')]
  const stops = last !== undefined && tagged !== undefined && (written === undefined || compareSemVer(written, tagged) < 0)
  return [
    ...problemsOf(() => unreleasedOf(document)),
    ...(stops ? [{
      code: 'changelog-invalid' as const, message: `${file} stops ${newest === undefined ? 'before its first version' : `at ${newest.version}`}, but the last tag is ${last.tag}.`,
      hint: `Add the sections up to ${last.version}, so that the next one follows them.`, place: { file, line: newest?.line ?? 1 },
    }] : []),
  ]
}
