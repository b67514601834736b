// The index, proved by real twine and pip.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sdist, wheel } from '../../../test/support/distributions.ts'
import type { Distribution } from '../../../test/support/distributions.ts'
import { pipEnv, pythonWith } from '../../../test/support/python.ts'
import { faultPlan } from '../faults.ts'
import type { FaultRule } from '../faults.ts'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'
import type { Service } from '../service.ts'
import { person } from './person.ts'
import { pypiService } from './service.ts'
import { allFiles, createPypiState } from './state.ts'
import type { PypiState } from './state.ts'

interface Ran {
  readonly code: number
  readonly output: string
}

interface Rig extends AsyncDisposable {
  readonly state: PypiState
  readonly world: Served
  readonly folder: string
  upload(dists: readonly Distribution[], ...flags: readonly string[]): Promise<Ran>
  download(wanted: string, ...flags: readonly string[]): Promise<Ran & { readonly files: readonly string[] }>
}

async function rig(options: { rules?: readonly FaultRule[]; accept?: string } = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-pypi-'))
  const state = createPypiState({ projects: [{ name: 'tinyslip', owners: ['owner'] }], tokens: [{ token: 'pypi-owner', user: 'owner' }] })
  const service = pypiService({ index: 'pypi', state })
  const { accept } = options
  const asked: Service = accept === undefined ? service : { hosts: service.hosts, handle: (call) => service.handle({ ...call, headers: { ...call.headers, accept } }) }
  const world = await serve({ services: [asked], faults: faultPlan(options.rules ?? []) })
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> => new Promise((resolve) => {
    execFile(pythonWith([args[1] ?? '']), args, { env: { ...pipEnv(), ...env }, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr })
    })
  })
  let downloads = 0
  return {
    state, world, folder,
    async upload(dists, ...flags) {
      for (const { filename, bytes } of dists) writeFileSync(join(folder, filename), bytes)
      const fixed = ['--config-file', devNull, '--non-interactive', '--disable-progress-bar', '--verbose', '--repository-url', world.address('https://upload.pypi.org/legacy/')]
      return run(['-m', 'twine', 'upload', ...fixed, ...flags, ...dists.map((dist) => dist.filename)], { TWINE_USERNAME: '__token__', TWINE_PASSWORD: 'pypi-owner', COLUMNS: '1000' })
    },
    async download(wanted, ...flags) {
      downloads += 1
      const into = join(folder, `download-${downloads}`)
      const ran = await run(['-m', 'pip', 'download', '--no-deps', '--index-url', world.address('https://pypi.org/simple/'), '--dest', into, wanted, ...flags])
      return { ...ran, files: ran.code === 0 ? readdirSync(into) : [] }
    },
    async [Symbol.asyncDispose]() {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const stored = (state: PypiState): string[] => allFiles(state).map(({ file }) => file.filename).toSorted()

test('twine uploads a wheel and an sdist, and the same again', async () => {
  await using the = await rig()
  const dists = [wheel('tinyslip', '1.0.0'), sdist('tinyslip', '1.0.0')]
  for (const time of ['first', 'second']) {
    const ran = await the.upload(dists)
    assert.equal(ran.code, 0, `${time}: ${ran.output}`)
    assert.deepEqual(stored(the.state), ['tinyslip-1.0.0-py3-none-any.whl', 'tinyslip-1.0.0.tar.gz'])
  }
  assert.equal(the.state.serial, 2)
})

test('twine shows why other bytes are refused, and skips them when told to', async () => {
  await using the = await rig()
  await the.upload([wheel('tinyslip', '1.0.0')])
  const other = [wheel('tinyslip', '1.0.0', 'changed = True\n')]
  const refused = await the.upload(other)
  assert.equal(refused.code, 1)
  assert.match(refused.output, /400 File already exists \('tinyslip-1\.0\.0-py3-none-any\.whl', with blake2_256 hash/)
  const skipped = await the.upload(other, '--skip-existing')
  assert.equal(skipped.code, 0, skipped.output)
  assert.match(skipped.output, /Skipping tinyslip-1\.0\.0-py3-none-any\.whl because it appears to already exist/)
})

test('an upload whose answer was lost is there, and twine may repeat it', async () => {
  await using the = await rig({ rules: [{ host: 'upload.pypi.org', path: '/legacy/', times: 1, does: 'drop-after' }] })
  const dists = [wheel('tinyslip', '1.0.0')]
  assert.notEqual((await the.upload(dists)).code, 0)
  assert.deepEqual(stored(the.state), ['tinyslip-1.0.0-py3-none-any.whl'])
  assert.equal((await the.upload(dists)).code, 0)
  assert.equal(the.state.serial, 1)
})

for (const [form, accept] of [['JSON', undefined], ['HTML', 'text/html']] as const) {
  test(`pip reads the index in ${form} and passes over a yanked version unless it is pinned`, async () => {
    await using the = await rig(accept === undefined ? {} : { accept })
    const dists = [wheel('tinyslip', '1.0.0'), wheel('tinyslip', '1.1.0')]
    assert.equal((await the.upload(dists)).code, 0)
    const newest = await the.download('tinyslip')
    assert.deepEqual(newest.files, ['tinyslip-1.1.0-py3-none-any.whl'], newest.output)
    await person(the.state).yank({ project: 'tinyslip', version: '1.1.0', reason: 'it was a mistake' })
    assert.deepEqual((await the.download('tinyslip')).files, ['tinyslip-1.0.0-py3-none-any.whl'])
    const pinned = await the.download('tinyslip==1.1.0')
    assert.deepEqual(pinned.files, ['tinyslip-1.1.0-py3-none-any.whl'])
    assert.match(pinned.output, /it was a mistake/)
    const into = join(the.folder, 'download-1', 'tinyslip-1.1.0-py3-none-any.whl')
    assert.deepEqual(readFileSync(into), Buffer.from(dists[1]!.bytes))
  })
}

test('pip installs what was uploaded', async () => {
  await using the = await rig()
  await the.upload([wheel('tinyslip', '1.0.0')])
  const target = join(the.folder, 'installed')
  const args = ['-m', 'pip', 'install', '--target', target, '--index-url', the.world.address('https://pypi.org/simple/'), 'tinyslip']
  await new Promise<void>((resolve, reject) => {
    execFile(pythonWith(['pip']), args, { env: pipEnv() }, (error, _, stderr) => (error === null ? resolve() : reject(new Error(stderr))))
  })
  assert.equal(readFileSync(join(target, 'tinyslip.py'), 'utf8'), "VERSION = '1.0.0'\n")
})
