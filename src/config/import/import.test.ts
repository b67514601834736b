// What the settings of other tools become, line by line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import type { Problem } from '../../model/error.ts'
import { TARGETS } from '../../targets/list.ts'
import { parseConfig } from '../index.ts'
import { readIni } from '../read/ini.ts'
import { at } from '../read/node.ts'
import type { Node } from '../read/node.ts'
import { readToml } from '../read/toml.ts'
import { readJson, readYaml } from '../read/yaml.ts'
import { IMPORTERS, SETTINGS_FILES, importSettings } from './index.ts'
import type { SettingLine } from './index.ts'
import { PROJECTS } from './settings.rig.ts'

const read = (files: Readonly<Record<string, string>>) => importSettings(new Map(Object.entries(files)))
const short = ({ line, setting, outcome, what }: SettingLine): string => `${line} ${setting} ${outcome}${what.map((one) => ` | ${one}`).join('')}`

/** For each project what became of every line. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'bump2version, a Python library': [
    '2 current_version anyway', '3 commit anyway', '4 tag left', '5 tag_name became | git.tag: {version}', '6 parse anyway', '7 serialize anyway', '10 message left', '11 sign_tags left', '12 flavour left',
    '15 [bumpversion:part:release] optional_value left', '16 [bumpversion:part:release] values left',
    '20 [bumpversion:file:setup.py] became | version.places: setup.py',
    '22 [bumpversion:file:parcel/__init__.py] became | version.places: parcel/__init__.py', '23 [bumpversion:file:parcel/__init__.py] search anyway', '24 [bumpversion:file:parcel/__init__.py] replace anyway',
    '27 [bumpversion:file:docs/conf.py] became | version.places: docs/conf.py, search "release = \'{version}\'"', '28 [bumpversion:file:docs/conf.py] search anyway', '29 [bumpversion:file:docs/conf.py] replace anyway',
    '31 [bumpversion:file(minor):docs/short.py] left', '32 [bumpversion:file(minor):docs/short.py] serialize left',
    '34 [bumpversion:file:HISTORY.md] became | changelog: HISTORY.md', '35 [bumpversion:file:HISTORY.md] search anyway', '36 [bumpversion:file:HISTORY.md] replace anyway',
    '38 [bumpversion:file:README.rst] became | version.places: README.rst, search "parcel=={version}"', '39 [bumpversion:file:README.rst] search anyway', '40 [bumpversion:file:README.rst] replace anyway',
    '42 [bumpversion:glob:charts/*/Chart.yaml] left', '43 [bumpversion:file:../other/setup.py] left',
  ],
  'bump2version, in setup.cfg': ['7 current_version anyway', '8 tag_name became | git.tag: release-{version}', '9 [bumpversion:file:src/parcel/version.py] became | version.places: src/parcel/version.py'],
  'bump-my-version, a Python service': [
    '6 current_version anyway', '7 allow_dirty anyway', '8 tag anyway', '9 search anyway', '10 regex anyway', '11 pre_commit_hooks left', '12 moveable_tags left', '14 parts.pre_l left',
    '18 files src/lantern/__init__.py filename became | version.places: src/lantern/__init__.py',
    '21 files docker/compose.yaml filename became | version.places: docker/compose.yaml, search "lantern:{version}"', '22 files docker/compose.yaml search anyway', '23 files docker/compose.yaml replace anyway',
    '26 files docs/**/*.md glob left', '29 files docs/api.md filename left', '30 files docs/api.md regex left', '31 files docs/api.md search left',
    '34 files CHANGELOG.md filename became | changelog: CHANGELOG.md', '35 files CHANGELOG.md search anyway', '36 files CHANGELOG.md replace anyway',
  ],
  'semantic-release, a Node service': [
    '2 branches main became | git.branch: main', '2 branches next left', '2 branches 1.x left', '3 tagFormat became | git.tag: {version}', '4 repositoryUrl became | github.repository: acme/harbour',
    '6 @semantic-release/commit-analyzer anyway', '6 @semantic-release/commit-analyzer preset anyway', '6 @semantic-release/commit-analyzer releaseRules left',
    '7 @semantic-release/release-notes-generator anyway',
    '8 @semantic-release/changelog anyway', '8 @semantic-release/changelog changelogFile became | changelog: docs/CHANGELOG.md', '8 @semantic-release/changelog changelogTitle anyway',
    '9 @semantic-release/npm became | version.places: package.json', '9 @semantic-release/npm npmPublish anyway',
    '10 @semantic-release/git anyway', '11 @semantic-release/git assets package.json became | version.places: package.json', '11 @semantic-release/git assets docs/CHANGELOG.md became | changelog: docs/CHANGELOG.md',
    '11 @semantic-release/git assets dist/*.js left', '12 @semantic-release/git message left',
    '14 @semantic-release/exec anyway', '14 @semantic-release/exec verifyConditionsCmd became | checks: lint, run "npm run lint"', '14 @semantic-release/exec publishCmd left',
    '15 @codedependant/semantic-release-docker became | image.repository: ghcr.io/acme/harbour | image.dockerfile: docker/Dockerfile', ...['dockerImage', 'dockerRegistry', 'dockerProject', 'dockerFile'].map((key) => `15 @codedependant/semantic-release-docker ${key} anyway`),
    '16 @google/semantic-release-replace-plugin anyway', '17 @google/semantic-release-replace-plugin replacements helm/values.yaml became | version.places: helm/values.yaml, search "tag: {version}"',
    '19 @semantic-release/github anyway', '19 @semantic-release/github assets left', '19 @semantic-release/github successComment anyway', '19 @semantic-release/github releaseNameTemplate became | github.title: Harbour {version}',
    '20 @acme/release-tweets left', '22 colour left',
  ],
  'semantic-release, in package.json': ['5 branches trunk became | git.branch: trunk', '6 @semantic-release/npm became | version.places: package.json'],
  'semantic-release, in YAML': ['2 branches +([0-9])?(.{+([0-9]),x}).x left', '3 branches main became | git.branch: main', '4 extends left', '5 plugins anyway'],
  'semantic-release, in code': ['1 (code) left'],
  'release-please, a Rust tool': [
    '2 $schema anyway', '3 release-type became | version.places: Cargo.toml', '4 include-component-in-tag became | git.tag: v{version}', '5 bump-minor-pre-major left', '6 changelog-sections left',
    '9 packages . package-name became | name: gull', '10 packages . changelog-path became | changelog: NEWS.md', '12 packages . extra-files README.md left', '13 packages . extra-files VERSION became | version.places: VERSION',
    '14 packages . extra-files deploy/app.yaml became | version.places: deploy/app.yaml, search "version: {version}"', '15 packages . extra-files /py/pyproject.toml became | version.places: py/pyproject.toml', '16 packages . extra-files docs/*.md left',
    '19 packages crates/egg left', '2 . anyway', '3 crates/egg left',
  ],
  'release-it, a Node library': [
    '2 $schema anyway', '4 git.tagName became | git.tag: v{version}', '5 git.commitMessage left', '6 git.requireBranch became | git.branch: main', '7 git.push anyway', '8 git.commit left',
    '10 github.release anyway', '10 github.releaseName became | github.title: Rope {version}', '10 github.comments.submit left', '11 npm.publish left',
    '12 hooks.before:init became | checks: lint, run "npm run lint" | checks: tests, run "npm test"', '12 hooks.after:bump left',
    '14 plugins @release-it/keep-a-changelog anyway', '14 @release-it/keep-a-changelog filename became | changelog: CHANGES.md', '14 @release-it/keep-a-changelog addUnreleased anyway',
    '15 plugins @release-it/bumper anyway', '15 @release-it/bumper in package.json became | version.places: package.json', '15 @release-it/bumper out manifest.json became | version.places: manifest.json, search "\\"revision\\": \\"{version}\\""',
    '15 @release-it/bumper out VERSION became | version.places: VERSION', '15 @release-it/bumper out src/*.js left', '16 plugins release-it-beer left',
  ],
  'release-it, in TOML': ['1 npm anyway', '4 git.tagName became | git.tag: rope-{version}', '5 git.requireBranch left'],
  'release-it, in package.json': ['1 github.comments anyway', '1 gitlab left'],
  'changesets, a monorepo': ['2 $schema anyway', '3 changelog anyway', '4 commit left', '5 fixed anyway', '6 linked left', '7 access left', '8 baseBranch became | git.branch: develop', '9 updateInternalDependencies left', '10 ignore anyway'],
  'GoReleaser, a Go program': [
    '1 version anyway', '2 project_name became | name: anchor', '6 before.hooks go mod tidy left', '7 before.hooks go test ./... became | checks: tests, run "go test ./..."', '9 builds left', '16 archives left',
    '20 dockers.image_templates became | image.repository: ghcr.io/acme/anchor | image.tag: v{version} | image.floating: v{major}, latest', '24 dockers.dockerfile became | image.dockerfile: build/Dockerfile', '25 dockers.goarch left',
    '28 docker_manifests.name_template became | image.repository: ghcr.io/acme/anchor | image.tag: v{version}', '29 docker_manifests.image_templates anyway', '31 sboms became | sbom: formats ["cyclonedx"]',
    '35 release.github became | github.repository: acme/anchor', '38 release.draft left', '39 release.name_template became | github.title: {name} {version}', '41 checksum anyway', '43 brews left', '45 shiny left',
  ],
  'python-semantic-release': [
    '5 version_toml pyproject.toml:project.version became | version.places: pyproject.toml', '7 version_variables src/tide/__init__.py:__version__ became | version.places: src/tide/__init__.py',
    '8 version_variables docs/conf.py:release became | version.places: docs/conf.py, search "release = \\"{version}\\""', '10 tag_format became | git.tag: {version}', '11 commit_message left', '12 major_on_zero left', '13 build_command left', '14 upload_to_pypi anyway',
    '17 branches.main.match became | git.branch: main', '20 branches.beta.match left', '21 branches.beta.prerelease left', '24 changelog.default_templates.changelog_file became | changelog: CHANGELOG.md', '27 remote.type anyway', '28 remote.token became | github.token: RELEASE_TOKEN',
  ],
  'python-semantic-release, its older settings': [
    '2 branch became | git.branch: trunk', '3 version_variable tide.py:__version__ became | version.places: tide.py', '3 version_variable docs/index.txt:tide became | version.places: docs/index.txt, search "tide = \\"{version}\\""', '4 version_pattern README.md:v{version} left',
  ],
}

for (const [project, files] of Object.entries(PROJECTS)) {
  test(`every line of ${project} is told`, () => {
    const { lines, problems } = read(files)
    assert.deepEqual(problems, [])
    assert.deepEqual(lines.map(short), EXPECTED[project])
    for (const line of lines) assert.equal(line.why !== undefined, line.outcome !== 'became', line.setting)
  })
}

/** Where a file's settings of these tools stand in it. */
function rootsOf(file: string, text: string): readonly (Node | undefined)[] {
  if (/\.[cm]?js$/.test(file)) return []
  const { node } = /\.cfg$/.test(file) ? readIni(file, text) : file.endsWith('.toml') ? readToml(file, text) : /json$/.test(file) || text.startsWith('{') ? readJson(file, text) : readYaml(file, text)
  if (file === 'package.json') return [at(node, 'release'), at(node, 'release-it')]
  if (file === 'pyproject.toml') return [at(node, 'tool', 'bumpversion'), at(node, 'tool', 'semantic_release')]
  if (file === 'setup.cfg') return [at(node, 'bumpversion')]
  return [at(node, 'semantic_release') ?? node]
}

/** Every key below which nothing is told, by its line. */
function untold(node: Node | undefined, told: ReadonlySet<number>): readonly string[] {
  if (node?.is === 'list') return node.items.flatMap((item) => untold(item, told))
  if (node?.is !== 'map') return []
  return node.entries.flatMap(({ key, place, value }) => {
    if (told.has(place.line ?? 0)) return []
    const isOpen = value.is === 'map' ? value.entries.length > 0 : value.is === 'list' && value.items.length > 0
    const below = value.is === 'list' && value.items.some((item) => told.has(item.place.line ?? 0))
    return below ? [] : isOpen ? untold(value, told) : [`${place.line ?? 0} ${key}`]
  })
}

test('no setting of any project is passed over, and none is told twice', () => {
  for (const [project, files] of Object.entries(PROJECTS)) {
    const { lines } = read(files)
    for (const [file, text] of Object.entries(files)) {
      const told = new Set(lines.filter((line) => line.file === file).map(({ line }) => line))
      // A section of bumpversion with nothing in it that is told is a heading.
      assert.deepEqual(rootsOf(file, text).flatMap((root) => untold(root, told)), [], `${project}: ${file}`)
    }
    const names = lines.map(({ file, line, setting }) => `${file}:${line} ${setting}`)
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], project)
  }
})

/** The config with the little that no tool's settings say. */
function whole(config: ReturnType<typeof read>['config']): string {
  const { name = 'x', version = { places: ['VERSION'] }, github, ...others } = config as Record<string, unknown>
  return stringify({ name, version, ...others, ...(github !== undefined && { github: { repository: 'acme/x', ...github } }) })
}

test('what is imported is a slipway.yaml, alone and all together', () => {
  for (const files of [...Object.values(PROJECTS), Object.assign({}, ...Object.values(PROJECTS)) as Record<string, string>]) {
    const text = whole(read(files).config)
    assert.doesNotThrow(() => parseConfig({ file: 'slipway.yaml', text, targets: TARGETS }), text)
  }
})

test('a whole config comes of bumpversion and GoReleaser', () => {
  assert.deepEqual(read(PROJECTS['bump2version, a Python library'] ?? {}).config, {
    git: { tag: '{version}' },
    version: { places: ['setup.py', 'parcel/__init__.py', { path: 'docs/conf.py', search: 'release = \'{version}\'' }, { path: 'README.rst', search: 'parcel=={version}' }] },
    changelog: 'HISTORY.md',
  })
  assert.deepEqual(read(PROJECTS['GoReleaser, a Go program'] ?? {}).config, {
    name: 'anchor',
    checks: [{ name: 'tests', run: 'go test ./...' }],
    image: { repository: 'ghcr.io/acme/anchor', tag: 'v{version}', floating: ['v{major}', 'latest'], dockerfile: 'build/Dockerfile' },
    sbom: { formats: ['cyclonedx'] },
    github: { repository: 'acme/anchor', title: '{name} {version}' },
  })
})

test('of two tools that disagree the first counts, and the other line says so', () => {
  const { config, lines } = read({ '.bumpversion.cfg': '[bumpversion]\ntag_name = {new_version}\n', '.release-it.json': '{ "git": { "tagName": "v${version}" } }' })
  assert.deepEqual(config, { git: { tag: '{version}' } })
  const last = lines.at(-1)
  assert.equal(last?.outcome, 'left')
  assert.match(last?.why ?? '', /git\.tag: \{version\} was taken from \.bumpversion\.cfg:2, and this says git\.tag: v\{version\}/)
})

test('a file that cannot be read is a problem with line and column, and the others are read all the same', () => {
  const places = (problems: readonly Problem[]) => problems.map(({ place }) => `${place?.file ?? ''}:${place?.line ?? 0}:${place?.column ?? 0}`)
  const broken = read({ '.releaserc': '{\n  "branches": [\n}', '.goreleaser.yaml': 'a: [\n', '.release-it.toml': 'a =\n', '.changeset/config.json': '', '.bumpversion.cfg': 'x\n[bumpversion]\nlonely\ntag_name = v{new_version}\n', 'pyproject.toml': '[tool.semantic_release]\na = "\n' })
  assert.deepEqual(places(broken.problems), ['.bumpversion.cfg:1:1', '.bumpversion.cfg:3:1', 'pyproject.toml:2:5', '.releaserc:3:1', '.release-it.toml:1:4', '.changeset/config.json:1:1', '.goreleaser.yaml:2:1'])
  assert.deepEqual(broken.lines.map(short), ['4 tag_name became | git.tag: v{version}'])
})

test('the files of other projects give nothing, and values of the wrong sort no exception', () => {
  assert.deepEqual(read({ 'pyproject.toml': '[project]\nname = "x"\n', 'setup.cfg': '[metadata]\nname = x\n', 'package.json': '{"name":"x"}', '.releaserc': '' }), { config: {}, lines: [], problems: [] })
  const value = fc.letrec((tie) => ({ any: fc.oneof({ depthSize: 'small' }, fc.constantFrom<unknown>(null, true, false, 1, '', 'x', 'main', '../x', '{{ .Version }}', '${version}', '{new_version}', 'a:b'), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('name', 'path', 'file', 'files', 'to', 'type', 'github', 'match', 'env'), tie('any'), { maxKeys: 3 })) })).any
  const keys = fc.constantFrom('branches', 'plugins', 'tagFormat', 'git', 'github', 'npm', 'hooks', 'packages', 'extra-files', 'release-type', 'dockers', 'before', 'release', 'fixed', 'baseBranch', 'semantic_release', 'version_variables', 'files')
  const jsonFiles = SETTINGS_FILES.filter((file) => file.endsWith('.json') || file.endsWith('.yaml'))
  fc.assert(fc.property(fc.constantFrom(...jsonFiles), fc.dictionary(keys, value), (file, settings) => {
    const content = file === 'package.json' ? { 'release': settings, 'release-it': settings } : settings
    const { lines, problems, config } = read({ [file]: JSON.stringify(content) })
    assert.deepEqual(problems, [])
    const told = file === 'package.json' ? 2 : file === 'releaserc.json' ? 0 : 1
    assert.ok(lines.length >= Object.keys(settings).length * told, JSON.stringify(settings))
    assert.doesNotThrow(() => parseConfig({ file: 'slipway.yaml', text: whole(config), targets: TARGETS }), JSON.stringify(settings))
  }), { numRuns: 2000 })
})

test('every tool has a project among these, and every file of it is among the files that are read', () => {
  const seen = new Set(Object.values(PROJECTS).flatMap((files) => read(files).lines.map(({ tool }) => tool)))
  assert.deepEqual(IMPORTERS.map(({ tool }) => tool).filter((tool) => !seen.has(tool)), [])
  assert.ok(['.bumpversion.cfg', 'setup.cfg', 'pyproject.toml', '.releaserc', 'package.json', 'release.config.js', 'release-please-config.json', '.release-it.yaml', '.changeset/config.json', '.goreleaser.yml', 'releaserc.toml'].every((file) => SETTINGS_FILES.includes(file)))
})

test('a token that stands in another tool\'s settings goes nowhere', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`
  const told = read({
    '.release-it.json': JSON.stringify({ github: { tokenRef: token, releaseName: token }, hooks: { 'before:init': `npm test -- --key ${token}`, 'after:bump': `curl -H ${token} x` } }),
    '.goreleaser.yaml': `before:\n  hooks: ["curl ${token}"]\nproject_name: ${token}\n`,
    'releaserc.toml': `[semantic_release.remote]\ntoken = "${token}"\n`,
  })
  assert.equal(told.lines.length, 7)
  assert.doesNotMatch(JSON.stringify(told), /ghp_a1B2/)
})
