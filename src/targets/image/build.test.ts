// Tests of image.build over a stand-in for docker buildx: what is given to a builder, and what is made of what it leaves.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SlipwayError, type ErrorCode } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { apply } from '../pypi/tiny.fixture.ts'
import { imageArtifact, imageIn } from './artifact.ts'
import { imageBuild, type BuildInput } from './build.ts'
import { buildOf, buildxOver, DATE, EPOCH, keepWheel, openBench, wheelFiles, writeLayoutOf, type LayoutOf } from './build.fixture.ts'

const bench = openBench()
after(() => bench[Symbol.asyncDispose]())

const { once, said, evidence } = bench.tiny
const DOCKERFILE = 'FROM scratch\nCOPY a /a\n'
const tree = (files: Readonly<Record<string, string>> = {}) => bench.tree({ Dockerfile: DOCKERFILE, a: 'a', ...files })

/** A world whose builder leaves this layout behind; `args` is what it was called with. */
async function standIn(layout: Partial<LayoutOf> = {}, instead?: string) {
  const folder = bench.folder()
  const blobs = await writeLayoutOf(join(folder, 'layout'), { layers: [{ a: 'a' }], ...layout })
  return { folder, blobs, world: bench.worldOf(buildxOver(folder, instead)), args: () => readFileSync(join(folder, 'args'), 'utf8').split('\n') }
}

const build = (world: World, input: BuildInput) => apply(imageBuild, { world, once }, input)

function refused(code: ErrorCode, ...words: readonly (RegExp | string)[]) {
  return (error: unknown) => {
    assert(error instanceof SlipwayError, String(error))
    assert.equal(error.name, 'Refused')
    assert.equal(error.code, code)
    const { message, hint, detail } = error.problems[0]
    for (const word of words) assert.match(`${message}\n${hint ?? ''}\n${detail ?? ''}`, typeof word === 'string' ? new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : word)
    return true
  }
}

test('every blob of what was built becomes an artifact, under an index that Slipway writes', async () => {
  const { world, blobs } = await standIn()
  const { artifacts, evidence: lines } = await build(world, buildOf(tree()))
  const image = imageIn(artifacts)!
  assert.deepEqual(artifacts.map(({ name }) => name.replace(/layer-[0-9a-f]{12}/, 'layer-X')), [
    'tiny-2.1.0.index.json', 'tiny-2.1.0-linux-amd64.manifest.json', 'tiny-2.1.0-linux-amd64.config.json', 'tiny-2.1.0-layer-X.tar.gz',
  ])
  for (const artifact of artifacts) assert(await world.artifacts.has(imageArtifact.parse(artifact).sha256))
  assert(blobs['manifest']!.endsWith(image.manifests[0]!.sha256.slice('sha256:'.length)))
  const { path, text } = await world.scratch(async (scratch) => ({ path: await scratch.place(image.index.sha256, 'index'), text: await scratch.read('index') }))
  assert(path !== '')
  const { sha256: digest, mediaType, size } = image.manifests[0]!
  assert.equal(text, JSON.stringify({ manifests: [{ digest, mediaType, platform: { architecture: 'amd64', os: 'linux' }, size }], mediaType: image.index.mediaType, schemaVersion: 2 }))
  assert.match(lines[0]!.detail, /^sha256:[0-9a-f]{64} by buildx; linux\/amd64: it installs no wheel of this release$/)
})

test('a layer that two platforms share is one artifact, and the platforms keep their order', async () => {
  const both = bench.folder()
  for (const platform of ['linux/amd64', 'linux/arm64']) await writeLayoutOf(join(both, platform.replace('/', '-')), { layers: [{ a: 'a' }, { a: 'a' }], platform })
  const world = bench.worldOf(buildxOver(both, `for arg; do case "$arg" in linux/*) rm -rf ${both}/layout; cp -r ${both}/$(echo "$arg" | tr / -) ${both}/layout;; esac; done`))
  const { artifacts } = await build(world, buildOf(tree(), { platforms: ['linux/arm64', 'linux/amd64'] }))
  const { index, manifests } = imageIn(artifacts)!
  assert.deepEqual(index.about.role === 'index' && index.about.manifests.map(({ platform }) => platform), ['linux/arm64', 'linux/amd64'])
  assert.equal(artifacts.filter(({ about }) => about.role === 'layer').length, 1)
  assert.equal(manifests[0]?.about.role === 'manifest' && manifests[0].about.layers.length, 2)
})

test('the builder is given the date, the labels and the arguments of the plan, and no noise of it is told', async () => {
  const { world, args } = await standIn()
  const wheel = await keepWheel(world)
  await build(world, buildOf(tree(), { args: { FLAVOUR: 'x', VERSION: 'not this' }, wheels: [wheel, { ...wheel, by: 'other', name: 'other.txt' }] }))
  const given = args()
  for (const line of [
    `epoch ${EPOCH}`, 'FLAVOUR=x', 'VERSION=2.1.0', 'BUILD_DATE=2025-10-15T00:00:00Z', `VCS_REF=${'c'.repeat(40)}`, 'WHEEL=dist/tiny_slip-2.1.0-py3-none-any.whl', '--provenance=false', '--sbom=false',
    'org.opencontainers.image.title=Tiny', 'org.opencontainers.image.version=2.1.0', `org.opencontainers.image.revision=${'c'.repeat(40)}`, 'org.opencontainers.image.created=2025-10-15T00:00:00Z', 'org.opencontainers.image.licenses=MIT',
  ]) assert(given.includes(line), line)
  assert(!given.some((line) => line.includes('not this') || line.includes('image.source')))
  assert(said.includes('linux/amd64: #5 [2/2] COPY a /a'))
  assert(!said.some((line) => line.includes('not consumed')))
})

test('the packages of the release are in the context alone, also where an ignore file keeps dist out', async () => {
  const seen = bench.folder()
  const { world } = await standIn({}, `for last; do :; done; cp -r "$last" ${seen}/context`)
  const wheel = await keepWheel(world)
  await build(world, buildOf(tree({ '.dockerignore': 'dist\n*.md' }), { wheels: [wheel] }))
  assert.equal(readFileSync(join(seen, 'context/.dockerignore'), 'utf8'), `dist\n*.md\n!dist/${wheel.name}\n`)
  assert(readFileSync(join(seen, 'context/dist', wheel.name)).length > 0)
})

test('the evidence spares the second build, also for another commit of the same tree, and not when a blob is gone', async () => {
  const { world } = await standIn()
  const input = buildOf(tree({ a: 'spared' }))
  assert.equal((await imageBuild.probe(world, input, 'key')).state, 'absent')
  const output = await build(world, input)
  const probe = await imageBuild.probe(world, { ...input, commit: 'd'.repeat(40) }, 'key')
  assert.deepEqual(probe, { state: 'present', output })
  assert.equal((await imageBuild.probe(world, { ...input, version: '2.2.0' }, 'key')).state, 'absent')
  const without: World = { ...world, artifacts: { ...world.artifacts, has: async (sha256) => sha256 !== output.artifacts.at(-1)?.sha256 } }
  assert.equal((await imageBuild.probe(without, input, 'key')).state, 'absent')
  assert([...evidence.values()].some(({ title }) => title.startsWith('build of ghcr.io/acme/tiny 2.1.0 from tree')))
})

test('a Dockerfile that labels another version is found before it is built, with its line', async () => {
  const { world, folder } = await standIn()
  const dockerfile = 'FROM scratch AS base\nLABEL a=b \\\n  org.opencontainers.image.version="2.0.0"\nFROM base\nCOPY a /a\n'
  await assert.rejects(build(world, buildOf(tree({ Dockerfile: dockerfile }))), (error) => {
    refused('image-version', 'Dockerfile labels the image with version 2.0.0, but the release is 2.1.0')(error)
    assert.deepEqual((error as SlipwayError).problems[0].place, { file: 'Dockerfile', line: 3 })
    return true
  })
  assert.throws(() => readFileSync(join(folder, 'args')))
  // A stage that the image is not made of may say what it likes.
  await build(world, buildOf(tree({ Dockerfile: 'FROM scratch AS other\nLABEL org.opencontainers.image.version="2.0.0"\nFROM scratch\nCOPY a /a\n' })))
})

test('a version that the Dockerfile takes from elsewhere is left to it, and found in the image', async () => {
  const dockerfile = 'FROM scratch\nENV V=1.9.0\nLABEL org.opencontainers.image.version=$V\nCOPY a /a\n'
  const { world, args } = await standIn({ labels: { 'org.opencontainers.image.version': '1.9.0' } })
  await assert.rejects(build(world, buildOf(tree({ Dockerfile: dockerfile }))), refused('image-version', 'says in its label org.opencontainers.image.version that it is version 1.9.0'))
  assert(!args().includes('org.opencontainers.image.version=2.1.0'))
  const bare = await standIn({ labels: {} })
  await assert.rejects(build(bare.world, buildOf(tree())), refused('image-version', 'has no label'))
})

test('an image of another platform than the one that was asked for is refused', async () => {
  const { world } = await standIn()
  await assert.rejects(build(world, buildOf(tree(), { platforms: ['linux/arm64'] })), refused('platform-unbuildable', 'The image that was built for linux/arm64 is one for linux/amd64.'))
})

test('a blob that is changed between the build and the store is refused, whichever it is', async () => {
  for (const what of ['index', 'manifest', 'config', 'layer0']) {
    const { world, blobs } = await standIn()
    appendFileSync(blobs[what]!, 'x')
    await assert.rejects(build(world, buildOf(tree({ a: what }))), refused('digest-mismatch', /^The built image names sha256:\w+ of \d+ bytes, but the builder left sha256/m))
  }
  const { world, blobs } = await standIn()
  rmSync(blobs['layer0']!)
  await assert.rejects(build(world, buildOf(tree())), refused('digest-mismatch', 'left no such blob'))
})

test('a layout that holds no OCI image is refused', async () => {
  const { world, folder } = await standIn()
  const list = (manifests: unknown) => { writeFileSync(join(folder, 'layout/index.json'), JSON.stringify({ manifests })) }
  list([{ mediaType: 'application/vnd.docker.distribution.manifest.v2+json', digest: `sha256:${'0'.repeat(64)}`, size: 1 }])
  await assert.rejects(build(world, buildOf(tree())), refused('image-invalid', 'vnd.docker.distribution.manifest.v2+json, which is no manifest of the OCI image format'))
  list([])
  await assert.rejects(build(world, buildOf(tree())), refused('image-invalid', '0 images instead of one'))
  list('nonsense')
  await assert.rejects(build(world, buildOf(tree())), refused('image-invalid', 'does not have the form'))
})

test('a missing Dockerfile and a missing context are refused with their place', async () => {
  const { world } = await standIn()
  for (const [changes, place] of [[{ dockerfile: 'docker/Dockerfile' }, 'docker/Dockerfile'], [{ context: 'app' }, 'app']] as const) {
    await assert.rejects(build(world, buildOf(tree(), changes)), (error) => {
      refused('build-failed', place)(error)
      assert.equal((error as SlipwayError).problems[0].place?.file, place)
      return true
    })
  }
})

test('a failed build of BuildKit names the instruction, and a platform that cannot be built says so', async () => {
  const failing = (...lines: readonly string[]) => `cat >&2 <<'END'\n${lines.join('\n')}\nEND\nexit 1`
  const run = await standIn({}, failing('#6 [2/2] RUN make   all', '#6 0.1 make: no rule', '#6 ERROR: process "/bin/sh -c make all" did not complete', '------', ' > [2/2] RUN make   all:', '0.1 make: no rule', '------', 'ERROR: failed to solve'))
  await assert.rejects(build(run.world, buildOf(tree({ Dockerfile: 'FROM scratch\n\nRUN make \\\n  all\n' }))), (error) => {
    refused('build-failed', 'ghcr.io/acme/tiny cannot be built for linux/amd64. It failed at [2/2] RUN make   all', 'make: no rule', 'docker buildx build --platform linux/amd64')(error)
    assert.deepEqual((error as SlipwayError).problems[0].place, { file: 'Dockerfile', line: 3 })
    return true
  })
  const foreign = await standIn({}, failing('#6 [2/2] RUN true', '#6 0.1 exec /bin/sh: exec format error'))
  await assert.rejects(build(foreign.world, buildOf(tree(), { platforms: ['linux/arm64'] })), refused('platform-unbuildable', 'does not execute', 'qemu-user-static', 'take linux/arm64 out of "platforms"'))
  const base = await standIn({}, failing('ERROR: failed to solve: alpine:3: failed to resolve source metadata: no match for platform in manifest: not found'))
  await assert.rejects(build(base.world, buildOf(tree(), { platforms: ['linux/riscv64'] })), refused('platform-unbuildable', 'does not exist for that platform'))
})

test('a build of buildah that failed without a word is made once more, and only such a one', async () => {
  const buildah = (first: string) => {
    const calls = join(bench.folder(), 'calls')
    const world = bench.worldOf({
      docker: 'exit 1',
      podman: 'exit 1',
      buildah: `test "$1" = info && { echo '{"host":{"os":"linux","arch":"amd64"}}'; exit 0; }
test "$1" = build || exit 0
echo >> ${calls}
echo 'STEP 2/2: RUN true'
test "$(wc -l < ${calls})" = 1 && echo '${first}' || echo '/bin/sh: exec format error'
echo 'Error: building at STEP "RUN true": exit status 1' >&2; exit 1`,
    })
    return { world, times: () => readFileSync(calls, 'utf8').length }
  }
  const lost = buildah('subprocess exited with status 1')
  await assert.rejects(build(lost.world, buildOf(tree())), refused('platform-unbuildable', 'which this machine does not execute'))
  assert.equal(lost.times(), 2)
  const said = buildah('make: no rule')
  await assert.rejects(build(said.world, buildOf(tree())), refused('build-failed'))
  assert.equal(said.times(), 1)
})

test('without any builder, and without the one that is named, it says what to install', async () => {
  const none = bench.worldOf({ docker: 'exit 1', podman: 'echo "no podman socket" >&2; exit 125', buildah: 'exit 1' })
  await assert.rejects(build(none, buildOf(tree())), refused('tool-missing', 'Nothing here builds container images.', 'apt-get install buildah', 'no podman socket'))
  await assert.rejects(build(none, buildOf(tree(), { builder: 'buildx' })), refused('tool-missing', 'slipway.yaml has the image built with buildx', 'docker buildx create --use'))
  const gone = bench.tiny.worldWith({ env: { PATH: bench.folder() } })
  await assert.rejects(apply(imageBuild, { world: gone, once }, buildOf(tree(), { builder: 'podman' })), refused('tool-missing', 'there is no program named podman'))
})

test('a builder that does not answer or cannot export gives way to the next one', async () => {
  const answers = { podman: 'if [ "$1" = info ]; then echo linux/amd64; exit 0; fi; echo "podman was called" >&2; exit 1' }
  for (const inspect of ['Driver: docker\nNodes:\nError: Cannot connect to the Docker daemon', 'Driver: docker-container\nNodes:\nError: no such host', 'Driver: docker\nStatus: running', '']) {
    const docker = `if [ "$2" = inspect ]; then printf '${inspect.replaceAll('\n', '\\n')}\\n'; exit 0; fi; [ "$1" = info ] && exit 0; echo "docker was called" >&2; exit 1`
    await assert.rejects(build(bench.worldOf({ ...answers, docker }), buildOf(tree())), refused('build-failed', 'podman was called'))
  }
  const containerd = 'if [ "$2" = inspect ]; then echo "Driver: docker"; exit 0; fi; if [ "$1" = info ]; then echo "[[driver-type io.containerd.snapshotter.v1]]"; exit 0; fi; echo "docker was called" >&2; exit 1'
  await assert.rejects(build(bench.worldOf({ ...answers, docker: containerd }), buildOf(tree())), refused('build-failed', 'docker was called'))
})

test('an interrupted build is in doubt', async () => {
  const controller = new AbortController()
  const world = bench.worldOf({ docker: 'exit 1', podman: `case "$1" in info) echo linux/amd64;; build) echo "STEP 1/1: RUN for ever"; sleep 60;; esac` })
  const interrupted = { ...once, signal: controller.signal, say: (line: string) => { if (line.includes('STEP 1/1')) controller.abort() } }
  await assert.rejects(apply(imageBuild, { world, once: interrupted }, buildOf(tree())), (error) => error instanceof Error && !(error instanceof SlipwayError))
})

test('the wheel of the release is found in the image, file by file', async () => {
  const site = (files: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(files).map(([path, text]) => [`./packages/${path}`, text]))
  const installed = wheelFiles()
  const inside = async (layers: LayoutOf['layers'], compress?: 'zstd') => {
    const { world } = await standIn({ layers, ...(compress === undefined ? {} : { compress }) })
    return build(world, buildOf(tree({ a: JSON.stringify(layers) }), { wheels: [await keepWheel(world)] }))
  }
  for (const compress of [undefined, 'zstd'] as const) {
    const { evidence: lines } = await inside([{ 'etc/x': 'x' }, site(installed)], compress)
    assert.match(lines[0]!.detail, /linux\/amd64: tiny_slip-2\.1\.0-py3-none-any\.whl is inside, 4 files compared/)
  }
  const changed = { ...installed, 'tinyslip/__init__.py': 'def hello():\n    return "howdy"\n' }
  await assert.rejects(inside([site(changed)]), refused('wheel-not-inside', 'does not hold tiny_slip-2.1.0-py3-none-any.whl of this release: /packages/tinyslip/__init__.py has other bytes'))
  // The upper layer counts, whether it mends or spoils what is below, or takes it away.
  await inside([site(changed), site(installed)])
  await assert.rejects(inside([site(installed), site({ 'tinyslip/__init__.py': '' })]), refused('wheel-not-inside', 'other bytes'))
  await assert.rejects(inside([site(installed), site({ 'tinyslip/.wh.__init__.py': '' })]), refused('wheel-not-inside', '/packages/tinyslip/__init__.py is missing'))
  await assert.rejects(inside([site(installed), site({ 'tinyslip/.wh..wh..opq': '' })]), refused('wheel-not-inside', 'is missing'))
  await assert.rejects(inside([site(wheelFiles('2.0.0'))]), refused('wheel-not-inside', '/packages/tiny_slip-2.0.0.dist-info is version 2.0.0'))
  const { evidence: replaced } = await inside([site(wheelFiles('2.0.0')), { '.wh.packages': '' }, { 'opt/': '', ...site(installed) }])
  assert.match(replaced[0]!.detail, /is inside/)
  // A hard link to a file of the same layer is that file.
  const { 'tinyslip/__init__.py': text, ...rest } = installed
  await inside([{ 'cache/__init__.py': text!, 'packages/tinyslip/__init__.py': '-> cache/__init__.py', ...site(rest) }])
  const { evidence: none } = await inside([site({ 'tinyslip/__init__.py': 'copied, not installed' })])
  assert.match(none[0]!.detail, /it installs no wheel of this release/)
})

test('a layer that cannot be unpacked fails, and does not hang', async () => {
  const { world, folder, blobs } = await standIn({ layers: [wheelFiles()] })
  cutLayer(join(folder, 'layout'), blobs)
  await assert.rejects(build(world, buildOf(tree(), { wheels: [await keepWheel(world)] })), refused('image-invalid', /^A layer of the image, sha256:\w+, cannot be unpacked: /m))
})

/** Writes the layout anew, its layer cut off, all digests right. */
function cutLayer(folder: string, blobs: Readonly<Record<string, string>>): void {
  const bytes = readFileSync(blobs['layer0']!).subarray(0, 200)
  const put = (content: Uint8Array | string) => {
    const hex = createHash('sha256').update(content).digest('hex')
    writeFileSync(join(folder, 'blobs/sha256', hex), content)
    return { digest: `sha256:${hex}`, size: content.length }
  }
  const manifest = JSON.parse(readFileSync(blobs['manifest']!, 'utf8'))
  const cut = put(JSON.stringify({ ...manifest, layers: [{ ...manifest.layers[0], ...put(bytes) }] }))
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ manifests: [{ mediaType: manifest.mediaType, ...cut }] }))
}

test('what a person would type builds every platform with the same date', () => {
  const { byHand, apply: words } = imageBuild.describe(buildOf('0123456789', { platforms: ['linux/amd64', 'linux/arm64'], args: { A: 'b c' } }))
  assert.equal(words, 'Build ghcr.io/acme/tiny 2.1.0 for linux/amd64 and linux/arm64 from a clean copy of tree 0123456.')
  assert.match(byHand.at(-1)!, /^SOURCE_DATE_EPOCH=1760486400 docker buildx build --platform linux\/amd64,linux\/arm64 --build-arg 'A=b c' --build-arg 'VERSION=2\.1\.0'/)
  assert.equal(Date.parse(DATE) / 1000, EPOCH)
  const [buildahLine = ''] = imageBuild.describe(buildOf('0123456789', { platforms: ['linux/amd64'], builder: 'buildah' })).byHand.slice(-1)
  assert.match(buildahLine, /^SOURCE_DATE_EPOCH=1760486400 buildah build --format oci --timestamp 1760486400 --layers=false --platform linux\/amd64 .* --manifest ghcr\.io\/acme\/tiny:2\.1\.0 --file Dockerfile \.$/)
})
