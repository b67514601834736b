// The configs that people begin from, against the real list of targets.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { TARGETS } from '../targets/list.ts'
import { SMALLEST_CONFIG } from './missing.ts'
import { parseConfig } from './parse.ts'

test('the config that is offered where there is none is complete', () => {
  assert.deepEqual([...parseConfig({ file: 'slipway.yaml', text: SMALLEST_CONFIG, targets: TARGETS }).targets.keys()], ['git', 'pypi'])
})

test('the example project has a valid config', async () => {
  const text = await readFile(new URL('../../examples/oneflow/slipway.yaml', import.meta.url), 'utf8')
  const config = parseConfig({ file: 'slipway.yaml', text, targets: TARGETS })
  assert.equal(config.name, 'oneflow-ai')
  assert.deepEqual(config.places.map(({ path }) => path), ['setup.py', 'src/__init__.py', 'Dockerfile', 'README.md'])
  assert.deepEqual([...config.targets.keys()].toSorted(), ['announce', 'checks', 'git', 'github', 'image', 'provenance', 'pypi', 'sbom', 'scan'])
})
