// python-semantic-release: [tool.semantic_release] of pyproject.toml, releaserc.toml and releaserc.json.
import { at, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readToml } from '../read/toml.ts'
import { readJson } from '../read/yaml.ts'
import { isKnownPlace } from '../../version/index.ts'
import { anyway, fromDocument, gives, givesPlace, left, orItself, ruled, whether } from './outcome.ts'
import type { Found, Importer, Outcome, Rules } from './outcome.ts'
import { placeIn, versionText } from './place.ts'
import { changelogOutcome } from './semantic-release.ts'

const BUMPS = left('Slipway raises the minor version for features, the patch version for the rest, and the major version for breaking changes. For another, name it: `slipway release minor`.')
const MESSAGE = left('Slipway writes the message of the commit itself: "chore: bump version to 2.1.0".')
const TEMPLATES = left('Slipway writes the changelog itself, as Keep a Changelog has it.')
const BRANCHES = left('Slipway releases from one branch, `git.branch`. A prerelease is asked for: `slipway release minor --pre rc`.')
const PYPI = 'Slipway builds, tries and publishes the package where slipway.yaml has `pypi`.'

/** `main`, out of a regular expression that means nothing else; `(main|master)` means its first. */
function branchOf(pattern: string): string | undefined {
  const plain = pattern.replace(/^\^/, '').replace(/\$$/, '').replace(/^\((?:\?:)?(.*)\)$/, '$1').split('|')[0] ?? ''
  return /^[\w./-]+$/.test(plain) ? plain : undefined
}

function branch(node: Node): Outcome {
  const name = branchOf(textAt(node) ?? '')
  return name === undefined ? left('It is a regular expression. Write `git.branch` by hand.') : gives('git.branch', name)
}

function tag(node: Node): Outcome {
  const found = versionText(textAt(node) ?? '', /\{version\}/g, /\{[^{}]*\}/)
  return found === undefined ? left('Slipway fills nothing but {version} into a tag\'s name. Write `git.tag` by hand.') : gives('git.tag', found)
}

/** `src/x/__init__.py:__version__` and `pyproject.toml:project.version`. */
function declared(written: string, isToml: boolean): Outcome {
  const [, path, name] = /^([^:]+):([^:]+)(?::\w+)?$/.exec(written.trim()) ?? []
  if (path === undefined || name === undefined) return left('It does not name a file and a variable.')
  const key = name.trim().split('.').at(-1) ?? ''
  const isYaml = /\.ya?ml$/.test(path) && !isToml
  const isOfName = isKnownPlace(path) && !/\.pyi?$/.test(path) && key.toLowerCase() === 'version'
  const place = isOfName ? placeIn(path) : placeIn(path, isYaml ? `${key}: {version}` : `${key} = "{version}"`)
  return place === undefined ? left('Its path is none within the repository.') : givesPlace(place)
}

const RULES: Rules = {
  'tag_format': tag,
  'branch': branch,
  'branches.main.match': branch,
  'branches.main.prerelease': whether(BRANCHES, anyway('A release is final unless a prerelease is asked for.')),
  'branches.main.prerelease_token': left('Slipway has alpha, beta and rc: `slipway release minor --pre rc`.'),
  'branches.*.match': BRANCHES,
  'branches.*.prerelease': BRANCHES,
  'branches.*.prerelease_token': BRANCHES,
  'commit_message': MESSAGE,
  'commit_subject': MESSAGE,
  'commit_author': left('Slipway commits as whoever releases.'),
  'commit_parser': (node) => (['angular', 'conventional', 'conventional-monorepo'].includes(textAt(node) ?? '') ? anyway('Slipway reads Conventional Commits.') : left('Slipway reads Conventional Commits alone; where commits are written otherwise, name the bump: `slipway release minor`.')),
  'commit_parser_options': left('Slipway reads Conventional Commits as they are specified.'),
  'build_command': left(`${PYPI} It builds with \`python -m build\`; what else the command does belongs into the package's own build.`),
  'build_command_env': left('Checks and builds see a short list of variables; see docs/how-it-works.md.'),
  'assets': left('Slipway commits the places of the version and the changelog, and nothing that is built.'),
  'major_on_zero': BUMPS,
  'allow_zero_version': BUMPS,
  'no_git_verify': anyway('Slipway makes the commit itself, so that no hook of git runs.'),
  'repo_dir': anyway('Slipway works in the repository that it is started in.'),
  'logging_use_named_masks': anyway('Slipway shows no secret.'),
  'add_partial_tags': left('Slipway moves no git tags; tags of images move by `image.floating`.'),
  'changelog.changelog_file': (node) => changelogOutcome(textAt(node) ?? ''),
  'changelog_file': (node) => changelogOutcome(textAt(node) ?? ''),
  'changelog.default_templates.changelog_file': (node) => changelogOutcome(textAt(node) ?? ''),
  'changelog.default_templates.*': TEMPLATES,
  'changelog.mode': anyway('Slipway keeps what stands in the changelog and writes above it.'),
  'changelog.insertion_flag': anyway('Slipway writes above the newest version.'),
  'changelog.*': TEMPLATES,
  'changelog.environment.*': TEMPLATES,
  'remote.name': (node) => (/^[A-Za-z0-9][\w.-]*$/.test(textAt(node) ?? '') ? gives('git.remote', textAt(node) ?? '') : left('It is not the name of a configured remote.')),
  'remote.type': (node) => (textAt(node) === 'github' ? anyway('Slipway makes the GitHub release wherever slipway.yaml has `github`.') : left('Slipway makes releases on GitHub; a forge other than GitHub gets the tag alone, with `git.merge: push`.')),
  'remote.token': (node) => {
    const variable = textAt(at(node, 'env'))
    if (variable === undefined || !/^[A-Za-z_]\w*$/.test(variable)) return left('A config names the variable that holds a token, and never the token. If one stands here, withdraw it.')
    return variable === 'GH_TOKEN' || variable === 'GITHUB_TOKEN' ? anyway('Slipway takes the token from GITHUB_TOKEN.') : gives('github.token', variable)
  },
  'remote.ignore_token_for_push': left('Slipway lends git the token of `git.token`, or lets it use its own credentials.'),
  'remote.*': left('Slipway goes to the git remote of the checkout. Write `github.api` by hand for a GitHub of your own.'),
  'publish.upload_to_vcs_release': whether(anyway('Slipway attaches what it builds to the GitHub release.'), left('Slipway attaches what it builds to the GitHub release.')),
  'upload_to_vcs_release': whether(anyway('Slipway attaches what it builds to the GitHub release.'), left('Slipway attaches what it builds to the GitHub release.')),
  'upload_to_release': whether(anyway('Slipway attaches what it builds to the GitHub release.'), left('Slipway attaches what it builds to the GitHub release.')),
  'upload_to_pypi': whether(anyway(PYPI), left('Leave `pypi` out of slipway.yaml if nothing is to be published there.')),
  'upload_to_repository': whether(anyway(PYPI), left('Leave `pypi` out of slipway.yaml if nothing is to be published there.')),
  'publish.dist_glob_patterns': anyway('Slipway attaches what it builds.'),
  'version_source': anyway('Slipway reads the version from the first of `version.places`.'),
  'hvcs': (node) => (textAt(node) === 'github' ? anyway('Slipway makes the GitHub release wherever slipway.yaml has `github`.') : left('Slipway makes releases on GitHub.')),
}

function entry(found: Entry): readonly Found[] {
  const { key, place, value } = found
  const isToml = key === 'version_toml'
  if (isToml || ['version_variables', 'version_variable', 'version_pattern'].includes(key)) {
    // Older settings give several in one text, with commas between them.
    const items = itemsOf(value).flatMap((item) => (textAt(item) ?? '').split(',').map((written) => ({ written: written.trim(), place: value.is === 'list' ? item.place : place })))
    return orItself(items.map((item) => ({ ...(key === 'version_pattern' ? left('Slipway looks for texts, not for regular expressions. Write the place by hand: { path: …, search: "text around {version}" }.') : declared(item.written, isToml)), setting: `${key} ${item.written}`.trim(), place: item.place })), found)
  }
  return ruled({ is: 'map', place, entries: [found] }, RULES)
}

function settingsOf(node: Node | undefined): readonly Found[] {
  return node?.is === 'map' ? node.entries.flatMap(entry) : []
}

/** python-semantic-release. */
export const pythonSemanticRelease: Importer = {
  tool: 'python-semantic-release',
  files: ['pyproject.toml', 'releaserc.toml', 'releaserc.json'],
  read: (file, content) => {
    if (file === 'pyproject.toml') return fromDocument({ ...readToml(file, content), problems: [] }, (root) => settingsOf(at(root, 'tool', 'semantic_release')))
    return fromDocument(file.endsWith('.json') ? readJson(file, content) : readToml(file, content), (root) => settingsOf(at(root, 'semantic_release') ?? at(root, 'tool', 'semantic_release')))
  },
}
