// Everything that a repository tells about how it could be released.
import type { Problem } from '../../model/error.ts'
import { compareSemVer, tryParse } from '../../version/index.ts'
import { changelogPath, detectChangelog } from './changelog.ts'
import { detectChecks } from './checks.ts'
import { found, textOf, together, type Detected, type Guess, type ProjectFacts } from './facts.ts'
import { LISTS } from '../import/index.ts'
import { detectImage } from './image.ts'
import { adopt, importedPlaces, importedText, readImports, toolRemarks } from './imports.ts'
import { installFirst, readNode } from './node.ts'
import { detectPlaces } from './places.ts'
import { readPython, versionFromTags } from './python.ts'
import { detectRepository, githubRepository, tagsOf, type Tags } from './repository.ts'
import { readWorkflows } from './workflows.ts'

/** Guesses a config. Without a guess for `version.places` the project is of no sort that is known. */
export function detect(facts: ProjectFacts): Detected {
  const python = readPython(facts)
  const node = readNode(facts)
  const { steps, detected: workflows } = readWorkflows(facts)
  const repository = githubRepository(facts.remote?.url)
  const tags = tagsOf(facts.tags)
  const name = nameOf(facts, { python: python?.package.name, node: node?.package?.name })
  const image = detectImage(facts, { repository, steps, wheel: python === undefined || python.package.isPrivate ? undefined : python.package.name })
  const imageName = textOf(image.guesses.find(({ setting }) => setting === 'image.repository'))
  const imports = readImports(facts)
  const changelog = importedText(imports, 'changelog')
  const places = detectPlaces(facts, {
    first: python?.package.version,
    names: [textOf(name), python?.package.name, node?.package?.name, repository, imageName].filter((each) => each !== undefined),
    changelog: changelogPath(facts, changelog),
    imported: importedPlaces(imports),
  })
  const shown = together([
    found({ guesses: [name] }),
    places.detected,
    found({ findings: [...behindTags(places.version, tags), ...withoutPlace(facts, python?.package.version === undefined)] }),
    detectChangelog(facts, tags.last, changelog),
    detectRepository(facts, tags),
    detectChecks(facts, { node: node?.package, packaging: python?.package.packaging, steps }),
    python?.detected ?? found({}),
    node?.detected ?? found({}),
    image,
    workflows,
  ])
  const adopted = adopt(imports, { guesses: shown.guesses, refused: places.refused, weak: weakIn(shown.guesses, tags), install: installFirst(node?.package, facts) })
  const all = together([
    shown,
    found({ guesses: adopted.guesses, findings: imports.problems, imported: adopted.lines, remarks: toolRemarks(adopted) }),
  ])
  const instead = new Map(adopted.guesses.filter(({ setting }) => !LISTS.includes(setting)).map((guess) => [guess.setting, guess]))
  return { ...all, guesses: firstOfEach(all.guesses.map((guess) => instead.get(guess.setting) ?? guess)) }
}

/** Settings that are guessed for want of anything better: the usual tag where there is none yet, and the image after the repository's name. */
function weakIn(guesses: readonly Guess[], { last }: Tags): readonly string[] {
  const image = guesses.find(({ setting }) => setting === 'image.repository')
  const name = guesses.find(({ setting }) => setting === 'name')
  return [
    ...(last === undefined ? ['git.tag'] : []),
    ...(image?.place === undefined ? ['image.repository'] : []),
    ...(/^it is the (?:folder|repository)'s/.test(name?.because ?? '') ? ['name'] : []),
    'image.platforms',
  ]
}

/** One guess for each setting, the first; lists have each item once. */
function firstOfEach(guesses: readonly Guess[]): readonly Guess[] {
  const keyOf = ({ setting, value }: Guess): string => {
    if (!LISTS.includes(setting)) return setting
    const named = typeof value === 'object' && value !== null && 'name' in value ? value.name : value
    return `${setting} ${JSON.stringify(named)}`
  }
  const keys = guesses.map(keyOf)
  return guesses.filter((_, index) => keys.indexOf(keys[index] ?? '') === index)
}

function nameOf(facts: ProjectFacts, { python, node }: { readonly python: string | undefined; readonly node: string | undefined }): Guess {
  const repository = githubRepository(facts.remote?.url)?.split('/')[1]
  const [value, because, file] = python !== undefined ? [python, 'it is the Python package\'s name', undefined] as const
    : node !== undefined ? [node.replace(/^@[^/]+\//, ''), 'package.json names it', 'package.json'] as const
      : repository !== undefined ? [repository, 'it is the repository\'s name', undefined] as const
        : [facts.folder, 'it is the folder\'s name', undefined] as const
  return { setting: 'name', value: value.slice(0, 100), because, ...(file !== undefined && { place: { file } }) }
}

function behindTags(version: string | undefined, { last }: Tags): readonly Problem[] {
  const [carried, tagged] = [tryParse(version ?? ''), tryParse(last?.version ?? '')]
  if (carried === undefined || tagged === undefined || last === undefined || compareSemVer(carried, tagged) >= 0) return []
  return [{
    code: 'place-mismatch', message: `The files carry ${version ?? ''}, but the last tag is ${last.tag}.`,
    hint: `The next release goes on from ${last.version} and writes its version to the files; nothing need be done if that is right.`,
  }]
}

function withoutPlace(facts: ProjectFacts, isOpen: boolean): readonly Problem[] {
  const tagged = isOpen ? versionFromTags(facts) : undefined
  return tagged === undefined ? [] : [{
    code: 'place-missing', message: `${tagged.tool} takes the version from git tags, but a package that Slipway tests before it tags must carry its version in a file.`,
    hint: `Write the version to a file (\`version = "…"\` in pyproject.toml, or \`__version__\`), and take ${tagged.tool} out.`, place: tagged.place,
  }]
}
