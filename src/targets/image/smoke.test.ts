// Tests of image.smoke over stand-ins for docker and podman: a script that says what an engine says, and a server in the container's place.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { apply } from '../pypi/tiny.fixture.ts'
import { imageIn, type ImageArtifact } from './artifact.ts'
import { buildOf, buildxOver, openBench, writeLayoutOf } from './build.fixture.ts'
import { imageBuild } from './build.ts'
import { imageSmoke } from './smoke.ts'

const bench = openBench()
after(() => bench[Symbol.asyncDispose]())
const { once } = bench.tiny

let artifacts: ImageArtifact[] = []
before(async () => {
  const folder = bench.folder()
  await writeLayoutOf(join(folder, 'layout'), { layers: [{ a: 'a' }, { b: 'b' }] })
  const world = bench.worldOf(buildxOver(folder))
  artifacts = (await apply(imageBuild, { world, once }, buildOf(bench.tree({ Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' })))).artifacts
})

interface Answers {
  readonly port?: string
  readonly run?: string
  readonly load?: string
  readonly inspect?: string
  readonly platform?: string
}

/** An engine that writes down its calls; `docker` says that there is no daemon. */
function podman({ port = '', run = 'echo 1234', load = 'true', inspect = 'echo true 0', platform = 'linux/amd64' }: Answers = {}): { readonly world: World; readonly calls: () => string; readonly folder: string } {
  const folder = bench.folder()
  const script = `echo "$@" >> ${folder}/calls\ncase "$1" in info) echo ${platform};; load) cp image.tar ${folder}/image.tar; ${load};; run) ${run};; port) echo "${port}";; inspect) ${inspect};; logs) echo "went wrong" >&2;; esac`
  return { folder, world: bench.worldOf({ docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1', podman: script }), calls: () => readFileSync(join(folder, 'calls'), 'utf8') }
}

/** A server that is not ready for the first requests. */
async function container(unready = 0): Promise<AsyncDisposable & { readonly address: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(asked.length > unready ? 200 : 503).end('ok')
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return { asked, address: `127.0.0.1:${(server.address() as { port: number }).port}`, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => { server.close(() => { resolve() }); server.closeAllConnections() }) }
}

const input = () => ({ artifacts, port: 8000, path: '/health' })
const isRemoved = (calls: string) => {
  const name = /--name (\S+)/.exec(calls)?.[1]
  assert(name !== undefined)
  assert.match(calls, new RegExp(`kill ${name}\nrm --force --volumes ${name}\nrmi localhost/${name}:try\n$`))
}

test('a container that answers has passed, once it is ready, and nothing of it is left', async () => {
  await using served = await container(2)
  const { world, calls, folder } = podman({ port: served.address })
  assert.equal((await imageSmoke.probe(world, input(), 'key')).state, 'absent')
  const output = await apply(imageSmoke, { world, once }, input())
  assert.deepEqual(output.evidence, [{ title: 'start of ghcr.io/acme/tiny:2.1.0', passed: true, detail: 'podman on linux/amd64: /health on port 8000 answered 200' }])
  assert.deepEqual(served.asked, ['/health', '/health', '/health'])
  assert.match(calls(), /^run --detach --pull never --name slipway-\S+ --publish 127\.0\.0\.1::8000 localhost\/slipway-\S+:try$/m)
  isRemoved(calls())
  assert.deepEqual(await imageSmoke.probe(world, input(), 'key'), { state: 'present', output })
  // What was loaded is an OCI layout and a Docker archive, of the very blobs that were built.
  const names = execFileSync('tar', ['-tf', join(folder, 'image.tar')], { encoding: 'utf8' }).split('\n')
  for (const { sha256 } of [...imageIn(artifacts)!.manifests, ...imageIn(artifacts)!.blobs]) assert(names.includes(`./blobs/sha256/${sha256.slice(7)}`))
  const member = (name: string) => JSON.parse(execFileSync('tar', ['-xOf', join(folder, 'image.tar'), `./${name}`], { encoding: 'utf8' }))
  assert.equal(member('index.json').manifests[0].digest, imageIn(artifacts)!.manifests[0]!.sha256)
  const [archive] = member('manifest.json')
  for (const path of [archive.Config, ...archive.Layers]) assert(names.includes(`./${path}`), path)
  assert.equal(archive.Layers.length, 2)
})

test('a container that ends before it answers is refused with its last words, and removed', async () => {
  const { world, calls } = podman({ port: '127.0.0.1:1', inspect: 'echo false 3' })
  await assert.rejects(apply(imageSmoke, { world, once }, input()), (error) => {
    assert(error instanceof SlipwayError && error.name === 'Refused' && error.code === 'image-invalid', String(error))
    assert.match(error.message, /^The image ghcr\.io\/acme\/tiny:2\.1\.0 for linux\/amd64 does not work: the container ended with exit code 3\.$/)
    assert.equal(error.problems[0].detail, 'went wrong')
    return true
  })
  isRemoved(calls())
})

test('a container that has ended has not passed, whoever answers on its port', async () => {
  await using served = await container()
  const { world } = podman({ port: served.address, inspect: 'echo false 0' })
  await assert.rejects(apply(imageSmoke, { world, once }, { ...input(), path: '/other' }), /ended with exit code 0/)
})

test('a container that never answers well is refused', async () => {
  await using served = await container(1_000_000)
  // Time passes only as it is asked for, so nobody waits.
  const { world } = podman({ port: served.address })
  let now = 0
  const quick: World = { ...world, now: () => new Date(now += 20_000) }
  await assert.rejects(apply(imageSmoke, { world: quick, once }, input()), (error) => error instanceof SlipwayError && error.code === 'image-invalid' && error.message.includes('/health never answered well, it answered 503'))
})

test('a command that the image does not hold is its fault; an engine that starts nothing is not', async () => {
  const missing = podman({ run: `echo 'Error: runc: runc create failed: unable to start container process: exec: "/nothing": stat /nothing: no such file or directory' >&2; exit 127` })
  await assert.rejects(apply(imageSmoke, { world: missing.world, once }, input()), (error) => error instanceof SlipwayError && error.code === 'image-invalid' && error.message.includes('its command cannot be started'))
  isRemoved(missing.calls())
  const limits = podman({ run: 'echo "Error: OCI runtime error: crun: setrlimit RLIMIT_NOFILE: Operation not permitted" >&2; exit 126' })
  const { evidence: [line] } = await apply(imageSmoke, { world: limits.world, once }, { ...input(), path: '/limits' })
  assert.deepEqual([line!.passed, line!.detail], [false, 'not verified: podman cannot start containers here (Error: OCI runtime error: crun: setrlimit RLIMIT_NOFILE: Operation not permitted)'])
  isRemoved(limits.calls())
  const full = podman({ load: 'echo "no space left on device" >&2; exit 125' })
  const { evidence: [unloaded] } = await apply(imageSmoke, { world: full.world, once }, { ...input(), path: '/full' })
  assert.equal(unloaded!.detail, 'not verified: podman cannot load the image (no space left on device)')
})

test('where no engine runs the image, it is not verified, said so, and tried again the next time', async () => {
  const none = bench.worldOf({ docker: 'exit 1', podman: 'exit 1' })
  const elsewhere = bench.worldOf({ docker: 'case "$1" in version) echo linux/amd64;; context) echo tcp://build.example.org:2375;; esac', podman: 'exit 1' })
  const other = podman({ platform: 'linux/riscv64' }).world
  for (const [world, why] of [
    [none, 'no container engine here'], [bench.tiny.worldWith({ env: { PATH: bench.folder() } }), 'no container engine here'], [elsewhere, 'docker runs its containers on another machine (tcp://build.example.org:2375)'],
    [other, 'the image is not for linux/riscv64, which podman runs here'],
  ] as const) {
    const test = { ...input(), path: '/nowhere' }
    const { evidence: [line] } = await apply(imageSmoke, { world, once }, test)
    assert.deepEqual([line!.passed, line!.detail], [false, `not verified: ${why}`])
    assert.equal((await imageSmoke.probe(world, test, 'key')).state, 'absent')
  }
})

test('docker is asked before podman, in the network of the machine the port is the container\'s own', async () => {
  await using served = await container()
  const folder = bench.folder()
  const docker = `case "$1" in version) echo linux/amd64;; context) echo unix:///var/run/docker.sock;; inspect) echo true 0;; esac`
  const world = bench.worldOf({ docker, podman: `touch ${folder}/podman; exit 1` })
  const port = Number(served.address.split(':')[1])
  const { evidence: [line] } = await apply(imageSmoke, { world, once }, { ...input(), port, path: '/docker' })
  assert.equal(line!.detail, `docker on linux/amd64: /docker on port ${port} answered 200`)
  assert(!existsSync(join(folder, 'podman')))
})

test('an interrupted smoke run is in doubt, and the container is removed all the same', async () => {
  const controller = new AbortController()
  const { world, calls } = podman({ port: '127.0.0.1:1' })
  const stopping: World = { ...world, run: async (command) => {
    if (command.args[0] === 'port') controller.abort()
    return world.run(command)
  } }
  await assert.rejects(apply(imageSmoke, { world: stopping, once: { ...once, signal: controller.signal } }, input()), (error) => error instanceof Error && !(error instanceof SlipwayError))
  isRemoved(calls())
})
