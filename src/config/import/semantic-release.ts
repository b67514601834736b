// semantic-release: .releaserc, the key "release" of package.json; release.config.js is code.
import { at, entriesOf, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readJson, readYaml } from '../read/yaml.ts'
import { isKnownPlace } from '../../version/index.ts'
import { commandsOutcome } from './checks.ts'
import { githubRepository, imageGiven } from './names.ts'
import { anyway, became, fromCode, fromDocument, gives, givesPlace, left, orItself, ruled, unknown, whether } from './outcome.ts'
import type { Found, Given, Importer, Outcome, Rules } from './outcome.ts'
import { isChangelog, placeIn, versionText } from './place.ts'

const TAGGED = /\$\{\s*version\s*\}|<%=\s*version\s*%>/g
const RELEASED = /\$\{\s*nextRelease\.version\s*\}|<%=\s*nextRelease\.version\s*%>/g
const OTHERS = /\$\{|<%/

const BRANCHES = left('Slipway releases from one branch, `git.branch`. Prereleases are made from it by their number (2.1.0-rc.1), and a maintained line is released with `git.branch` of its own.')
const STEP = left('Slipway has steps of its own. What a plugin does here is told by its line.')
const COMMENTS = left('Slipway writes no comments to issues and pull requests, and labels none.')

const OPTIONS: Rules = {
  tagFormat: (node) => {
    const tag = versionText(textAt(node) ?? '', TAGGED, OTHERS)
    return tag === undefined ? left('Slipway fills nothing but {version} into a tag\'s name. Write `git.tag` by hand.') : gives('git.tag', tag)
  },
  repositoryUrl: (node) => {
    const repository = githubRepository(textAt(node) ?? '')
    return repository === undefined ? left('Slipway goes to the git remote of the checkout; a forge other than GitHub gets the tag alone, with `git.merge: push`.') : gives('github.repository', repository)
  },
  ci: anyway('Slipway runs in CI and on a laptop alike.'),
  dryRun: anyway('`slipway plan` shows a release, and `slipway rehearse` makes it in a world of its own.'),
  debug: anyway('Slipway tells every step; `--json` tells more.'),
  extends: left('What it extends is a package, which is not read. Write what that sets to slipway.yaml by hand.'),
  preset: anyway('Slipway reads Conventional Commits.'),
  $schema: anyway('It is for editors. Slipway has a schema of its own.'),
  ...Object.fromEntries(['verifyConditions', 'analyzeCommits', 'verifyRelease', 'generateNotes', 'prepare', 'publish', 'addChannel', 'success', 'fail'].map((step) => [step, STEP])),
}

function isPlainBranch(name: string): boolean {
  return /^[\w./-]+$/.test(name) && !/^(?:v?\d+(?:\.(?:\d+|x))*(?:\.x)?|next|next-major|beta|alpha|rc|canary|dev(?:elop)?)$/.test(name)
}

function branches(value: Node): readonly Found[] {
  let chosen = false
  return itemsOf(value).map((item): Found => {
    const name = textAt(item) ?? textAt(at(item, 'name'))
    const isMain = !chosen && name !== undefined && isPlainBranch(name) && at(item, 'prerelease') === undefined && at(item, 'range') === undefined
    chosen ||= isMain
    return { ...(isMain ? gives('git.branch', name) : BRANCHES), setting: name === undefined ? 'branches' : `branches ${name}`, place: item.place }
  })
}

/** What a plugin is without its options, and what becomes of these. */
interface Plugin {
  readonly itself: (options: Node | undefined) => Outcome
  readonly options: Rules
}

const ATTACHED = left('Slipway attaches what it builds and signs. Other files have no place in its release yet: upload them by hand.')

function npmPlaces(options: Node | undefined): Outcome {
  const root = (textAt(at(options, 'pkgRoot')) ?? '.').replace(/^\.\/?$|\/$/, '')
  const place = placeIn(`${root === '' ? '' : `${root}/`}package.json`)
  return place === undefined ? left('Its folder is none within the repository.') : givesPlace(place)
}

function assetPlaces(value: Node): readonly Found[] {
  return itemsOf(value).flatMap((item) => (item.is === 'list' ? item.items : [item])).map((item): Found => {
    const path = textAt(item) ?? textAt(at(item, 'path')) ?? ''
    const name = `assets ${path}`
    if (isChangelog(path)) return { ...gives('changelog', path), setting: name, place: item.place }
    const place = /[*?!{]/.test(path) || !isKnownPlace(path) || /\.pyi?$/.test(path) ? undefined : placeIn(path)
    if (place !== undefined) return { ...givesPlace(place), setting: name, place: item.place }
    return { ...left('Slipway commits the places of the version and the changelog, and nothing that is built. If the file carries the version, add it to `version.places`.'), setting: name, place: item.place }
  })
}

/** The replacement's new text says what stands around the version. */
function replacements(value: Node): readonly Found[] {
  return itemsOf(value).flatMap((item) => itemsOf(at(item, 'files')).map((file): Found => {
    const path = textAt(file) ?? ''
    const search = versionText(textAt(at(item, 'to')) ?? '', RELEASED, OTHERS)
    const place = search === undefined || /[*?{]/.test(path) ? undefined : placeIn(path, search)
    const outcome = place === undefined ? left('Its new text holds other variables than the version, or its path is a pattern. Write the place by hand: { path: …, search: "text around {version}" }.') : givesPlace(place)
    return { ...outcome, setting: `replacements ${path}`, place: file.place }
  }))
}

const DOCKER = ['@codedependant/semantic-release-docker', '@semantic-release-plus/docker', 'semantic-release-docker']

const PLUGINS: Readonly<Record<string, Plugin>> = {
  '@semantic-release/commit-analyzer': {
    itself: () => anyway('Slipway decides the version from Conventional Commits and the changelog.'),
    options: {
      preset: (node) => (['angular', 'conventionalcommits'].includes(textAt(node) ?? '') ? anyway('Slipway reads Conventional Commits.') : left('Slipway reads Conventional Commits alone; where commits are written otherwise, name the bump: `slipway release minor`.')),
      releaseRules: left('Slipway raises the minor version for features, the patch version for the rest, and the major version for breaking changes. For another, name it: `slipway release minor`.'),
      parserOpts: left('Slipway reads Conventional Commits as they are specified.'),
      presetConfig: left('Slipway reads Conventional Commits as they are specified.'),
    },
  },
  '@semantic-release/release-notes-generator': {
    itself: () => anyway('Slipway takes the notes from the changelog, and makes them from the commits where nobody wrote any.'),
    options: {
      preset: anyway('Slipway reads Conventional Commits.'),
      presetConfig: left('Slipway has the headings of Keep a Changelog.'),
      writerOpts: left('Slipway has the headings of Keep a Changelog.'),
      parserOpts: left('Slipway reads Conventional Commits as they are specified.'),
      linkCompare: anyway('Slipway links each version to its changes.'),
    },
  },
  '@semantic-release/changelog': {
    itself: (options) => (at(options, 'changelogFile') === undefined ? gives('changelog', 'CHANGELOG.md') : anyway('Slipway writes the changelog.')),
    options: {
      changelogFile: (node) => changelogOutcome(textAt(node) ?? ''),
      changelogTitle: anyway('Slipway keeps whatever stands above the newest version.'),
    },
  },
  '@semantic-release/npm': {
    itself: npmPlaces,
    options: {
      npmPublish: whether(left('Slipway does not publish to npm yet. Keep a workflow that runs `npm publish` when the release is published.'), anyway('Slipway writes the version to package.json and publishes nothing to npm.')),
      pkgRoot: anyway('It is part of the place that the plugin became.'),
      tarballDir: left('Slipway makes no npm package yet.'),
    },
  },
  '@semantic-release/git': {
    itself: () => anyway('Slipway commits the new version and the changelog, on a branch of their own.'),
    options: { message: left('Slipway writes the message of the commit itself: "chore: bump version to 2.1.0".') },
  },
  '@semantic-release/github': {
    itself: () => anyway('Slipway makes the GitHub release, as a draft until everything is published.'),
    options: {
      assets: ATTACHED,
      githubUrl: left('Write `github.api` by hand, with the address of the API.'),
      githubApiPathPrefix: left('Write `github.api` by hand, with the address of the API.'),
      draftRelease: whether(left('Slipway publishes its draft when everything else is out. To look at it before, answer the gate of the release.'), anyway('Slipway publishes the release when everything else is out.')),
      releaseNameTemplate: (node) => titleOutcome(textAt(node) ?? ''),
      releaseBodyTemplate: left('The text of a release is its section of the changelog.'),
      discussionCategoryName: whether(left('Slipway opens no discussions.'), anyway('Slipway opens no discussions.')),
      ...Object.fromEntries(['successComment', 'failComment', 'failTitle', 'labels', 'releasedLabels', 'addReleases', 'assignees', 'successCommentCondition', 'failCommentCondition'].map((key) => [key, whether(COMMENTS, anyway('Slipway writes no comments.'))])),
    },
  },
  '@semantic-release/exec': {
    itself: () => anyway('What it runs is told by the lines of its commands.'),
    options: Object.fromEntries([
      ['verifyConditionsCmd', 'before a release but its checks'], ['analyzeCommitsCmd', 'to decide a version'], ['verifyReleaseCmd', 'before a release but its checks'], ['generateNotesCmd', 'for the notes'],
      ['prepareCmd', 'to prepare a release'], ['publishCmd', 'to publish'], ['addChannelCmd', 'to publish'], ['successCmd', 'after a release'], ['failCmd', 'after a failure'],
    ].map(([key = '', moment = '']) => [key, (node: Node) => commandsOutcome([textAt(node) ?? ''], moment)])),
  },
  'semantic-release-replace-plugin': { itself: () => anyway('What it writes is told by the lines of its replacements.'), options: {} },
  'semantic-release-pypi': {
    itself: () => left('Slipway builds, tries and publishes a Python package when slipway.yaml has `pypi` with its `package` and `smoke`.'),
    options: {},
  },
  ...Object.fromEntries(DOCKER.map((name) => [name, { itself: dockerImage, options: { '*': anyway('It is read with the plugin as far as the image is named by it; see docs/images.md for the rest.') } }])),
}

function dockerImage(options: Node | undefined): Outcome {
  const [image, registry, project] = ['dockerImage', 'dockerRegistry', 'dockerProject'].map((key) => textAt(at(options, key)))
  const name = textAt(at(options, 'name')) ?? image
  const given = name === undefined ? undefined : imageGiven([textAt(at(options, 'registry')) ?? registry, project, name].filter((part) => part !== undefined).join('/'))
  const file = textAt(at(options, 'dockerFile'))
  const path = file === undefined ? undefined : placeIn(file)?.path
  return given === undefined ? left('It does not name the image whole. Write `image.repository` by hand.') : became(given, ...(path === undefined || path === 'Dockerfile' ? [] : [{ setting: 'image.dockerfile', value: path } satisfies Given]))
}

/** A changelog of another tool. */
export function changelogOutcome(path: string): Outcome {
  const place = placeIn(path)?.path
  return place !== undefined && /\.(?:md|markdown)$/i.test(place) ? gives('changelog', place) : left('Slipway writes a changelog in Markdown, as Keep a Changelog has it. Write `changelog` by hand.')
}

/** `${nextRelease.gitTag}` is the tag, and so is `nextRelease.name`. */
function titleOutcome(text: string): Outcome {
  const title = text.replaceAll(/<%=\s*nextRelease\.(?:gitTag|name)\s*%>/g, '{tag}').replaceAll(RELEASED, '{version}')
  return OTHERS.test(title) || title === '' ? left('Write `github.title` by hand; {name}, {version} and {tag} stand for what they say.') : gives('github.title', title)
}

function plugins(value: Node): readonly Found[] {
  return itemsOf(value).flatMap((item): readonly Found[] => {
    const [first, options] = item.is === 'list' ? item.items : [item]
    const written = textAt(first)
    if (written === undefined) return [{ ...left('It is no plugin that can be read.'), setting: 'plugins', place: item.place }]
    const plugin = PLUGINS[written.replace(/^@google\/(?=semantic-release-replace)/, '')]
    if (plugin === undefined) return [{ ...left('Slipway does not know this plugin. Look at what it does, and write it by hand if a release needs it.'), setting: written, place: first?.place ?? item.place }]
    return [
      { ...plugin.itself(options), setting: written, place: first?.place ?? item.place },
      ...entriesOf(options).flatMap((entry): readonly Found[] => optionsOf(written, plugin, entry)),
    ]
  })
}

function optionsOf(name: string, { options }: Plugin, entry: Entry): readonly Found[] {
  const many = name === '@semantic-release/git' && entry.key === 'assets' ? assetPlaces(entry.value) : name.includes('replace-plugin') && entry.key === 'replacements' ? replacements(entry.value) : undefined
  if (many !== undefined) return orItself(many.map((found) => ({ ...found, setting: `${name} ${found.setting}` })), { key: `${name} ${entry.key}`, place: entry.place })
  return ruled({ is: 'map', place: entry.place, entries: [entry] }, options, `${name} `)
}

function settingsOf(root: Node | undefined): readonly Found[] {
  if (root === undefined) return []
  // A package may be named in place of the settings.
  if (root.is !== 'map') return root.is === 'scalar' && root.value === null ? [] : [unknown('release', root.place)]
  return root.entries.flatMap((entry): readonly Found[] => {
    const many = entry.key === 'branches' || entry.key === 'branch' ? branches(entry.value) : entry.key === 'plugins' ? plugins(entry.value) : undefined
    if (many !== undefined) return orItself(many, entry)
    return ruled({ ...root, entries: [entry] }, OPTIONS)
  })
}

/** semantic-release. */
export const semanticRelease: Importer = {
  tool: 'semantic-release',
  files: ['.releaserc', '.releaserc.json', '.releaserc.yaml', '.releaserc.yml', ...['js', 'cjs', 'mjs'].flatMap((end) => [`.releaserc.${end}`, `release.config.${end}`]), 'package.json'],
  read: (file, content) => {
    if (/js$/.test(file) && !file.endsWith('.json')) return fromCode(file)
    if (file === 'package.json') {
      const read = readJson(file, content)
      // That package.json is no JSON is told where its version is read.
      return fromDocument({ ...read, problems: [] }, (root) => settingsOf(at(root, 'release')))
    }
    return fromDocument(file.endsWith('.json') || (file === '.releaserc' && /^\uFEFF?\s*\{/.test(content)) ? readJson(file, content) : readYaml(file, content), settingsOf)
  },
}
