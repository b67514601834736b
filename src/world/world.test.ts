// Tests of the world put together: what only shows where its parts meet.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { bodyText } from '../model/http.ts'
import { openWorld } from './world.ts'
import { gitTestEnv, repository, serve } from './test-rig.ts'

const evidence = { find: async () => undefined, record: async () => undefined }

test('an artifact that was kept in one scratch folder is streamed to a routed public host', async () => {
  await using at = await repository({ a: '1' })
  await using server = await serve((request, response) => request.pipe(response))
  const world = openWorld({ repository: at.path, folder: join(at.path, '.git', 'slipway'), env: gitTestEnv, version: '1', evidence, routes: { 'upload.pypi.org': `${server.url}/upload` }, now: () => new Date(5) })
  const { sha256 } = await world.scratch(async (folder) => {
    await folder.write('x', 'some bytes')
    return await folder.keep('x')
  })
  assert.equal(await world.artifacts.has(sha256), true)
  assert.equal(bodyText(await world.http({ method: 'POST', url: 'https://upload.pypi.org/legacy/', body: await world.artifacts.body(sha256) })), 'some bytes')
  assert.equal(world.address('https://upload.pypi.org/legacy/?a=b'), `${server.url}/upload/legacy/?a=b`)
  assert.equal(world.address('https://pypi.org/simple/'), 'https://pypi.org/simple/')
  assert.equal(world.now().getTime(), 5)
})

test('what a program prints of a secret is redacted, as it comes and in the end', async () => {
  await using at = await repository({ a: '1' })
  const world = openWorld({ repository: at.path, folder: at.path, env: { ...gitTestEnv, PYPI_TOKEN: 'pypi-hidden' }, version: '1', evidence })
  let heard = ''
  const answer = await world.run({ program: 'sh', args: ['-c', 'printf "a pypi-"; printf "hidden b"; printf "c pypi-hid" >&2; test "${PYPI_TOKEN-none}" = none'], heard: (text) => { heard += text } })
  assert.deepEqual(answer, { code: 0, stdout: 'a ***PYPI_TOKEN*** b', stderr: 'c pypi-hid' })
  assert.ok(!heard.includes('pypi-hidden'), heard)
  assert.deepEqual([world.hasSecret('PYPI_TOKEN'), world.hasSecret('OTHER')], [true, false])
  assert.equal((await world.git(['rev-parse', '--is-inside-work-tree'])).stdout, 'true\n')
})
