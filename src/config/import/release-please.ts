// release-please: release-please-config.json and .release-please-manifest.json.
import { at, entriesOf, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readJson } from '../read/yaml.ts'
import { isKnownPlace } from '../../version/index.ts'
import { anyway, fromDocument, gives, givesPlace, left, orItself, ruled, whether } from './outcome.ts'
import type { Found, Importer, Outcome, Rules } from './outcome.ts'
import { placeIn } from './place.ts'
import { changelogOutcome } from './semantic-release.ts'

const BUMPS = left('Slipway raises the minor version for features, the patch version for the rest, and the major version for breaking changes. For another, name it: `slipway release minor`.')
const MANY = left('Slipway releases one version from one repository. Give this package a repository or a slipway.yaml of its own.')
const TITLE = left('Slipway writes the title of the pull request itself, by `github.title`.')
const LABELS = left('Slipway puts no labels on pull requests.')
const PLUGINS = left('Slipway has no plugins. What they do to versions is told by `version.places`.')

/** The file that a type of release always writes. */
const TYPES: Readonly<Record<string, string>> = { 'node': 'package.json', 'expo': 'package.json', 'rust': 'Cargo.toml', 'helm': 'Chart.yaml', 'maven': 'pom.xml', 'java': 'pom.xml', 'simple': 'version.txt' }

interface Package {
  /** Its folder with `/` at its end; empty for the root. */
  readonly folder: string
  readonly all: Node
  readonly own: Node
}

function option({ all, own }: Package, key: string): Node | undefined {
  return at(own, key) ?? at(all, key)
}

function typeOutcome(node: Node, { folder, ...rest }: Package): Outcome {
  const type = textAt(node) ?? ''
  const file = type === 'simple' ? (textAt(option({ folder, ...rest }, 'version-file')) ?? TYPES[type]) : TYPES[type]
  const place = file === undefined ? undefined : placeIn(`${folder}${file}`)
  return place === undefined ? anyway('Slipway looks for the files that carry the version, whatever they are of.') : givesPlace(place)
}

/** A tag is made of component, separator, `v` and version, each of which may be left out. */
function tagOutcome(where: Package): Outcome {
  const isOff = (key: string): boolean => { const node = option(where, key); return node?.is === 'scalar' && node.value === false }
  const component = textAt(option(where, 'component')) ?? textAt(option(where, 'package-name'))
  const withComponent = !isOff('include-component-in-tag')
  if (withComponent && component === undefined) return left('The name of the component in the tag is not written here. Write `git.tag` by hand, as the last tag is.')
  const before = withComponent ? `${component ?? ''}${textAt(option(where, 'tag-separator')) ?? '-'}` : ''
  return gives('git.tag', `${before}${isOff('include-v-in-tag') ? '' : 'v'}{version}`)
}

/** What stands around the version at a path within JSON, TOML, YAML or XML: its last key. */
function searchFor(type: string, path: string): string | undefined {
  const key = /([\w-]+)(?:\/text\(\))?["'\]]*$/.exec(path)?.[1]
  if (key === undefined) return undefined
  switch (type) {
    case 'json': return `"${key}": "{version}"`
    case 'toml': return `${key} = "{version}"`
    case 'yaml': return `${key}: {version}`
    case 'xml': return `<${key}>{version}</${key}>`
    default: return undefined
  }
}

function extraFile(item: Node, { folder }: Package): Outcome {
  const written = textAt(item) ?? textAt(at(item, 'path')) ?? ''
  const path = written.startsWith('/') ? written.slice(1) : `${folder}${written}`
  const type = textAt(at(item, 'type')) ?? 'generic'
  const within = textAt(at(item, 'jsonpath')) ?? textAt(at(item, 'xpath'))
  const isGlob = /[*?]/.test(path) || (at(item, 'glob')?.is === 'scalar' && dataIsTrue(at(item, 'glob')))
  if (isGlob) return left('Slipway takes no patterns of paths. Give each file its own item under `version.places`.')
  const search = within === undefined ? undefined : searchFor(type, within)
  const isOfName = isKnownPlace(path) && (within === undefined || /^\$\.?(?:package\.|project\.)?\[?["']?version["']?\]?$|^\/*project\/version$/.test(within))
  const place = isOfName ? placeIn(path) : search === undefined ? undefined : placeIn(path, search)
  return place === undefined ? left(`What stands around the version is marked in the file itself (x-release-please-version). Write the place by hand: { path: ${path}, search: "text around {version}" }.`) : givesPlace(place)
}

function dataIsTrue(node: Node | undefined): boolean {
  return node?.is === 'scalar' && node.value === true
}

function optionRules(where: Package): Rules {
  const tagged = (): Outcome => tagOutcome(where)
  return {
    '$schema': anyway('It is for editors. Slipway has a schema of its own.'),
    'release-type': (node) => typeOutcome(node, where),
    'changelog-path': (node) => changelogOutcome(`${where.folder}${textAt(node) ?? ''}`),
    'skip-changelog': whether(left('Slipway always writes the changelog.'), anyway('Slipway always writes the changelog.')),
    'changelog-sections': left('Slipway has the headings of Keep a Changelog.'),
    'changelog-type': left('Slipway writes the changelog itself, with the headings of Keep a Changelog.'),
    'changelog-host': anyway('Slipway links versions to where the changelog\'s own links lead.'),
    'changelog-notes-type': left('Slipway writes the changelog itself, with the headings of Keep a Changelog.'),
    'include-v-in-tag': tagged,
    'include-component-in-tag': tagged,
    'tag-separator': tagged,
    'component': anyway('It is read with the name of the tag.'),
    'package-name': (node) => (textAt(node) === undefined ? left('It is no text.') : gives('name', textAt(node) ?? '')),
    'version-file': (node) => {
      const place = placeIn(`${where.folder}${textAt(node) ?? ''}`)
      return place === undefined ? left('Its path is none within the repository.') : givesPlace(place)
    },
    'draft': whether(left('Slipway publishes its draft when everything else is out. To look at it before, answer the gate of the release.'), anyway('Slipway\'s release is a draft until everything is published.')),
    'prerelease': whether(left('A prerelease is asked for: `slipway release minor --pre rc`.'), anyway('A prerelease is asked for: `slipway release minor --pre rc`.')),
    'prerelease-type': left('Slipway has alpha, beta and rc: `slipway release minor --pre rc`.'),
    'versioning': (node) => (textAt(node) === 'default' ? anyway('Slipway counts as SemVer does.') : BUMPS),
    'bump-minor-pre-major': BUMPS,
    'bump-patch-for-minor-pre-major': BUMPS,
    'release-as': left('Name the version when you release: `slipway release 2.1.0`.'),
    'initial-version': left('The first version is the one that the files carry.'),
    'bootstrap-sha': anyway('Slipway counts from the last tag.'),
    'last-release-sha': anyway('Slipway counts from the last tag.'),
    'release-search-depth': anyway('Slipway finds the last tag whatever came after it.'),
    'commit-search-depth': anyway('Slipway reads every commit since the last tag.'),
    'pull-request-title-pattern': TITLE,
    'group-pull-request-title-pattern': TITLE,
    'pull-request-header': left('Slipway writes the text of the pull request itself.'),
    'pull-request-footer': left('Slipway writes the text of the pull request itself.'),
    'separate-pull-requests': whether(MANY, anyway('A release has one pull request.')),
    'label': LABELS,
    'release-label': LABELS,
    'extra-label': LABELS,
    'reviewers': (node) => {
      const people = itemsOf(node).map((item) => textAt(item) ?? '').filter((name) => /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name))
      return people.length === 0 ? left('It names nobody.') : gives('github.reviewers', people)
    },
    'draft-pull-request': whether(left('Slipway\'s pull requests are open for review at once.'), anyway('Slipway\'s pull requests are open for review at once.')),
    'skip-github-release': whether(left('Slipway makes the GitHub release wherever slipway.yaml has `github`.'), anyway('Slipway makes the GitHub release.')),
    'signoff': left('Slipway\'s commits have no sign-off.'),
    'always-update': anyway('Slipway brings its pull request up to date when it is run again.'),
    'sequential-calls': anyway('Slipway asks in an order of its own.'),
    'always-link-local': MANY,
    'exclude-paths': left('Slipway counts every commit since the last tag.'),
    'plugins': PLUGINS,
  }
}

function options(entries: readonly Entry[], where: Package, before: string): readonly Found[] {
  return entries.flatMap((entry): readonly Found[] => {
    if (entry.key === 'extra-files' && entry.value.is === 'list' && entry.value.items.length > 0) {
      return entry.value.items.map((item) => ({ ...extraFile(item, where), setting: `${before}extra-files ${textAt(item) ?? textAt(at(item, 'path')) ?? ''}`.trim(), place: item.place }))
    }
    return ruled({ is: 'map', place: entry.place, entries: [entry] }, optionRules(where), before)
  })
}

function fromConfig(root: Node): readonly Found[] {
  const packages = entriesOf(at(root, 'packages'))
  // Of several packages the one at the root is the project.
  const main = packages.find(({ key }) => key === '.') ?? (packages.length === 1 ? packages[0] : undefined)
  const folder = main === undefined || main.key === '.' ? '' : `${main.key.replace(/\/$/, '')}/`
  const where: Package = { folder, all: root, own: main?.value ?? root }
  return entriesOf(root).flatMap((entry): readonly Found[] => {
    if (entry.key !== 'packages') return options([entry], where, '')
    return orItself(packages.flatMap((each): readonly Found[] => {
      const setting = `packages ${each.key}`
      if (each !== main) return [{ ...MANY, setting, place: each.place }]
      const own = entriesOf(each.value)
      return own.length === 0 ? [{ ...anyway('Slipway releases one version from one repository.'), setting, place: each.place }] : options(own, where, `${setting} `)
    }), entry)
  })
}

function fromManifest(root: Node): readonly Found[] {
  const entries = entriesOf(root)
  return entries.map(({ key, place }) => ({ ...(key === '.' || entries.length === 1 ? anyway('Slipway reads the version from the first of `version.places`.') : MANY), setting: key, place }))
}

const MANIFEST = '.release-please-manifest.json'

/** release-please. */
export const releasePlease: Importer = {
  tool: 'release-please',
  files: ['release-please-config.json', '.release-please-config.json', MANIFEST],
  read: (file, content) => fromDocument(readJson(file, content), file === MANIFEST ? fromManifest : fromConfig),
}
