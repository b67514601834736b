// Tests of what the target proposes for each plan, and of its settings and examples.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Artifact } from '../../model/plan.ts'
import type { Ground } from '../../model/kind.ts'
import { pypiTarget as pypi } from './index.ts'
import { versionIn } from './name.ts'

const built = (name: string): Artifact => ({
  name, mediaType: 'application/zip', size: 3, sha256: `sha256:${'a'.repeat(64)}`, by: 'pypi',
  about: { filetype: name.endsWith('.whl') ? 'bdist_wheel' : 'sdist', pyversion: 'py3', blake2_256: 'b'.repeat(64), fields: [['name', 'tiny-slip'], ['version', '2.1.0rc1']] },
})
const context = {
  release: { name: 'tiny', from: '2.0.0', to: '2.1.0-rc.1', because: [] }, project: 'tiny', tag: 'v2.1.0-rc.1', releaseBranch: 'release/v2.1.0-rc.1', mainBranch: 'main', remote: 'origin',
  date: '2025-10-15T00:00:00Z', prerelease: true, newest: true, newestIn: { major: true, minor: true }, notes: '', author: 'Ann <ann@example.org>',
}
const commit = { commit: 'c', tree: 't', parent: 'p', message: '', author: '', date: '', files: [] }
const artifacts = [built('tiny_slip-2.1.0rc1.tar.gz'), built('tiny_slip-2.1.0rc1-py3-none-any.whl'), { ...built('image.tar'), by: 'image', about: {} }]
const settings = pypi.settings.parse({ package: 'tiny-slip', smoke: 'import tinyslip', trial: true, index: 'https://pypi.org/' })

test('a release is prepared by one build, one check and one install for each Python', () => {
  const drafts = pypi.prepare({ ...context, commit, repository: 'https://github.com/acme/app.git' }, settings)
  assert.deepEqual(drafts.map(({ kind, of }) => `${kind}:${of ?? ''}`), ['pypi.build:', 'pypi.check:', ...['3.9', '3.10', '3.11', '3.12', '3.13'].map((python) => `pypi.install:${python}`)])
  assert.deepEqual(drafts[0]?.input, { tree: 't', package: 'tiny-slip', version: '2.1.0rc1', epoch: 1_760_486_400, isolated: true })
})

test('a release is published by a trial, then each file after the wheel, then a verification', () => {
  const drafts = pypi.publish({ ...context, commit, artifacts, earlier: [], seen: [] }, settings)
  const wheel = 'tiny_slip-2.1.0rc1-py3-none-any.whl'
  const sdist = 'tiny_slip-2.1.0rc1.tar.gz'
  assert.deepEqual(drafts.map(({ phase, kind, of, needs }) => [phase, kind, of, needs]), [
    ['trial', 'pypi.trial', wheel, undefined],
    ['trial', 'pypi.trial', sdist, [`pypi.trial:${wheel}`]],
    ['trial', 'pypi.trial-install', undefined, [`pypi.trial:${wheel}`, `pypi.trial:${sdist}`]],
    ['publish', 'pypi.upload', wheel, undefined],
    ['publish', 'pypi.upload', sdist, [`pypi.upload:${wheel}`]],
    ['verify', 'pypi.verify', undefined, undefined],
  ])
  for (const draft of drafts) assert.deepEqual(pypi.kinds.find(({ kind }) => kind === draft.kind)?.input.parse(draft.input), draft.input)
  assert.deepEqual(pypi.publish({ ...context, commit, artifacts, earlier: [], seen: [] }, { ...settings, trial: false }).map(({ kind }) => kind), ['pypi.upload', 'pypi.upload', 'pypi.verify'])
  assert.deepEqual(pypi.publish({ ...context, commit, artifacts: [], earlier: [], seen: [] }, settings), [])
})

test('the release may begin only while the index lists nothing of the version', () => {
  const [expected] = pypi.expects(context, settings)
  assert.deepEqual([expected?.ask, expected?.about, expected?.saw], ['pypi.version', { index: 'https://pypi.org', project: 'tiny-slip', version: '2.1.0rc1' }, null])
  assert.equal(expected?.otherwise(['tiny_slip-2.1.0rc1.tar.gz']).code, 'version-published')
})

test('the secrets that are needed are named, the trial\'s only for a trial', () => {
  assert.deepEqual(pypi.secrets(settings).map(({ name }) => name), ['PYPI_TOKEN', 'TESTPYPI_TOKEN'])
  assert.deepEqual(pypi.secrets({ ...settings, trial: false }).map(({ name }) => name), ['PYPI_TOKEN'])
})

test('settings are strict and say what is wrong', () => {
  const bad = pypi.settings.safeParse({ package: 'a b', smoke: 'import a\nimport b', pythons: [3.12], index: 'ftp://x', colour: 1 })
  assert(!bad.success)
  assert.deepEqual(new Set(bad.error.issues.map(({ path }) => path.join('.'))), new Set(['package', 'smoke', 'pythons.0', 'index', '']))
})

test('every example is an input of its kind and describes itself', () => {
  const ground: Ground = {
    remote: 'origin', repository: { owner: 'ann', name: 'tiny' }, branch: 'main', base: { commit: 'b', tree: 'bt' },
    release: { commit: 'c'.repeat(40), tree: 'ct', files: [], message: '', author: '', date: '2025-10-15T00:00:00Z' }, version: '2.1.0-rc.1', tag: 'v2.1.0-rc.1', artifacts, former: `sha256:${'f'.repeat(64)}`,
  }
  for (const kind of pypi.kinds) {
    const examples = kind.examples(ground) as unknown[]
    assert(examples.length > 0)
    for (const example of examples) {
      assert.deepEqual(kind.input.parse(example), example)
      const { apply, undo, byHand } = kind.describe(example)
      assert(apply !== '' && undo !== '' && byHand.length > 0)
    }
  }
})

test('the version of a file is read from its name', () => {
  const names = ['tiny_slip-2.1.0-py3-none-any.whl', 'Tiny.Slip-2.1.0.tar.gz', 'tiny-slip-2.1.0.zip', 'tiny-slip-more-2.1.0.tar.gz', 'tiny_slip.txt']
  assert.deepEqual(names.map((name) => versionIn(name, 'tiny-slip')), ['2.1.0', '2.1.0', '2.1.0', undefined, undefined])
})
