// The kind github.verify: green means shipped: every file of the release is fetched as a user fetches it, and compared byte for byte.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { digest } from '../checks/digest.ts'
import { github } from './client.ts'
import { assetNamed, assetsOf, releaseByTag } from './releases.ts'
import { accessShape, type Asset } from './shape.ts'
import { published, TOKEN } from './words.ts'

const input = z.strictObject({
  ...accessShape,
  tag: z.string().min(1),
  files: z.array(z.strictObject({
    name: z.string().min(1),
    sha256: digest,
    /** Bytes; missing for what is signed anew each time. */
    size: z.exactOptional(z.int().nonnegative()),
  })),
})

const output = z.strictObject({ evidence: z.array(evidenceLine) })

type VerifyInput = z.infer<typeof input>
type VerifyOutput = z.infer<typeof output>
type File = VerifyInput['files'][number]

const kind = 'github.verify'

/** Verifies what the release serves. Throws Refused `verify-failed`. */
export const githubVerify = defineKind<VerifyInput, VerifyOutput>({
  kind,
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ repository, tag, artifacts }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, tag,
    files: published(artifacts).map(({ name, sha256, size }) => ({ name, sha256, size })),
  }],
  describe: ({ repository, tag, files }) => ({
    apply: `Download ${files.length === 1 ? 'the file' : `the ${files.length} files`} of the release ${tag} in ${repository} as a user would, and compare every byte with what was built.`,
    undo: 'Nothing to take back: it only reads.',
    byHand: [
      `gh release download ${tag} --repo ${repository} --dir /tmp/verify`,
      ...files.length === 0 ? [] : [`(cd /tmp/verify && sha256sum --check) <<'EOF'\n${files.map(({ name, sha256 }) => `${sha256.slice('sha256:'.length)}  ${name}`).join('\n')}\nEOF`],
    ],
  }),
  async probe(look, wanted) {
    const release = await releaseByTag(look, wanted, wanted.tag)
    if (release === undefined) return { state: 'unknown', why: `${wanted.repository} shows no release ${wanted.tag} yet`, blind: false }
    const assets = await assetsOf(look, wanted, release.id)
    for (const { name, sha256 } of wanted.files) {
      const asset = assetNamed(assets, name)
      if (asset === undefined) return { state: 'unknown', why: `${release.html_url} does not list ${name} yet`, blind: false }
      if (asset.digest !== null && asset.digest !== sha256) return { state: 'conflict', found: `${release.html_url} has ${name} with ${asset.digest}, ours has ${sha256}` }
    }
    // The release is there, and GitHub's digests of its files are ours: what was proved of them holds.
    return probeEvidence(look, keyOf(wanted), output)
  },
  apply: verify,
})

async function verify(world: World, wanted: VerifyInput, once: Once): Promise<VerifyOutput> {
  const { repository, tag, files } = wanted
  const release = await releaseByTag(world, wanted, tag)
  if (release === undefined) throw new Error(`${repository} shows no release ${tag} just now`)
  const assets = await assetsOf(world, wanted, release.id)
  const total = files.reduce((sum, { size = 0 }) => sum + size, 0)
  let done = 0
  let hidden = false
  for (const file of files) {
    const asset = assetNamed(assets, file.name)
    if (asset === undefined) throw new Error(`${release.html_url} does not list ${file.name} just now`)
    const progress = (bytes: number): void => {
      done += bytes
      once.progress(Math.min(done, total), total)
    }
    const { sha256, size, by } = await download(world, wanted, { file, asset, progress })
    if (sha256 !== file.sha256) throw failed(wanted, `${file.name} was fetched with ${sha256} (${size} bytes), but ${file.sha256}${file.size === undefined ? '' : ` (${file.size} bytes)`} was ${file.size === undefined ? 'published' : 'built'}`)
    hidden ||= by === 'token'
  }
  const title = `GitHub release ${tag} of ${repository} downloaded${hidden ? ' with a token: it is not public' : ''}`
  const detail = files.length === 0 ? 'it is published; it has no files of this release' : `byte for byte: ${files.map(({ name }) => name).join(', ')}`
  const result = { evidence: [{ title, passed: true, detail }] }
  await recordEvidence(world, { key: keyOf(wanted), title, passed: true, output: result })
  return result
}

interface Fetch {
  readonly file: File
  readonly asset: Asset
  /** Told of each piece, in bytes. */
  progress(bytes: number): void
}

/** Fetches as anybody; where nobody is shown the file, with the token, as those do who may see a private repository. */
async function download(world: World, wanted: VerifyInput, { file, asset, progress }: Fetch): Promise<{ readonly sha256: string; readonly size: number; readonly by: 'anybody' | 'token' }> {
  const hash = createHash('sha256')
  let size = 0
  const take = (piece: Uint8Array): void => {
    hash.update(piece)
    size += piece.byteLength
    progress(piece.byteLength)
  }
  const answer = await world.http({ method: 'GET', url: asset.browser_download_url, take })
  if (answer.status === 200) return { sha256: `sha256:${hash.digest('hex')}`, size, by: 'anybody' }
  // A file that is listed but not served yet is lag, not loss: it is looked for again.
  if (answer.status !== 404) throw new Error(`${file.name} is listed, but ${new URL(asset.browser_download_url).host} answered ${answer.status} ${answer.reason}`)
  if (!await github(world, wanted).download(asset.id, take)) throw new Error(`${file.name} is listed, but GitHub does not serve it just now`)
  return { sha256: `sha256:${hash.digest('hex')}`, size, by: 'token' }
}

function keyOf({ repository, api, tag, files }: VerifyInput): string {
  return evidenceKey(kind, { repository, api, tag, files })
}

function failed(wanted: VerifyInput, why: string): Refused {
  return new Refused({
    code: 'verify-failed',
    message: `The release ${wanted.tag} in ${wanted.repository} is not what was built: ${why}.`,
    hint: `Look who changed it, and see for yourself: ${githubVerify.describe(wanted).byHand[0] ?? ''}`,
  })
}
