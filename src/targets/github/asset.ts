// The kind github.asset: uploads one file to the draft release, compared by GitHub's own digest.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Look, World } from '../../model/world.ts'
import { parseJson } from '../../model/json.ts'
import { digest } from '../checks/digest.ts'
import { github } from './client.ts'
import { assetNamed, assetsOf, releaseById } from './releases.ts'
import { accessShape, assetAnswer, idShape, type Access, type Asset } from './shape.ts'
import { published, TOKEN, wordOf } from './words.ts'

const input = z.strictObject({
  ...accessShape,
  /** The id of the draft release. */
  release: idShape,
  /** The address that GitHub gave for uploads, with or without its `{?name,label}`. */
  uploadUrl: z.url({ protocol: /^https?$/ }),
  name: z.string().min(1),
  mediaType: z.string().min(1),
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256: digest,
  /**
   * What the file says something about, by digest, for files that the run itself makes. A signature is another one each time: made again by a run whose
   * journal is lost, it takes the place of the one in the draft, and a published one about the same bytes stays.
   */
  about: z.exactOptional(z.array(digest).min(1)),
})

const output = z.strictObject({ id: idShape, name: z.string(), sha256: digest })

type AssetInput = z.infer<typeof input>

const RIGHT = 'Contents: write'

/** One file of the release. An upload that broke off half-way counts as absent and is cleared away first. */
export const githubAsset = defineKind<AssetInput, z.infer<typeof output>>({
  kind: 'github.asset',
  input,
  output,
  reversal: {
    is: 'reversible',
    async undo(world, wanted) {
      const found = await find(world, wanted)
      if (found === undefined) return
      if (isWhole(found) && !isSame(found, wanted) && !(await saysOf(world, wanted, found))) throw new Refused({ code: 'artifact-changed', message: `The asset ${found.name} is not the file that this release uploaded, so it was left alone.`, hint: 'Delete it by hand if nobody needs it.' })
      await remove(world, wanted, found)
    },
  },
  examples: ({ repository, artifacts }) => published(artifacts).map(({ name, mediaType, size, sha256 }) => ({
    repository: `${repository.owner}/${repository.name}`,
    api: 'https://api.github.com',
    token: TOKEN,
    release: 1,
    uploadUrl: `https://uploads.github.com/repos/${repository.owner}/${repository.name}/releases/1/assets{?name,label}`,
    name,
    mediaType,
    size,
    sha256,
  })),
  describe: ({ repository, name, size, sha256 }) => ({
    apply: `Upload ${name} (${size} bytes, ${sha256.slice(0, 19)}) to the draft release in ${repository}.`,
    undo: `Delete the asset ${name}.`,
    byHand: [`gh release upload TAG --repo ${repository} ${wordOf(name)}`],
  }),
  async probe(look, wanted) {
    const release = await releaseById(look, wanted, wanted.release)
    if (release === undefined) return { state: 'withdrawn' }
    const found = await find(look, wanted)
    if (found === undefined || !isWhole(found)) return { state: 'absent' }
    if (found.digest === null && found.size === wanted.size) return { state: 'unknown', why: `GitHub does not tell the digest of ${found.name} yet`, blind: false }
    if (isSame(found, wanted)) return { state: 'present', output: outputOf(found) }
    if (wanted.about !== undefined && release.draft) return { state: 'absent' }
    if (await saysOf(look, wanted, found)) return { state: 'present', output: outputOf(found) }
    return { state: 'conflict', found: `the release has another file named ${found.name} (${found.size} bytes, ${found.digest ?? 'digest not told'})` }
  },
  async apply(world, wanted, { progress }) {
    const { name, mediaType, sha256 } = wanted
    const bytes = await world.artifacts.body(sha256)
    const leftover = await find(world, wanted)
    if (leftover !== undefined && (!isWhole(leftover) || (wanted.about !== undefined && !isSame(leftover, wanted)))) await remove(world, wanted, leftover)
    const url = `${wanted.uploadUrl.replace(/\{[^}]*\}$/, '')}?name=${encodeURIComponent(name)}`
    const made = await github(world, wanted).upload(url, { bytes, mediaType, progress }, { to: `take the asset ${name}`, right: RIGHT, shape: assetAnswer })
    if (!isSame(made, wanted)) throw new Error(`GitHub says that the uploaded ${name} has ${made.size} bytes and the digest ${made.digest}, which is not what was sent`)
    return outputOf(made)
  },
})

async function find(look: Look, { release, name, ...access }: Access & Pick<AssetInput, 'release' | 'name'>): Promise<Asset | undefined> {
  if (await releaseById(look, access, release) === undefined) return undefined
  return assetNamed(await assetsOf(look, access, release), name)
}

async function remove(world: World, access: Access, asset: Asset): Promise<void> {
  await github(world, access).write('DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}', { asset_id: asset.id }, { to: `delete the asset ${asset.name}`, right: RIGHT, shape: z.unknown() })
}

/** False for what an upload that broke off has left (`starter`). */
function isWhole(asset: Asset): boolean {
  return asset.state === 'uploaded'
}

function isSame(asset: Asset, wanted: AssetInput): boolean {
  return asset.digest === wanted.sha256 && asset.size === wanted.size
}

function outputOf(asset: Asset): z.infer<typeof output> {
  return { id: asset.id, name: asset.name, sha256: digest.parse(asset.digest) }
}

/** True when the file is a signed statement about all that ours is about. */
async function saysOf(look: Look, wanted: AssetInput, found: Asset): Promise<boolean> {
  if (wanted.about === undefined || found.size > LARGEST_STATEMENT) return false
  const pieces: Uint8Array[] = []
  if (!(await github(look, wanted).download(found.id, (piece) => { pieces.push(Buffer.from(piece)) }))) return false
  const bundle = bundleShape.safeParse(parseJson(Buffer.concat(pieces).toString('utf8')))
  const statement = statementShape.safeParse(bundle.success ? parseJson(Buffer.from(bundle.data.dsseEnvelope.payload, 'base64').toString('utf8')) : undefined)
  const subjects = new Set(statement.success ? statement.data.subject.map(({ digest }) => `sha256:${digest.sha256}`) : [])
  return wanted.about.every((digest) => subjects.has(digest))
}

const LARGEST_STATEMENT = 1024 * 1024

const bundleShape = z.object({ dsseEnvelope: z.object({ payload: z.string() }) })

const statementShape = z.object({ subject: z.array(z.object({ digest: z.object({ sha256: z.string() }) })) })
