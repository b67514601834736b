// A file of a published release, fetched as a user fetches it.
import type { Look } from '../../model/world.ts'
import { github } from './client.ts'
import { assetNamed, assetsOf, releaseByTag } from './releases.ts'
import type { Access } from './shape.ts'

/** Bytes that a text may have which is read whole. */
const MOST = 4 * 1024 * 1024

/**
 * The text of a file of the published release of a tag; undefined where there is no such release or file, or it is too large for what is read as text.
 * Throws Refused, or a plain Error where there was no answer.
 */
export async function publishedText(look: Look, access: Access, { tag, name }: { readonly tag: string; readonly name: string }): Promise<string | undefined> {
  const release = await releaseByTag(look, access, tag)
  const asset = release === undefined ? undefined : assetNamed(await assetsOf(look, access, release.id), name)
  if (asset === undefined || asset.size > MOST) return undefined
  const pieces: Uint8Array[] = []
  const take = (piece: Uint8Array): void => { pieces.push(piece) }
  const answer = await look.http({ method: 'GET', url: asset.browser_download_url, take })
  // What is not shown to everybody is shown to who may see the repository.
  const shown = answer.status === 200 || (answer.status === 404 && await github(look, access).download(asset.id, take))
  if (!shown) throw new Error(`${name} is listed, but ${new URL(asset.browser_download_url).host} answered ${answer.status} ${answer.reason}`)
  return Buffer.concat(pieces).toString('utf8')
}
