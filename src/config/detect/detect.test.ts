// Tests of what is guessed from the files of a repository, and of what is found to disagree.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { configText, detect, importedPaths, isWorthReading, readImports, type Detected, type ProjectFacts } from './index.ts'

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-01\n'

function look(files: Readonly<Record<string, string>>, also: Partial<ProjectFacts> = {}): Detected {
  const all = { 'CHANGELOG.md': CHANGELOG, ...files }
  const worth = new Map(Object.entries(all).filter(([path]) => isWorthReading(path)))
  const named = importedPaths(readImports({ texts: worth }))
  const texts = new Map(Object.entries(all).filter(([path]) => worth.has(path) || named.includes(path)))
  return detect({ folder: 'tiny', paths: Object.keys(all), texts, remote: { name: 'origin', url: 'https://github.com/acme/tiny.git' }, branch: 'main', tags: ['v1.2.0'], ...also })
}

const valuesOf = ({ guesses }: Detected, setting: string): readonly unknown[] => guesses.filter((each) => each.setting === setting).map(({ value }) => value)
const messages = ({ findings }: Detected): string => findings.map(({ message }) => message).join('\n')

const PYPROJECT = '[project]\nname = "tiny-tool"\n'

test('the file that a build takes its version from comes first, whatever the build', () => {
  const about = { 'src/tiny_tool/__init__.py': '', 'src/tiny_tool/_version.py': '__version__ = "1.2.0"\n' }
  const first = (files: Readonly<Record<string, string>>): unknown => valuesOf(look(files), 'version.places')[0]
  assert.equal(first({ 'pyproject.toml': `${PYPROJECT}version = "1.2.0"\n` }), 'pyproject.toml')
  assert.equal(first({ 'pyproject.toml': '[tool.poetry]\nname = "tiny-tool"\nversion = "1.2.0"\n' }), 'pyproject.toml')
  assert.equal(first({ ...about, 'pyproject.toml': `${PYPROJECT}dynamic = ["version"]\n[tool.hatch.version]\npath = "src/tiny_tool/_version.py"\n` }), 'src/tiny_tool/_version.py')
  assert.equal(first({ ...about, 'pyproject.toml': `${PYPROJECT}dynamic = ["version"]\n[tool.pdm]\nversion = { source = "file", path = "src/tiny_tool/_version.py" }\n` }), 'src/tiny_tool/_version.py')
  assert.equal(first({ ...about, 'pyproject.toml': `${PYPROJECT}dynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = { attr = "tiny_tool._version.__version__" }\n` }), 'src/tiny_tool/_version.py')
  assert.deepEqual(first({ 'VERSION': '1.2.0\n', 'pyproject.toml': `${PYPROJECT}dynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = { file = ["VERSION"] }\n` }), 'VERSION')
  assert.equal(first({ 'tiny_tool/__init__.py': '"""Tiny."""\n__version__ = "1.2.0"\n', 'pyproject.toml': `[build-system]\nbuild-backend = "flit_core.buildapi"\n${PYPROJECT}dynamic = ["version", "description"]\n` }), 'tiny_tool/__init__.py')
  assert.deepEqual(first({ 'setup.py': 'import setuptools\nsetuptools.setup()\n', 'setup.cfg': '[metadata]\nname = tiny-tool\nversion = 1.2.0\n' }), { path: 'setup.cfg', search: 'version = {version}' })
  assert.equal(first({ 'setup.py': 'from setuptools import setup\nsetup(name="tiny-tool", version="1.2.0")\n' }), 'setup.py')
})

test('manifests of other languages are places too, told apart from what they depend on', () => {
  const seen = look({
    'Cargo.toml': '[package]\nname = "tiny"\nversion = "1.2.0"\n\n[dependencies.other]\nversion = "1.2.0"\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: tiny\nversion: 1.2.0\nappVersion: "1.2.0"\n',
    'CITATION.cff': 'cff-version: 1.2.0\ntitle: tiny\nversion: 1.2.0\n',
    'pom.xml': '<project>\n  <artifactId>tiny</artifactId>\n  <version>1.2.0</version>\n  <dependency><artifactId>x</artifactId><version>9.9.9</version></dependency>\n</project>\n',
  })
  const paths = valuesOf(seen, 'version.places').map((place) => (place as { path?: string }).path ?? place)
  assert.deepEqual(paths.toSorted(), ['CITATION.cff', 'Cargo.toml', 'chart/Chart.yaml', 'pom.xml'])
})

test('a setup.py is read by its tokens, so that nothing in it runs and comments do not count', () => {
  const seen = look({
    'setup.py': '# name="wrong", version="9.9.9"\nimport os\nos.system("touch /tmp/never")\nfrom setuptools import setup, find_packages\nNAME = "tiny-tool"\nsetup(name=NAME, version="1.2.0", packages=find_packages(where="lib"), package_dir={"": "lib"}, extras_require={"x": ["name=2"]})\n',
    'lib/tiny_core/__init__.py': '', 'tests/__init__.py': '',
  })
  assert.deepEqual(valuesOf(seen, 'pypi.package'), ['tiny-tool'])
  assert.deepEqual(valuesOf(seen, 'pypi.smoke'), ['import tiny_core'])
})

test('a package that nothing could be imported from is a finding', () => {
  assert.match(messages(look({ 'pyproject.toml': `${PYPROJECT}version = "1.2.0"\n` })), /nothing was found that could be imported/)
  assert.equal(messages(look({ 'pyproject.toml': `${PYPROJECT}version = "1.2.0"\n`, 'tiny_tool.py': '' })), '')
})

test('places that disagree, and a changelog that stops before the last tag, are findings and not written', () => {
  const seen = look({ 'package.json': '{ "name": "tiny", "version": "1.3.0" }\n', 'Dockerfile': 'FROM scratch\nARG VERSION=1.1.0\n' }, { tags: ['v1.2.0', 'v1.3.0'] })
  assert.deepEqual(valuesOf(seen, 'version.places'), ['package.json'])
  assert.match(messages(seen), /Dockerfile holds the version 1\.1\.0, but the current version is 1\.3\.0 by package\.json\./)
  assert.match(messages(seen), /CHANGELOG\.md stops at 1\.2\.0, but the last tag is v1\.3\.0/)
  assert.match(messages(look({ 'package.json': '{ "name": "tiny", "version": "0.0.0" }\n' })), /The files carry 0\.0\.0, but the last tag is v1\.2\.0/)
})

test('a version that comes from tags alone is a finding with its tool', () => {
  const seen = look({ 'pyproject.toml': `[build-system]\nrequires = ["setuptools-scm"]\n${PYPROJECT}dynamic = ["version"]\n`, 'tiny_tool/__init__.py': '' })
  assert.deepEqual(valuesOf(seen, 'version.places'), [])
  assert.match(messages(seen), /setuptools-scm takes the version from git tags/)
})

test('documents are places where they name the project beside the version, and history is left alone', () => {
  const seen = look({
    'package.json': '{ "name": "tiny", "version": "1.2.0" }\n',
    'README.md': 'Run `ghcr.io/acme/tiny:1.2.0`, or tiny@1.2.0.\nSince 1.2.0 it is fast.\n', 'docs/upgrading.md': 'tiny@1.2.0\n', 'docs/deep/er/still/x.md': 'tiny@1.2.0\n',
  })
  assert.deepEqual(valuesOf(seen, 'version.places').slice(1), [{ path: 'README.md', search: 'ghcr.io/acme/tiny:{version}' }])
  assert.match(seen.remarks.join('\n'), /README\.md:2 names 1\.2\.0 too/)
})

test('checks come from the first file that names them', () => {
  const base = { 'package.json': '{ "name": "tiny", "version": "1.2.0", "scripts": { "test": "vitest", "lint": "eslint ." }, "devDependencies": { "vitest": "1" } }\n' }
  const runs = (files: Readonly<Record<string, string>>): readonly unknown[] => valuesOf(look(files), 'checks').map((check) => (check as { run: string }).run)
  assert.deepEqual(runs(base), ['npm install && npm test', 'npm install && npm run lint'])
  assert.deepEqual(runs({ ...base, 'package-lock.json': '{ "version": "1.2.0" }' }), ['npm ci && npm test', 'npm ci && npm run lint'])
  assert.deepEqual(runs({ ...base, 'Makefile': 'test:\n\ttrue\nVERSION := 1\n' }), ['make test', 'npm install && npm run lint'])
  const bare = { 'setup.py': 'from setuptools import setup\nsetup(name="tiny", version="1.2.0")\n' }
  assert.deepEqual(runs({ ...bare, 'tox.ini': '[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = flake8\n' }), ['tox', 'tox -e lint'])
  assert.deepEqual(runs({ ...bare, 'noxfile.py': 'import nox\n@nox.session\ndef tests(session):\n    pass\n' }), ['nox -s tests'])
  assert.deepEqual(runs({ ...bare, 'pyproject.toml': '[tool.hatch.envs.default.scripts]\ntest = "pytest"\n[tool.ruff]\nline-length = 99\n[tool.mypy]\n' }), ['hatch run test', 'ruff check .', 'mypy .'])
  assert.deepEqual(runs({ ...bare, '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: pip install . && pytest\n      - run: |\n          python -m pytest -q\n' }), ['python -m pytest -q'])
  assert.deepEqual(runs({ ...bare, 'tests/test_a.py': '' }), ['python3 -m unittest discover -s tests'])
  assert.deepEqual(runs({ 'package.json': '{ "version": "1.2.0", "scripts": { "test": "echo \\"Error: no test specified\\" && exit 1" } }\n' }), [])
})

test('the image is called as workflows call it, else after the repository; without either a person is asked', () => {
  const files = { 'package.json': '{ "name": "tiny", "version": "1.2.0" }\n', 'Dockerfile': 'FROM scratch\n' }
  const workflow = (images: string): string => `jobs:\n  a:\n    steps:\n      - uses: docker/metadata-action@v5\n        with:\n          images: ${images}\n`
  assert.deepEqual(valuesOf(look(files), 'image.repository'), ['ghcr.io/acme/tiny'])
  assert.deepEqual(valuesOf(look({ ...files, '.github/workflows/r.yml': workflow('acme/other') }), 'image.repository'), ['docker.io/acme/other'])
  assert.deepEqual(valuesOf(look({ ...files, '.github/workflows/r.yml': workflow('ghcr.io/${{ github.repository }}') }), 'image.repository'), ['ghcr.io/acme/tiny'])
  assert.deepEqual(valuesOf(look(files), 'image.smoke'), [false])
  const elsewhere = look(files, { remote: { name: 'origin', url: 'https://git.example.org/tiny.git' } })
  assert.deepEqual([valuesOf(elsewhere, 'image.repository'), elsewhere.questions.map(({ setting }) => setting), valuesOf(elsewhere, 'git.merge')], [[], ['image.repository'], ['push']])
  assert.doesNotMatch(configText(elsewhere.guesses), /^image:/m)
})

test('an image that would hold other files than the wheel is a finding', () => {
  const files = { 'pyproject.toml': `${PYPROJECT}version = "1.2.0"\n`, 'tiny_tool.py': '' }
  assert.match(messages(look({ ...files, 'Dockerfile': 'FROM python\nCOPY . /app\nRUN pip install /app\n' })), /other files than the wheel/)
  assert.match(messages(look({ ...files, 'Dockerfile': 'FROM python\nCOPY . .\nRUN pip install --no-cache-dir .\n' })), /other files than the wheel/)
  assert.equal(messages(look({ ...files, 'Dockerfile': 'FROM python\nARG WHEEL\nCOPY . /app\nRUN test -n "$WHEEL" || pip install /app\n' })), '', 'only where no wheel is given')
  assert.equal(messages(look({ ...files, 'Dockerfile': 'FROM python\nARG WHEEL\nCOPY ${WHEEL} /w/\nRUN pip install /w/*.whl\n' })), '')
})

test('tags, branch and owners that are not the usual ones are written', () => {
  const seen = look({ 'package.json': '{ "version": "1.2.0" }\n', '.github/CODEOWNERS': '/docs @writer\n* @ada @acme/team # all\n' }, { tags: ['tiny-1.1.0', 'tiny-1.2.0', 'v0.1.0', 'nightly'], branch: 'master' })
  const config = parse(configText(seen.guesses)) as Record<string, unknown>
  assert.deepEqual(config['git'], { branch: 'master', tag: 'tiny-{version}' })
  assert.deepEqual(config['github'], { repository: 'acme/tiny', reviewers: ['ada'] })
})

test('what publishes today is told', () => {
  const seen = look({ 'package.json': '{ "version": "1.2.0" }\n', '.github/workflows/p.yml': 'jobs:\n  a:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@release/v1\n      - run: npm publish\n' })
  assert.match(seen.remarks.join('\n'), /p\.yml publishes today \(pypa\/gh-action-pypi-publish, npm publish\)/)
})

test('names that only look like options or YAML come out as the text that they are', () => {
  const seen = look({ 'package.json': '{ "name": "yes: no # {", "version": "1.2.0" }\n' })
  assert.equal((parse(configText(seen.guesses)) as { name: string }).name, 'yes: no # {')
})

const BUMPVERSION = `[bumpversion]
current_version = 1.2.0
tag_name = rel-{new_version}
[bumpversion:file:setup.py]
search = version="{current_version}"
replace = version="{new_version}"
[bumpversion:file:docs/conf.py]
search = release = '{current_version}'
replace = release = '{new_version}'
[bumpversion:file:docs/gone.txt]
[bumpversion:file:docs/other.py]
search = release = '{current_version}'
replace = release = '{new_version}'
[bumpversion:file:README.md]
search = badge-{current_version}-blue
replace = badge-{new_version}-blue
`

test('settings of another tool add what only they name, once, and each line says what became of it', () => {
  const seen = look({
    '.bumpversion.cfg': BUMPVERSION, 'setup.py': 'from setuptools import setup\nsetup(name="tiny", version="1.2.0")\n', 'tiny.py': '', 'docs/conf.py': 'release = \'1.2.0\'\n', 'docs/other.py': 'release = "1.2.0"\n',
    'README.md': '![](badge-1.2.0-blue)\nInstall tiny==1.2.0.\n',
  })
  assert.deepEqual(valuesOf(seen, 'version.places'), [
    'setup.py', { path: '.bumpversion.cfg', search: 'current_version = {version}' }, { path: 'docs/conf.py', search: 'release = \'{version}\'' }, { path: 'README.md', search: 'badge-{version}-blue' }, { path: 'README.md', search: 'tiny=={version}' },
  ])
  const told = seen.imported.map(({ line, outcome, what, why }) => [line, outcome, what.join(), why ?? ''])
  assert.deepEqual(told.find(([line]) => line === 4), [4, 'became', 'version.places: setup.py', ''])
  assert.match(String(told.find(([line]) => line === 3)), /^3,left,,It says git\.tag: rel-\{version\}, but git\.tag: v\{version\} counts: the last tag is v1\.2\.0\.$/)
  assert.match(String(told.find(([line]) => line === 10)), /left,,docs\/gone\.txt is not tracked/)
  assert.match(String(told.find(([line]) => line === 11)), /left,,docs\/other\.py does not hold "release = '\{version\}'" as it stands/)
  assert.match(seen.remarks.join('\n'), /bumpversion is no longer needed: take its settings out of \.bumpversion\.cfg/)
})

test('tags and branch of another tool count where the repository shows none', () => {
  const files = { 'package.json': '{ "name": "tiny", "version": "1.2.0" }\n', '.releaserc': '{ "branches": ["trunk"], "tagFormat": "tiny-${version}" }' }
  assert.deepEqual(valuesOf(look(files, { tags: [], branch: undefined }), 'git.tag'), ['tiny-{version}'])
  assert.deepEqual(valuesOf(look(files, { tags: [], branch: undefined }), 'git.branch'), ['trunk'])
  const seen = look(files)
  assert.deepEqual([valuesOf(seen, 'git.tag'), valuesOf(seen, 'git.branch')], [['v{version}'], ['main']])
  assert.match(seen.imported.map(({ why }) => why).join('\n'), /It says git\.branch: trunk, but git\.branch: main counts: it is the main branch of origin\./)
})

test('checks of another tool are added to those that were found, unless they are the same', () => {
  const files = { 'package.json': '{ "name": "tiny", "version": "1.2.0", "scripts": { "test": "vitest" }, "devDependencies": { "vitest": "1" } }\n', '.release-it.json': '{ "hooks": { "before:init": ["npm test", "npm run lint", "./test.sh --all"] } }' }
  assert.deepEqual(valuesOf(look(files), 'checks'), [{ name: 'tests', run: 'npm install && npm test' }, { name: 'lint', run: 'npm install && npm run lint' }, { name: 'tests 2', run: './test.sh --all' }])
})

test('the changelog that another tool writes is taken where it is there, or where there is none', () => {
  const notes = (file: string): string => `[tool.semantic_release]\nchangelog_file = "${file}"\n[project]\nname = "tiny"\nversion = "1.2.0"\n`
  assert.deepEqual(valuesOf(look({ 'pyproject.toml': notes('docs/NOTES.md'), 'docs/NOTES.md': CHANGELOG }), 'changelog'), ['docs/NOTES.md'])
  const seen = look({ 'pyproject.toml': notes('NOTES.md') })
  assert.deepEqual(valuesOf(seen, 'changelog'), ['CHANGELOG.md'])
  assert.match(seen.imported[0]?.why ?? '', /It says changelog: NOTES\.md, but changelog: CHANGELOG\.md counts: it is there/)
})

test('what init does not write is left to be written by hand, and what cannot be read is to be mended', () => {
  const seen = look({ 'package.json': '{ "name": "tiny", "version": "1.2.0" }\n', '.goreleaser.yaml': 'sboms:\n  - artifacts: archive\ndockers:\n  - image_templates: ["ghcr.io/acme/other:{{ .Version }}"]\nrelease:\n  name_template: "Tiny {{ .Version }}"\n', '.release-it.json': '{' })
  assert.deepEqual(valuesOf(seen, 'github.title'), ['Tiny {version}'])
  const why = seen.imported.map((each) => each.why ?? '').join('\n')
  assert.match(why, /Write `sbom` by hand/)
  assert.match(why, /no Dockerfile is tracked\. Write `image` by hand/)
  assert.match(messages(seen), /\.release-it\.json is not valid JSON/)
})

test('a chart that counts on its own is a place by the line that agrees', () => {
  const chart = (version: string, app: string): readonly unknown[] => valuesOf(look({ 'package.json': '{ "name": "tiny", "version": "1.2.0" }\n', 'chart/Chart.yaml': `name: tiny\nversion: ${version}\nappVersion: "${app}"\n` }), 'version.places').slice(1)
  assert.deepEqual(chart('1.2.0', '1.2.0'), ['chart/Chart.yaml'])
  assert.deepEqual(chart('7.0.0', '1.2.0'), [{ path: 'chart/Chart.yaml', search: 'appVersion: "{version}"' }])
  assert.deepEqual(chart('1.2.0', '16.1'), [{ path: 'chart/Chart.yaml', search: 'version: {version}' }])
})

test('no line is written by two places, whoever names them', () => {
  const seen = look({
    '.bumpversion.cfg': '[bumpversion]\n[bumpversion:file:setup.py]\nsearch = (version="{current_version}"\nreplace = (version="{new_version}"\n[bumpversion:file:README.md]\nsearch = install tiny=={current_version}\nreplace = install tiny=={new_version}\n',
    'setup.py': 'from setuptools import setup\nsetup(version="1.2.0", name="tiny")\n', 'tiny.py': '', 'README.md': 'pip install tiny==1.2.0\n',
  })
  assert.deepEqual(valuesOf(seen, 'version.places'), ['setup.py', { path: 'README.md', search: 'install tiny=={version}' }])
  assert.deepEqual(seen.imported.filter(({ line }) => line === 2).map(({ outcome, why }) => [outcome, why]), [['anyway', 'setup.py is a place already, and that line of it is written.']])
})
