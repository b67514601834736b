// release-it: .release-it.json, .yaml, .yml and .toml, and the key "release-it" of package.json; other forms are code.
import { at, entriesOf, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readToml } from '../read/toml.ts'
import { readJson, readYaml } from '../read/yaml.ts'
import { isKnownPlace } from '../../version/index.ts'
import { commandsOutcome } from './checks.ts'
import { anyway, fromCode, fromDocument, gives, givesPlace, left, orItself, ruled, whether } from './outcome.ts'
import type { Found, Importer, Outcome, Rules } from './outcome.ts'
import { isChangelog, placeIn, versionText } from './place.ts'
import { changelogOutcome } from './semantic-release.ts'

const VERSION = /\$\{\s*version\s*\}/g
const OTHERS = /\$\{/

const MESSAGE = left('Slipway writes the messages of commit and tag itself.')
const ARGS = left('Slipway talks to git itself, without further arguments.')
const GITLAB = left('Slipway makes releases on GitHub; a forge other than GitHub gets the tag alone, with `git.merge: push`.')
const COMMENTS = left('Slipway writes no comments to issues and pull requests.')
const NPM = left('Slipway does not publish to npm yet. Keep a workflow that runs `npm publish` when the release is published.')
const ALWAYS = (what: string): (node: Node, setting: string) => Outcome => (node) => (node.is === 'scalar' && node.value === false ? left(`Slipway always ${what}.`) : anyway(`Slipway ${what}.`))

function tag(node: Node): Outcome {
  const found = versionText(textAt(node) ?? '', VERSION, OTHERS)
  return found === undefined ? left('Slipway fills nothing but {version} into a tag\'s name. Write `git.tag` by hand.') : gives('git.tag', found)
}

function branch(node: Node): Outcome {
  const [first, ...more] = itemsOf(node).map(textAt)
  if (node.is === 'scalar' && node.value === false) return anyway('Slipway releases from `git.branch` alone.')
  return first === undefined || more.length > 0 || /[*?!]/.test(first) ? left('Slipway releases from one branch. Write `git.branch` by hand.') : gives('git.branch', first)
}

function title(node: Node): Outcome {
  const text = (textAt(node) ?? '').replaceAll(VERSION, '{version}').replaceAll(/\$\{\s*tagName\s*\}/g, '{tag}').replaceAll(/\$\{\s*name\s*\}/g, '{name}')
  return text === '' || OTHERS.test(text) ? left('Write `github.title` by hand; {name}, {version} and {tag} stand for what they say.') : gives('github.title', text)
}

function hook(node: Node, setting: string): Outcome {
  return commandsOutcome(itemsOf(node).map((item) => textAt(item) ?? ''), `at ${setting.replace(/^hooks\./, '')}`)
}

/** Where the bumper plugin writes. */
function bumped(node: Node): Outcome {
  const [item, ...more] = itemsOf(node)
  const path = textAt(item) ?? textAt(at(item, 'file'))
  if (item === undefined || path === undefined || more.length > 0) return left('It names several files at once, or none.')
  if (/[*?{]/.test(path)) return left('Slipway takes no patterns of paths. Give each file its own item under `version.places`.')
  const key = textAt(at(item, 'path'))?.split('.').at(-1)
  const isYaml = /\.ya?ml$/.test(path)
  const search = key === undefined ? undefined : path.endsWith('.toml') ? `${key} = "{version}"` : isYaml ? `${key}: {version}` : path.endsWith('.json') ? `"${key}": "{version}"` : undefined
  const place = isKnownPlace(path) && (key === undefined || key === 'version') ? placeIn(path) : placeIn(path, search)
  return place === undefined ? left('Its path is none within the repository.') : givesPlace(place)
}

const RULES: Rules = {
  '$schema': anyway('It is for editors. Slipway has a schema of its own.'),
  'git.changelog': left('Slipway takes the notes from the changelog, and makes them from the commits where nobody wrote any.'),
  'git.requireCleanWorkingDir': anyway('Slipway releases what is committed and pushed, and nothing else.'),
  'git.requireBranch': branch,
  'git.requireUpstream': anyway('Slipway releases what is pushed.'),
  'git.requireCommits': anyway('Slipway makes no release where there is nothing to release.'),
  'git.requireCommitsFail': anyway('Where there is nothing to release Slipway ends with the exit code 3.'),
  'git.commitsPath': left('Slipway counts every commit since the last tag.'),
  'git.addUntrackedFiles': whether(left('Slipway commits the places of the version and the changelog, and nothing else.'), anyway('Slipway commits the places of the version and the changelog, and nothing else.')),
  'git.commit': ALWAYS('commits every release'),
  'git.commitMessage': MESSAGE,
  'git.commitArgs': ARGS,
  'git.tag': ALWAYS('tags a release'),
  'git.tagExclude': left('Slipway looks at the tags that `git.tag` makes, and at no others.'),
  'git.tagName': tag,
  'git.tagMatch': anyway('Slipway looks at the tags that `git.tag` makes, and at no others.'),
  'git.getLatestTagFromAllRefs': left('Slipway counts from the last tag that is reachable from the branch.'),
  'git.tagAnnotation': MESSAGE,
  'git.tagArgs': ARGS,
  'git.push': ALWAYS('pushes a release'),
  'git.pushArgs': ARGS,
  'git.pushRepo': (node) => (/^[A-Za-z0-9][\w.-]*$/.test(textAt(node) ?? '') ? gives('git.remote', textAt(node) ?? '') : left('Slipway pushes to a configured remote: name it under `git.remote`.')),
  'github.release': whether(anyway('Slipway makes the GitHub release wherever slipway.yaml has `github`.'), left('Leave `github` out of slipway.yaml if a release is to end with its tag.')),
  'github.releaseName': title,
  'github.releaseNotes': left('The text of a release is its section of the changelog.'),
  'github.autoGenerate': whether(left('The text of a release is its section of the changelog.'), anyway('The text of a release is its section of the changelog.')),
  'github.preRelease': whether(left('A prerelease is asked for: `slipway release minor --pre rc`.'), anyway('A prerelease is asked for: `slipway release minor --pre rc`.')),
  'github.draft': whether(left('Slipway publishes its draft when everything else is out.'), anyway('Slipway\'s release is a draft until everything is published.')),
  'github.tokenRef': (node) => (/^[A-Za-z_]\w*$/.test(textAt(node) ?? '') ? gives('github.token', textAt(node) ?? '') : left('It is not the name of a variable.')),
  'github.assets': left('Slipway attaches what it builds and signs. Other files have no place in its release yet: upload them by hand.'),
  'github.host': left('Write `github.api` by hand, with the address of the API.'),
  'github.timeout': anyway('Slipway has times of its own, and asks again.'),
  'github.proxy': anyway('Slipway takes a proxy from the environment, as other programs do.'),
  'github.skipChecks': left('Slipway looks at what a release needs before it begins.'),
  'github.web': left('Slipway makes the release with a token.'),
  'github.comments': whether(COMMENTS, anyway('Slipway writes no comments.')),
  'github.comments.submit': whether(COMMENTS, anyway('Slipway writes no comments.')),
  'github.comments.*': COMMENTS,
  'github.makeLatest': (node) => gives('github.latest', node.is === 'scalar' && String(node.value) === 'false' ? 'never' : node.is === 'scalar' && String(node.value) === 'true' ? 'always' : 'auto'),
  'github.discussionCategoryName': left('Slipway opens no discussions.'),
  'gitlab': GITLAB,
  'npm': whether(NPM, anyway('Slipway publishes nothing to npm.')),
  'npm.publish': whether(NPM, anyway('Slipway publishes nothing to npm.')),
  'npm.ignoreVersion': left('Slipway reads the version from the first of `version.places`.'),
  'npm.*': NPM,
  'hooks.*': hook,
  'increment': left('Name the bump when you release: `slipway release minor`.'),
  'preReleaseId': left('Slipway has alpha, beta and rc: `slipway release minor --pre rc`.'),
  'preRelease': left('Slipway has alpha, beta and rc: `slipway release minor --pre rc`.'),
  'verbose': anyway('`--json` tells everything.'),
  'ci': anyway('Slipway runs in CI and on a laptop alike.'),
  'quiet': anyway('`--json` is for programs.'),
  'dry-run': anyway('`slipway plan` shows a release, and `slipway rehearse` makes it in a world of its own.'),
  'extends': left('What it extends is not read. Write what that sets to slipway.yaml by hand.'),
}

/** A comment is told whole, and so is npm where it is a switch. */
const AS_A_WHOLE = ['npm', 'github.comments']

const PLUGINS: Readonly<Record<string, { readonly itself: Outcome; readonly options: Rules }>> = {
  '@release-it/conventional-changelog': {
    itself: anyway('Slipway reads Conventional Commits and writes the changelog.'),
    options: {
      preset: anyway('Slipway reads Conventional Commits.'),
      infile: (node) => (node.is === 'scalar' && node.value === false ? left('Slipway always writes the changelog.') : changelogOutcome(textAt(node) ?? '')),
      header: anyway('Slipway keeps whatever stands above the newest version.'),
      ignoreRecommendedBump: left('Name the bump when you release: `slipway release minor`.'),
      strictSemVer: anyway('Slipway counts as SemVer does.'),
    },
  },
  '@release-it/keep-a-changelog': {
    itself: anyway('Slipway writes the changelog as Keep a Changelog has it.'),
    options: {
      filename: (node) => changelogOutcome(textAt(node) ?? ''),
      addUnreleased: anyway('Slipway leaves an Unreleased section above the new version.'),
      keepUnreleased: left('Slipway turns the Unreleased section into the new version\'s.'),
      addVersionUrl: anyway('Slipway links each version to its changes, where the changelog has such links.'),
    },
  },
  '@release-it/bumper': { itself: anyway('What it writes is told by the lines of its files.'), options: {} },
}

function bumper(name: string, { key, place, value }: Entry): readonly Found[] {
  if (key !== 'in' && key !== 'out') return ruled({ is: 'map', place, entries: [{ key, place, value }] }, {}, `${name} `)
  return orItself(itemsOf(value).map((item) => {
    const path = textAt(item) ?? textAt(at(item, 'file')) ?? ''
    return { ...(isChangelog(path) ? gives('changelog', path) : bumped(item)), setting: `${name} ${key} ${path}`.trim(), place: value.is === 'list' ? item.place : place }
  }), { key: `${name} ${key}`, place })
}

function plugins(value: Node): readonly Found[] {
  return entriesOf(value).flatMap((entry): readonly Found[] => {
    const plugin = PLUGINS[entry.key]
    if (plugin === undefined) return [{ ...left('Slipway does not know this plugin. Look at what it does, and write it by hand if a release needs it.'), setting: `plugins ${entry.key}`, place: entry.place }]
    const options = entriesOf(entry.value).flatMap((each) => (entry.key.endsWith('/bumper') ? bumper(entry.key, each) : ruled({ is: 'map', place: each.place, entries: [each] }, plugin.options, `${entry.key} `)))
    return [{ ...plugin.itself, setting: `plugins ${entry.key}`, place: entry.place }, ...options]
  })
}

function rulesFor({ key, value }: Entry): Rules {
  // A rule for the whole stands in the way of the rules for its parts, and is for a switch alone.
  const open = AS_A_WHOLE.filter((each) => (each === key ? value : at(value, each.split('.')[1] ?? ''))?.is === 'map')
  return Object.fromEntries(Object.entries(RULES).filter(([name]) => !open.includes(name)))
}

function settingsOf(root: Node | undefined): readonly Found[] {
  if (root?.is !== 'map') return []
  return root.entries.flatMap((entry): readonly Found[] => (entry.key === 'plugins' && entriesOf(entry.value).length > 0 ? plugins(entry.value) : ruled({ ...root, entries: [entry] }, rulesFor(entry))))
}

/** release-it. */
export const releaseIt: Importer = {
  tool: 'release-it',
  files: ['.release-it.json', '.release-it.yaml', '.release-it.yml', '.release-it.toml', '.release-it.js', '.release-it.cjs', '.release-it.mjs', '.release-it.ts', 'package.json'],
  read: (file, content) => {
    if (/[jt]s$/.test(file)) return fromCode(file)
    if (file === 'package.json') return fromDocument({ ...readJson(file, content), problems: [] }, (root) => settingsOf(at(root, 'release-it')))
    return fromDocument(file.endsWith('.toml') ? readToml(file, content) : file.endsWith('.json') ? readJson(file, content) : readYaml(file, content), settingsOf)
  },
}
