// The image with the real program: rehearsed, stopped by a scan, pushed through a bad network, verified against what somebody changed, and rolled back.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeBaseImage } from '../../scripts/base-image.ts'
import { changeByte, plantTag } from '../../src/rehearsal/registry/arrange.ts'
import type { RegistryState, Repository } from '../../src/rehearsal/registry/state.ts'
import { cloned, pipInstalls } from '../support/rig-clients.ts'
import { builderStorage } from '../support/rig-environment.ts'
import { expectDocumented, jsonLines, lineOf, type JsonLine } from '../support/rig-json.ts'
import { photograph } from '../support/rig-photo.ts'
import { openRig, type Ended, type Rig } from '../support/rig.ts'

const NAME = 'oneflow-ai/oneflow-ai'
const IMAGE = `ghcr.io/${NAME}`

const base = await makeBaseImage()
const skip = base === undefined ? 'no base image can be made here: that takes buildah or podman, and busybox-static' : false

function openImageRig(): Promise<Rig> {
  return openRig(base === undefined ? {} : { base })
}

/** Runs the program with an identity to sign with; its lines are as documented. */
async function linesOf(rig: Rig, exit: number, ...args: readonly string[]): Promise<readonly JsonLine[]> {
  const { code, stdout, stderr }: Ended = await rig.run([...args, '--json'], { env: { ...builderStorage(), ...rig.world.identity } })
  assert.equal(code, exit, `${stdout.slice(-4000)}${stderr}`)
  const lines = jsonLines(stdout)
  expectDocumented(lines, exit)
  return lines
}

/** What was seen of the image after a part of a rehearsal: what was looked at, and a word on what was seen. */
function seenOf(rehearsal: JsonLine, part: 'release' | 'rollback'): readonly string[] {
  const seen = (rehearsal['verified'] as readonly { after: string; what: string; saw: string; ok: boolean }[]).filter(({ after: of, what }) => of === part && what.includes(IMAGE))
  return seen.map(({ what, saw, ok }) => `${ok ? 'right' : 'wrong'}: ${what.replace(/^skopeo copy --all (\S+)$|^(\S+), by Slipway's own client.*$/, 'pull $1$2')}: ${saw.replace(/,? ?sha256:.*$/, '')}`)
}

describe('an image that is rehearsed', { skip, concurrency: 1 }, () => {
  test('is found under every tag and pulled after the release, and not after the rollback, when latest is back', async () => {
    await using rig = await openImageRig()
    const untouched = await photograph(rig.world)
    const rehearsal = lineOf(await linesOf(rig, 0, 'rehearse', 'minor'), 'rehearsal')
    assert.deepEqual(seenOf(rehearsal, 'release'), [
      ...['2.1.0', '2.1', 'latest', '2'].map((tag) => `right: ${IMAGE}:${tag}: it is this release's`),
      `right: pull ${IMAGE}:2.1.0: pulled`,
    ])
    assert.deepEqual(seenOf(rehearsal, 'rollback'), [
      ...['2.1.0', '2.1'].map((tag) => `right: ${IMAGE}:${tag}: it is not there`),
      ...['latest', '2'].map((tag) => `right: ${IMAGE}:${tag}: it is the one before`),
      `right: pull ${IMAGE}:2.1.0: finds nothing to pull`,
    ])
    assert.deepEqual([rehearsal['release'].is, rehearsal['rollback'].is], ['done', 'rolled-back'])
    assert.deepEqual(await photograph(rig.world), untouched, 'a rehearsal has a world of its own')
  })

  test('with a vulnerable package stops at the scan, which names it, and nothing is pushed', async () => {
    await using rig = await openImageRig()
    const lines = await linesOf(rig, 1, 'rehearse', 'minor', '--faults', 'vulnerable')
    const entries = lines.filter(({ type }) => type === 'entry').map(({ entry }) => entry as { type: string; step?: string; problem?: { code: string; message: string } })
    const failed = entries.filter(({ type }) => type === 'failed')
    assert.deepEqual(failed.map(({ step, problem }) => [step, problem?.code]), [['scan.run', 'scan-failed']])
    assert.match(failed[0]?.problem?.message ?? '', /^\S+ \S+ has SLIPWAY-REHEARSED-2026-0001 \(critical, fixed in \S+\)\.$/)
    const begun = entries.filter(({ type }) => type === 'begun').map(({ step = '' }) => step.split(':')[0] ?? '')
    assert.ok(begun.includes('image.build'), 'it is the image that is scanned')
    assert.deepEqual(begun.filter((kind) => !['git.commit', 'checks.run', 'pypi.build', 'pypi.check', 'pypi.install', 'image.build', 'sbom.make', 'scan.run'].includes(kind)), [])
    const rehearsal = lineOf(lines, 'rehearsal')
    assert.equal(rehearsal['release'].is, 'failed')
  })

  test('through a registry that loses requests, answers and connections comes out the same', async () => {
    await using rig = await openImageRig()
    const rehearsal = lineOf(await linesOf(rig, 0, 'rehearse', 'minor', '--faults', 'flaky-registry'), 'rehearsal')
    const fired = (rehearsal['faults'] as readonly { rule: string }[]).map(({ rule }) => rule).toSorted()
    for (const lost of [/^PUT ghcr\.io .*blobs.*never answered/, /^the answer to PUT ghcr\.io .*sha256.* is lost/, /^the answer to PUT ghcr\.io .*latest.* is lost/, /^GET ghcr\.io.* is answered 503/, /^the answer to POST timestamp\.sigstore\.dev/, /^the answer to POST rekor\.sigstore\.dev/]) {
      assert.ok(fired.some((rule) => lost.test(rule)), `${lost} did not fire, of ${fired.join('\n')}`)
    }
    assert.deepEqual([...seenOf(rehearsal, 'release'), ...seenOf(rehearsal, 'rollback')].filter((seen) => !seen.startsWith('right: ')), [])
  })
})

interface ManifestText {
  readonly subject?: unknown
  readonly manifests?: readonly { readonly digest: string }[]
  readonly layers?: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[]
}

describe('an image that is released', { skip, concurrency: 1 }, () => {
  let rig: Rig
  let registry: RegistryState
  let repository: Repository
  let former: { readonly digest: string | undefined; readonly bytes: Buffer }

  before(async () => {
    rig = await openImageRig()
    registry = rig.world.registries.find(({ host }) => host === 'ghcr.io')!
    repository = registry.repositories.get(NAME)!
    former = { digest: repository.tags.get('latest'), bytes: await served('latest') }
  })
  after(() => rig[Symbol.asyncDispose]())

  /** The bytes that anybody gets for a tag. */
  async function served(tag: string): Promise<Buffer> {
    const { token } = await (await fetch(rig.world.served.address(`https://ghcr.io/token?service=ghcr.io&scope=repository:${NAME}:pull`))).json() as { token: string }
    const answer = await fetch(rig.world.served.address(`https://ghcr.io/v2/${NAME}/manifests/${tag}`), { headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.oci.image.index.v1+json' } })
    assert.equal(answer.status, 200, `${tag} is served`)
    return Buffer.from(await answer.arrayBuffer())
  }

  function read(digest: string): ManifestText {
    return JSON.parse(Buffer.from(repository.manifests.get(digest)!.bytes).toString('utf8')) as ManifestText
  }

  /** The first file with such a name that is attached to the image. */
  function attached(name: RegExp): string {
    const layers = [...repository.manifests.keys()].map(read).flatMap(({ subject, layers: files = [] }) => subject === undefined ? [] : files)
    return layers.find(({ annotations }) => name.test(annotations?.['org.opencontainers.image.title'] ?? ''))!.digest
  }

  /** What `slipway verify` finds wrong: the titles, and all that is said. */
  async function wrongs(): Promise<{ readonly titles: readonly string[]; readonly said: string }> {
    const lines = await linesOf(rig, 1, 'verify')
    const wrong = (lineOf(lines, 'check')['lines'] as readonly { title: string; ok: boolean; problems: readonly { message: string }[] }[]).filter(({ ok }) => !ok)
    assert.match(lines.at(-1)?.['text'], /^What users fetch of 2\.1\.0 is not what was built\.$/)
    return { titles: wrong.map(({ title }) => title), said: wrong.flatMap(({ problems }) => problems.map(({ message }) => message)).join('\n') }
  }

  /** The registry serves other bytes for a blob, is found out, and serves the right ones again. */
  async function findsChanged(digest: string): Promise<void> {
    changeByte(registry, NAME, digest)
    const { titles, said } = await wrongs()
    assert.deepEqual(titles, [`Pull ${IMAGE}:2.1.0 and compare it with what was built`])
    assert.ok(said.includes(digest), said)
    registry.lies.bytes.clear()
  }

  const IS_THIS = ['2.1.0', '2.1', '2', 'latest']

  test('is under the version tag and every moving tag, for both platforms', async () => {
    await linesOf(rig, 0, 'release', 'minor', '--yes', '--journal', 'remote')
    const index = await served('2.1.0')
    const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`
    assert.deepEqual(IS_THIS.map((tag) => repository.tags.get(tag)), IS_THIS.map(() => digest))
    assert.notEqual(digest, former.digest)
    assert.equal(repository.tags.get('2.0.0'), former.digest)
    const platforms = (JSON.parse(index.toString('utf8')) as { manifests: readonly { platform: { os: string; architecture: string } }[] }).manifests.map(({ platform: { os, architecture } }) => `${os}/${architecture}`)
    assert.deepEqual(platforms, ['linux/amd64', 'linux/arm64'])
  })

  test('is right, says verify, with everything that is attached to it', async () => {
    const { lines } = lineOf(await linesOf(rig, 0, 'verify'), 'check')
    assert.ok(lines.every(({ ok }: JsonLine) => ok))
    const said = JSON.stringify(lines)
    for (const part of ['linux/amd64, linux/arm64', 'linux-amd64.cdx.json', 'index.json.sigstore.json', 'latest']) assert.ok(said.includes(part), `${part} is not told of: ${said}`)
  })

  test('is right from a fresh clone that knows nothing of it and has no identity, with the signatures of what was published', async () => {
    const clone = join(rig.folder, 'stranger')
    rig.git(['clone', '--quiet', rig.world.remote, clone])
    const verify = (exit: number): Promise<readonly JsonLine[]> => rig.run(['verify', '--json'], { folder: clone, env: builderStorage() }).then(({ code, stdout, stderr }) => {
      assert.equal(code, exit, `${stdout.slice(-4000)}${stderr}`)
      return lineOf(jsonLines(stdout), 'check')['lines'] as readonly JsonLine[]
    })
    const said = JSON.stringify(await verify(0))
    for (const part of ['Verify the provenance of', 'timestamped, and in the public log', 'index.json.sigstore.json', 'linux/amd64, linux/arm64']) assert.ok(said.includes(part), `${part} is not told of: ${said}`)
    // Somebody has put another bundle in its place, which GitHub tells by its own digest.
    const asset = rig.world.github.releases[0]!.assets.find(({ name }) => name.endsWith('.whl.sigstore.json'))! as { bytes: Uint8Array; digest: string }
    const { bytes, digest } = asset
    const bundle = JSON.parse(Buffer.from(bytes).toString()) as { readonly verificationMaterial: { readonly timestampVerificationData: { readonly rfc3161Timestamps: readonly { signedTimestamp: string }[] } } }
    const [stamp] = bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps
    const changed = Buffer.from(stamp!.signedTimestamp, 'base64')
    changed[changed.length - 1]! ^= 1
    stamp!.signedTimestamp = changed.toString('base64')
    asset.bytes = new TextEncoder().encode(JSON.stringify(bundle))
    asset.digest = `sha256:${createHash('sha256').update(asset.bytes).digest('hex')}`
    const wrong = (await verify(1)).filter(({ ok }) => ok === false)
    Object.assign(asset, { bytes, digest })
    assert.deepEqual(wrong.map(({ title }: JsonLine) => title as unknown), ['Verify the provenance of oneflow_ai-2.1.0-py3-none-any.whl'])
    assert.match(JSON.stringify(wrong), /whl does not hold: its timestamp was changed/)
  })

  test('is not right when the registry serves a layer with another byte', async () => {
    const [platform] = read(repository.tags.get('2.1.0')!).manifests!
    await findsChanged(read(platform!.digest).layers!.at(-1)!.digest)
  })

  test('is not right when an SBOM that is attached to it has another byte', async () => {
    await findsChanged(attached(/\.cdx\.json$/))
  })

  test('is not right when a signed bundle that is attached to it has another byte', async () => {
    await findsChanged(attached(/index\.json\.sigstore\.json$/))
  })

  test('is not right when a file of the GitHub release has another byte', async () => {
    const { bytes } = rig.world.github.releases[0]!.assets.find(({ name }) => name.endsWith('.whl'))!
    bytes[bytes.length - 1]! ^= 1
    const { titles, said } = await wrongs()
    bytes[bytes.length - 1]! ^= 1
    assert.deepEqual(titles, ['Verify the files of the GitHub release v2.1.0'])
    assert.match(said, /oneflow_ai-2\.1\.0-py3-none-any\.whl/)
  })

  test('is not right when somebody has moved a tag', async () => {
    for (const tag of ['2.1.0', 'latest']) {
      const ours = repository.tags.get(tag)!
      plantTag(registry, NAME, { tag })
      const { titles, said } = await wrongs()
      repository.tags.set(tag, ours)
      assert.deepEqual(titles, [`Pull ${IMAGE}:2.1.0 and compare it with what was built`])
      assert.ok(said.includes(`the tag ${tag} is sha256:`), said)
    }
  })

  test('is right again when all that is put back', async () => {
    await linesOf(rig, 0, 'verify', '2.1.0')
  })

  let guides: readonly JsonLine[] = []

  test('is taken back by moving the tags, and then waits for a person to delete the version', async () => {
    const lines = await linesOf(rig, 4, 'rollback', '2.1.0', '--yes')
    assert.deepEqual(await served('latest'), former.bytes, 'latest is back byte for byte')
    assert.deepEqual(['latest', '2', '2.0.0'].map((tag) => repository.tags.get(tag)), [former.digest, former.digest, former.digest])
    assert.ok(repository.tags.has('2.1.0'), 'nobody has deleted it yet')
    guides = lines.filter(({ type }) => type === 'by-hand')
    assert.ok(guides.some(({ page }) => page === 'https://github.com/oneflow-ai?tab=packages&q=oneflow-ai'), JSON.stringify(guides))
  })

  test('then waits for a person to yank what is on the index, which was published before the tags', async () => {
    for (const { page, steps } of guides) assert.equal(await rig.world.followPage(page, steps), true)
    const lines = await linesOf(rig, 4, 'rollback', '2.1.0', '--yes')
    assert.deepEqual([...repository.tags.keys()].filter((tag) => !tag.startsWith('sha256-')).toSorted(), ['2', '2.0', '2.0.0', 'latest'])
    guides = lines.filter(({ type }) => type === 'by-hand')
    assert.deepEqual([...new Set(guides.map(({ page }) => page))], ['https://pypi.org/manage/project/oneflow-ai/release/2.1.0/'])
  })

  test('is rolled back when the person has done it, and that was seen', async () => {
    for (const { page, steps } of guides) assert.equal(await rig.world.followPage(page, steps), true)
    const lines = await linesOf(rig, 6, 'rollback', '2.1.0', '--yes')
    assert.match(lines.at(-1)?.['text'], /^2\.1\.0 is rolled back/)
    assert.deepEqual([...repository.tags.keys()].filter((tag) => !tag.startsWith('sha256-')).toSorted(), ['2', '2.0', '2.0.0', 'latest'])
    assert.deepEqual(await served('latest'), former.bytes)
    assert.equal(await pipInstalls(rig, 'oneflow-ai'), undefined)
    assert.equal(rig.git(['tag', '--list', 'v2.1.0'], await cloned(rig)), '')
  })
})
