// Tests of what an install test tells of the environment that it made.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { World } from '../../model/world.ts'
import { pypiBuild } from './build.ts'
import { pypiInstall } from './install.ts'
import { apply, openTiny } from './tiny.fixture.ts'

const tiny = openTiny()
after(() => tiny[Symbol.asyncDispose]())

const EPOCH = 1_760_486_400
const install = { package: 'tiny-slip', version: '2.1.0', python: '3', smoke: 'import tinyslip', index: 'https://pypi.org', claimed: false }
let built: ReturnType<typeof build> | undefined
const build = () => apply(pypiBuild, tiny, { tree: tiny.tree(), package: 'tiny-slip', version: '2.1.0', epoch: EPOCH, isolated: false })
const artifacts = async () => (await (built ??= build())).artifacts

test('the environment is the Python and what was installed into it', async () => {
  const [newest] = await tiny.world.interpreters()
  const { environment } = await apply(pypiInstall, tiny, { ...install, artifacts: await artifacts() })
  assert.deepEqual(environment, { python: newest!.version, packages: [{ name: 'tiny-slip', version: '2.1.0' }] })
})

test('what an environment brought with itself is left out', async () => {
  const [newest] = await tiny.world.interpreters()
  const world: World = { ...tiny.world, interpreters: async () => [{ version: '3.99.0', path: 'false' }, newest!] }
  const python = newest!.version.split('.').slice(0, 2).join('.')
  const { environment } = await apply(pypiInstall, { world, once: tiny.once }, { ...install, artifacts: await artifacts(), python, smoke: 'import pip, tinyslip' })
  assert.deepEqual(environment?.packages, [{ name: 'tiny-slip', version: '2.1.0' }])
})

test('a Python that is not there leaves none, and evidence of before it was kept is still good', async () => {
  const missing = await apply(pypiInstall, tiny, { ...install, artifacts: await artifacts(), python: '3.99' })
  assert.equal(missing.environment, null)
  const old = { evidence: [{ title: 'x', passed: true, detail: 'y' }] }
  assert.deepEqual(pypiInstall.output.parse(old), { ...old, environment: null })
})
