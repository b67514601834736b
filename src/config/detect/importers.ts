// The settings of other release tools: each importer reads one tool's files, and what it finds counts before every guess.
import { found, type Detected, type ProjectFacts } from './facts.ts'

/** Reads the settings of one other tool. Pure. Undefined where the project does not use it. */
export interface Importer {
  /** The tool's name, for people. */
  readonly tool: string
  read(facts: ProjectFacts): Detected | undefined
}

/** THE list of importers. */
export const IMPORTERS: readonly Importer[] = []

/** The files by which other tools are known. */
const TOOLS: readonly { readonly tool: string; readonly files: RegExp }[] = [
  { tool: 'semantic-release', files: /^(?:\.releaserc(?:\.\w+)?|release\.config\.[cm]?js)$/ },
  { tool: 'release-please', files: /^\.?release-please-(?:config|manifest)\.json$/ },
  { tool: 'release-it', files: /^\.release-it\.\w+$/ },
  { tool: 'changesets', files: /^\.changeset\/config\.json$/ },
  { tool: 'GoReleaser', files: /^\.goreleaser\.ya?ml$/ },
  { tool: 'bumpversion', files: /^\.?bumpversion\.(?:cfg|toml)$/ },
]

/** What all importers found, and a remark for each other tool that none of them reads. */
export function readImports(facts: ProjectFacts): Detected {
  const read = IMPORTERS.flatMap(({ tool, read: from }) => {
    const result = from(facts)
    return result === undefined ? [] : [{ tool, result }]
  })
  const others = TOOLS.flatMap(({ tool, files }) => {
    const file = facts.paths.find((path) => files.test(path))
    return file === undefined || read.some((each) => each.tool === tool) ? [] : [`${file} is for ${tool}: its settings were not taken over. Slipway writes the version itself, so ${tool} is no longer needed once a release has gone well.`]
  })
  return found({
    guesses: read.flatMap(({ result }) => result.guesses),
    findings: read.flatMap(({ result }) => result.findings),
    remarks: [...read.flatMap(({ result }) => result.remarks), ...others],
    questions: read.flatMap(({ result }) => result.questions),
  })
}
