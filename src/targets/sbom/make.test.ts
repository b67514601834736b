// Tests of sbom.make and of the target around it, over the real artifact store.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { Artifact, Digest } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { apply, openTiny } from '../pypi/tiny.fixture.ts'
import { sbomTarget } from './index.ts'
import { goProgram, keep, layerOf, type Made } from './layers.fixture.ts'
import { sbomMake } from './make.ts'

const tiny = openTiny()
after(() => tiny[Symbol.asyncDispose]())

const IMAGE = 'ghcr.io/acme/app'
const known = { project: 'app', version: '2.1.0', epoch: 1_760_486_400, formats: ['cyclonedx' as const] }
const dpkg = (...names: string[]): Made => ({ name: 'var/lib/dpkg/status', body: names.map((name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n`).join('\n') })
const DEBIAN: Made = { name: 'etc/os-release', body: 'ID=debian\nVERSION_ID=12\n' }
const METADATA: Made = { name: 'usr/lib/python3/x.dist-info/METADATA', body: 'Metadata-Version: 2.1\nName: x\nVersion: 3\nLicense: MIT\n' }

/** An image for one platform in the artifact store: its manifest and layers as artifacts. */
async function image(platform: string, ...layers: readonly (readonly Made[])[]): Promise<Artifact[]> {
  const stored = await Promise.all(layers.map(async (made) => keep(tiny.world, await layerOf(made))))
  const blobs = stored.map(({ sha256, size }): Artifact => ({
    name: `app-2.1.0-layer-${sha256.slice(7, 19)}.tar.gz`, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size, sha256, by: 'image', about: { role: 'layer', image: IMAGE }, internal: true,
  }))
  const manifest = await keep(tiny.world, Buffer.from(JSON.stringify([platform, stored])))
  return [{
    name: `app-2.1.0-${platform.replaceAll('/', '-')}.manifest.json`, mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest, by: 'image', internal: true,
    about: { role: 'manifest', image: IMAGE, version: '2.1.0', platform, config: manifest.sha256, layers: blobs.map(({ sha256, size, mediaType }) => ({ digest: sha256, size, mediaType })) },
  }, ...blobs]
}

const WHEEL: Artifact = {
  name: 'oneflow_ai-2.1.0-py3-none-any.whl', mediaType: 'application/zip', size: 10, sha256: `sha256:${'e'.repeat(64)}`, by: 'pypi',
  about: { filetype: 'bdist_wheel', pyversion: 'py3', blake2_256: 'b'.repeat(64), fields: [['name', 'oneflow-ai'], ['version', '2.1.0'], ['license_expression', 'Apache-2.0'], ['requires_dist', 'requests']] },
}
const SDIST: Artifact = { ...WHEEL, name: 'oneflow_ai-2.1.0.tar.gz', sha256: `sha256:${'d'.repeat(64)}`, about: { ...WHEEL.about, filetype: 'sdist' } }
const ENVIRONMENTS = [
  { python: '3.9.18', packages: [{ name: 'requests', version: '2.30.0' }] },
  null,
  { python: '3.12.1', packages: [{ name: 'oneflow-ai', version: '2.1.0' }, { name: 'requests', version: '2.32.3' }, { name: 'urllib3', version: '2.2.0' }] },
]

const make = (artifacts: unknown, more: object = {}) => apply(sbomMake, tiny, { ...known, artifacts, environments: [], ...more } as never)
const parsed = (artifacts: unknown, more: object = {}) => sbomMake.input.parse({ ...known, artifacts, environments: [], ...more })

async function textOf(world: World, sha256: Digest): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of (await world.artifacts.body(sha256)).open()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}

interface Document { readonly metadata: { readonly component: { readonly name: string; readonly purl: string; readonly licenses?: unknown }; readonly properties: unknown }; readonly components?: readonly { readonly name: string; readonly purl?: string }[] }
const documentOf = async (sha256: Digest) => JSON.parse(await textOf(tiny.world, sha256)) as Document

test('every platform gets an SBOM of what its layers hold, with a line of evidence', async () => {
  const amd = await image('linux/amd64', [DEBIAN, dpkg('bash', 'libc6'), { name: 'srv/node_modules/left-pad/package.json', body: '{"name":"left-pad","version":"1.3.0"}' }], [METADATA, { name: '.wh.srv' }])
  const arm = await image('linux/arm64/v8', [{ name: 'app', mode: 0o755, body: goProgram('go1.22.0', []) }])
  const { artifacts, evidence } = await make([amd, arm])
  assert.deepEqual(evidence, [
    { title: 'SBOM of linux/amd64', passed: true, detail: '3 packages (dpkg 2, pypi 1)' },
    { title: 'SBOM of linux/arm64/v8', passed: true, detail: '1 package (go 1)' },
  ])
  assert.deepEqual(artifacts.map(({ name, mediaType, by, about }) => ({ name, mediaType, by, about })), [
    { name: 'app-2.1.0-linux-amd64.cdx.json', mediaType: 'application/vnd.cyclonedx+json', by: 'sbom', about: { role: 'sbom', format: 'cyclonedx', describes: amd[0]!.sha256, of: 'image' } },
    { name: 'app-2.1.0-linux-arm64-v8.cdx.json', mediaType: 'application/vnd.cyclonedx+json', by: 'sbom', about: { role: 'sbom', format: 'cyclonedx', describes: arm[0]!.sha256, of: 'image' } },
  ])
  const { metadata, components } = await documentOf(artifacts[0]!.sha256)
  assert.equal(metadata.component.purl, `pkg:oci/app@${amd[0]!.sha256}?arch=amd64&repository_url=ghcr.io%2Facme%2Fapp`)
  assert.deepEqual(components?.map(({ name }) => name), ['debian', 'bash', 'libc6', 'x'])
})

test('the wheel gets an SBOM of the environment of the newest Python', async () => {
  const { artifacts, evidence } = await make([[SDIST, WHEEL]], { environments: ENVIRONMENTS })
  assert.deepEqual(evidence, [{ title: `SBOM of ${WHEEL.name}`, passed: true, detail: '2 packages (pypi 2), as installed on Python 3.12.1' }])
  assert.deepEqual(artifacts.map(({ name, about }) => [name, about]), [['oneflow_ai-2.1.0.cdx.json', { role: 'sbom', format: 'cyclonedx', describes: WHEEL.sha256, of: 'package' }]])
  const { metadata, components } = await documentOf(artifacts[0]!.sha256)
  assert.equal(metadata.component.purl, `pkg:pypi/oneflow-ai@2.1.0?file_name=${WHEEL.name}`)
  assert.deepEqual(metadata.component.licenses, [{ license: { id: 'Apache-2.0' } }])
  assert.deepEqual(components?.map(({ purl }) => purl), ['pkg:pypi/requests@2.32.3', 'pkg:pypi/urllib3@2.2.0'])
})

test('a wheel that no test installed is listed alone, and that is told as not verified', async () => {
  const { artifacts, evidence } = await make([WHEEL], { environments: [null] })
  assert.deepEqual(evidence.map(({ passed, detail }) => [passed, detail]), [[false, 'not verified: no install test told what the package depends on']])
  assert.equal((await documentOf(artifacts[0]!.sha256)).components?.length ?? 0, 0)
})

test('where there is neither an image nor a wheel, nothing is made', async () => {
  assert.deepEqual(await make([[SDIST], []]), { artifacts: [], evidence: [] })
})

test('both formats are written when asked for, and the same input gives the same bytes', async () => {
  const artifacts = [...await image('linux/amd64', [DEBIAN, dpkg('bash')]), WHEEL]
  const more = { formats: ['cyclonedx', 'spdx'], environments: ENVIRONMENTS }
  const one = await make(artifacts, more)
  assert.deepEqual(one.artifacts.map(({ name }) => name), ['app-2.1.0-linux-amd64.cdx.json', 'app-2.1.0-linux-amd64.spdx.json', 'oneflow_ai-2.1.0.cdx.json', 'oneflow_ai-2.1.0.spdx.json'])
  assert.deepEqual(await make(artifacts, more), one)
  assert.match(await textOf(tiny.world, one.artifacts[1]!.sha256), /"spdxVersion": "SPDX-2\.3"/)
})

test('evidence spares the second time while the documents are there, and is of this input alone', async () => {
  const artifacts = [await image('linux/amd64', [dpkg('bash')])]
  assert.equal((await sbomMake.probe(tiny.world, parsed(artifacts), 'key')).state, 'absent')
  const output = await make(artifacts)
  assert.deepEqual(await sbomMake.probe(tiny.world, parsed(artifacts), 'key'), { state: 'present', output })
  for (const other of [{ version: '2.1.1' }, { epoch: 1 }, { formats: ['spdx'] }, { environments: ENVIRONMENTS }]) assert.equal((await sbomMake.probe(tiny.world, parsed(artifacts, other), 'key')).state, 'absent')
  assert.equal((await sbomMake.probe(tiny.world, parsed([await image('linux/amd64', [dpkg('zsh')])]), 'key')).state, 'absent')
  const without: World = { ...tiny.world, artifacts: { ...tiny.world.artifacts, has: async () => false } }
  assert.equal((await sbomMake.probe(without, parsed(artifacts), 'key')).state, 'absent')
})

test('a database that cannot be read is told, in the evidence and in the document', async () => {
  const { artifacts, evidence } = await make(await image('linux/amd64', [dpkg('bash'), { name: 'var/lib/rpm/Packages', body: 'Berkeley DB' }]))
  assert.deepEqual(evidence.map(({ passed, detail }) => [passed, detail]), [[false, '1 package (dpkg 1); not read: var/lib/rpm/Packages: rpm\'s database is of a form that is not read']])
  assert.deepEqual((await documentOf(artifacts[0]!.sha256)).metadata.properties, [
    { name: 'slipway:platform', value: 'linux/amd64' }, { name: 'slipway:not-read', value: 'var/lib/rpm/Packages: rpm\'s database is of a form that is not read' },
  ])
})

test('a layer that is not in the store, or is no archive, is refused', async () => {
  const [manifest] = await image('linux/amd64', [dpkg('bash')])
  const missing = { ...manifest!, about: { ...manifest!.about, layers: [{ digest: `sha256:${'9'.repeat(64)}`, size: 1, mediaType: 'x' }] } }
  await assert.rejects(make([missing]), (error) => error instanceof Refused && error.code === 'artifact-missing')
  const text = await keep(tiny.world, Buffer.from('no archive '.repeat(100)))
  const broken = { ...manifest!, about: { ...manifest!.about, layers: [{ digest: text.sha256, size: text.size, mediaType: 'x' }] } }
  await assert.rejects(make([broken]), (error) => {
    assert(error instanceof Refused && error.code === 'image-invalid')
    assert.equal(error.message, `The layer ${text.sha256} of ${IMAGE} 2.1.0 for linux/amd64 cannot be read.`)
    return true
  })
})

const context = {
  release: { name: 'app', from: '2.0.0', to: '2.1.0', because: [] }, project: 'app', tag: 'v2.1.0', releaseBranch: 'release/v2.1.0', mainBranch: 'main', remote: 'origin',
  date: '2025-10-15T00:00:00Z', prerelease: false, newest: true, newestIn: { major: true, minor: true }, notes: '', author: 'Ann <ann@example.org>',
}
const settings = sbomTarget.settings.parse({})

test('the target plans one step, takes no settings at all, and refuses strange ones', () => {
  assert.deepEqual(settings, { formats: ['cyclonedx'] })
  for (const bad of [{ formats: [] }, { formats: ['xml'] }, { colour: 1 }]) assert(!sbomTarget.settings.safeParse(bad).success)
  const commit = { commit: 'c', tree: 't', parent: 'p', message: '', author: '', date: '', files: [] }
  const drafts = sbomTarget.prepare({ ...context, commit, repository: 'https://github.com/acme/app.git' }, settings)
  assert.deepEqual(drafts.map(({ phase, kind, yields, input }) => ({ phase, kind, yields, input })), [{
    phase: 'inventory', kind: 'sbom.make', yields: ['artifacts', 'evidence'],
    input: { artifacts: { $all: 'artifacts' }, environments: { $all: 'environment' }, ...known },
  }])
})

test('the SBOMs of what others will build are foreseen by their names', async () => {
  const index: Artifact = { name: 'app-2.1.0.index.json', mediaType: 'x', size: 0, sha256: WHEEL.sha256, by: 'image', internal: true, about: { role: 'index', image: IMAGE, version: '2.1.0', manifests: [{ digest: WHEEL.sha256, mediaType: 'x', size: 0, platform: 'linux/arm64' }] } }
  const wheel: Artifact = { ...WHEEL, name: 'oneflow_ai-2.1.0-*.whl', about: { filetype: 'bdist_wheel', pyversion: 'py3', blake2_256: '', fields: [] } }
  const names = (earlier: readonly Artifact[]) => sbomTarget.foresees!(context, { formats: ['cyclonedx', 'spdx'] }, earlier).map(({ name, size }) => [name, size])
  assert.deepEqual(names([index, wheel]), [['app-2.1.0-linux-arm64.cdx.json', 0], ['app-2.1.0-linux-arm64.spdx.json', 0], ['oneflow_ai-2.1.0.cdx.json', 0], ['oneflow_ai-2.1.0.spdx.json', 0]])
  assert.deepEqual(names([index, ...await image('linux/amd64', [])]).map(([name]) => name), ['app-2.1.0-linux-amd64.cdx.json', 'app-2.1.0-linux-amd64.spdx.json'])
  assert.deepEqual(names([]), [])
})

test('the example is an input of the kind, can be described and applied', async () => {
  const ground = {
    remote: 'origin', repository: { owner: 'ann', name: 'tiny' }, branch: 'main', base: { commit: 'b', tree: 'bt' }, former: WHEEL.sha256,
    release: { commit: 'c', tree: 'ct', files: [], message: '', author: '', date: '2025-10-15T00:00:00Z' }, version: '2.1.0', tag: 'v2.1.0', artifacts: [WHEEL, SDIST],
  }
  for (const example of sbomMake.examples(ground)) {
    assert.deepEqual(sbomMake.input.parse(example), example)
    assert.deepEqual(sbomMake.describe(example), {
      apply: `List what is in ${WHEEL.name} with what it depends on, and keep the list as CycloneDX 1.6 and as SPDX 2.3.`,
      undo: 'Nothing to take back: an SBOM that is only kept changes nothing outside.',
      byHand: ['syft scan dir:/tmp/try -o cyclonedx-json@1.6=oneflow_ai-2.1.0.cdx.json', 'syft scan dir:/tmp/try -o spdx-json@2.3=oneflow_ai-2.1.0.spdx.json'],
    })
    assert.equal((await apply(sbomMake, tiny, example)).artifacts.length, 2)
  }
})
