// bump2version and bump-my-version: .bumpversion.cfg, setup.cfg, .bumpversion.toml and pyproject.toml.
import { at, entriesOf, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readIni } from '../read/ini.ts'
import { readToml } from '../read/toml.ts'
import { anyway, fromDocument, gives, givesPlace, left, orItself, ruled, whether } from './outcome.ts'
import type { Found, Importer, Outcome, Rules } from './outcome.ts'
import { isChangelog, placeIn, versionText } from './place.ts'

const VARIABLES = /\{(?:current|new)_version\}/g
const OTHERS = /\{[^{}]*\}/

/** A text of bumpversion with `{version}` in it; undefined when it is made of other variables. */
function text(written: string): string | undefined {
  const found = versionText(written.replaceAll(/\{\{|\}\}/g, (braces) => (braces === '{{' ? '\u0001' : '\u0002')), VARIABLES, OTHERS)
  return found?.replaceAll('\u0001', '{').replaceAll('\u0002', '}')
}

/** SemVer, in the words of `serialize`: nothing but its numbers and a prerelease. */
const SEMVER = /^\{major\}\.\{minor\}\.\{patch\}(?:[-.]?\{\w+\}[-.]?\{\w+\})?$/

function serialized(node: Node): Outcome {
  const forms = itemsOf(node).flatMap((item) => String(textAt(item) ?? '').split('\n')).map((form) => form.trim()).filter((form) => form !== '')
  return forms.every((form) => SEMVER.test(form))
    ? anyway('Slipway counts as SemVer does, and writes prereleases to Python files in their PEP 440 form.')
    : left(`Slipway writes MAJOR.MINOR.PATCH with an optional prerelease, and no other form (${forms.join(', ')}).`)
}

function named(node: Node): Outcome {
  const tag = text(textAt(node) ?? '')
  return tag === undefined ? left('Slipway fills nothing but {version} into a tag\'s name. Write `git.tag` by hand.') : gives('git.tag', tag)
}

const PARTS = left('Slipway numbers prereleases by itself: -alpha.1, -beta.1, -rc.1.')
const HOOKS = left('Slipway runs no command around its commit. What must pass goes under `checks`.')

const RULES: Rules = {
  current_version: anyway('Slipway reads the version from the first of `version.places`.'),
  commit: whether(anyway('Slipway commits every release, on a branch of its own.'), left('Slipway always commits a release, on a branch of its own that is merged when everything passed.')),
  tag: whether(anyway('Slipway tags every release.'), left('Slipway always tags a release, once it is merged.')),
  tag_name: named,
  message: left('Slipway writes the message of the commit itself: "chore: bump version to 2.1.0".'),
  tag_message: left('Slipway writes the message of the tag itself: "Release 2.1.0".'),
  sign_tags: whether(left('Slipway\'s tags are annotated and not signed. What it signs is the provenance of each artifact: see `provenance`.'), anyway('Slipway\'s tags are annotated and not signed.')),
  allow_dirty: whether(left('Slipway releases what is committed and pushed, and nothing else.'), anyway('Slipway releases what is committed and pushed, and nothing else.')),
  commit_args: left('Slipway makes the commit itself, without git\'s command line.'),
  parse: anyway('Slipway reads versions as SemVer or PEP 440.'),
  serialize: serialized,
  search: anyway('It is taken as the text of each file below that has none of its own.'),
  replace: anyway('It is taken as the new text of each file below that has none of its own.'),
  regex: whether(left('Slipway looks for texts, not for regular expressions. See the lines of the files.'), anyway('Slipway looks for texts.')),
  ignore_missing_version: whether(left('A place without the version stops a release before anything is changed.'), anyway('A place without the version stops a release.')),
  ignore_missing_files: whether(left('A place that is not there stops a release before anything is changed.'), anyway('A place that is not there stops a release.')),
  no_configured_files: left('Which places are written is told by `version.places` alone.'),
  setup_hooks: HOOKS,
  pre_commit_hooks: HOOKS,
  post_commit_hooks: HOOKS,
  moveable_tags: left('Slipway moves no git tags; tags of images move by `image.floating`.'),
  'parts.*': PARTS,
  'part.*': PARTS,
}

/** What one file's settings say, with the tool's defaults where they are silent. */
interface FileSettings {
  readonly path: string
  readonly own: Node
  readonly all: Node
  readonly isGlob: boolean
}

function isOn(node: Node | undefined): boolean {
  return node?.is === 'scalar' && /^(?:true|yes|on|1)$/i.test(String(node.value))
}

function fileOutcome({ path, own, all, isGlob }: FileSettings): Outcome {
  if (isGlob || /[*?[\]]/.test(path)) return left('Slipway takes no patterns of paths. Give each file its own item under `version.places`.')
  const search = textAt(at(own, 'search')) ?? textAt(at(all, 'search')) ?? '{current_version}'
  const replace = textAt(at(own, 'replace')) ?? textAt(at(all, 'replace')) ?? '{new_version}'
  if (isChangelog(path)) return gives('changelog', path)
  if (isOn(at(own, 'regex') ?? at(all, 'regex'))) return left(`Slipway looks for texts, not for regular expressions. Write the place by hand: { path: ${path}, search: "text around {version}" }.`)
  const serialize = at(own, 'serialize')
  if (serialize !== undefined && serialized(serialize).outcome === 'left') return left(`It holds a part of the version alone, and Slipway writes whole versions. Write ${path} without it, or make it of the version in the build.`)
  const [from, to] = [text(search), text(replace)]
  if (from === undefined || to === undefined) return left(`Its texts hold other variables than the version, or none. Write the place by hand: { path: ${path}, search: "text around {version}" }.`)
  const place = placeIn(path, from, to)
  return place === undefined ? left('Its path is none within the repository.') : givesPlace(place)
}

function fileSettings(entries: readonly Entry[], before: string, outcome: Outcome): readonly Found[] {
  return entries.map(({ key, place }) => {
    const setting = `${before} ${key}`
    if (['filename', 'glob', 'search', 'replace', 'serialize', 'parse', 'regex'].includes(key)) return { ...(outcome.outcome === 'became' && key !== 'filename' && key !== 'glob' ? anyway(`It is part of what ${before} became.`) : outcome), setting, place }
    const [found] = ruled({ is: 'map', place, entries: entries.filter((entry) => entry.key === key) }, RULES)
    return { ...(found ?? left('Slipway has no such setting.')), setting, place }
  })
}

function fromIni(root: Node): readonly Found[] {
  const all: Node = at(root, 'bumpversion') ?? root
  return entriesOf(root).flatMap(({ key, place, value }): readonly Found[] => {
    if (key === 'bumpversion') return ruled(value, RULES, '')
    const [, kind, path] = /^bumpversion:(\w+)(?:\s*\([^)]*\))?:(.+)$/.exec(key) ?? []
    if (kind === undefined || path === undefined) return []
    const before = `[${key}]`
    if (kind === 'part') return entriesOf(value).length === 0 ? [{ ...PARTS, setting: before, place }] : entriesOf(value).map((entry) => ({ ...PARTS, setting: `${before} ${entry.key}`, place: entry.place }))
    const outcome = fileOutcome({ path, own: value, all: at(root, 'bumpversion') === undefined ? { is: 'map', place, entries: [] } : all, isGlob: kind === 'glob' })
    return [{ ...outcome, setting: before, place }, ...fileSettings(entriesOf(value), before, outcome)]
  })
}

function fromToml(root: Node): readonly Found[] {
  const all = at(root, 'tool', 'bumpversion')
  if (all?.is !== 'map') return []
  return all.entries.flatMap((entry): readonly Found[] => {
    if (entry.key !== 'files') return ruled({ ...all, entries: [entry] }, RULES)
    return orItself(itemsOf(entry.value).flatMap((own): readonly Found[] => {
      const [filename, glob] = [textAt(at(own, 'filename')), textAt(at(own, 'glob'))]
      const path = filename ?? glob ?? '?'
      return fileSettings(entriesOf(own), `files ${path}`, fileOutcome({ path, own, all, isGlob: filename === undefined }))
    }), entry)
  })
}

/** bumpversion, bump2version and bump-my-version. */
export const bumpversion: Importer = {
  tool: 'bumpversion',
  files: ['.bumpversion.cfg', 'setup.cfg', '.bumpversion.toml', 'pyproject.toml'],
  read: (file, content) => {
    if (file.endsWith('.toml')) return fromDocument(readToml(file, content), fromToml)
    const read = readIni(file, content)
    // A line of setup.cfg that is for others alone is no business of this tool.
    return fromDocument(file === 'setup.cfg' ? { ...read, problems: [] } : read, fromIni)
  },
}
