// The lists of a repository: its tags in pages, and what refers to a manifest.
import { jsonReply } from '../service.ts'
import type { Reply } from '../service.ts'
import { locationOf } from './ask.ts'
import type { Ask } from './ask.ts'
import { readManifest } from './manifest-shape.ts'
import { isDigest } from './names.ts'
import { refusal } from './refusal.ts'
import { findRepository, tagsOf } from './state.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'

/** Answers `tags/list`, `n` tags after `last`, with a Link to the next page. */
export function listTags(ask: Ask): Reply {
  const { state, call, name } = ask
  const repository = findRepository(state, name)
  if (repository === undefined || repository.manifests.size === 0) return refusal(404, 'NAME_UNKNOWN', { detail: { name } })
  const [n, last] = [call.url.searchParams.get('n'), call.url.searchParams.get('last')]
  const rest = Object.keys(tagsOf(state, name)).filter((tag) => last === null || tag > last)
  const tags = n !== null && /^\d+$/.test(n) ? rest.slice(0, Number(n)) : rest
  const more = tags.length > 0 && tags.length < rest.length
  const next = locationOf(ask, `/v2/${name}/tags/list?n=${n}&last=${tags.at(-1)}`)
  return jsonReply(200, { name, tags }, more ? { link: `<${next}>; rel="next"` } : {})
}

/** Answers `referrers/DIGEST[?artifactType=]` with an index; empty when nothing refers to it, or nothing is there. */
export function listReferrers({ state, call, name, reference }: Ask): Reply {
  if (!state.rules.referrers) return refusal(404, 'MANIFEST_UNKNOWN')
  if (!isDigest(reference)) return refusal(400, 'DIGEST_INVALID')
  const wanted = call.url.searchParams.get('artifactType')
  const manifests = [...(findRepository(state, name)?.manifests ?? [])].flatMap(([digest, { mediaType, bytes }]) => {
    const shape = readManifest(bytes, mediaType)
    if ('problem' in shape || shape.subject?.digest !== reference || (wanted !== null && shape.artifactType !== wanted)) return []
    const { artifactType, annotations } = shape
    return [{ mediaType, digest, size: bytes.byteLength, ...(artifactType === undefined ? {} : { artifactType }), ...(annotations === undefined ? {} : { annotations }) }]
  })
  const body = { schemaVersion: 2, mediaType: INDEX, manifests }
  return jsonReply(200, body, { 'content-type': INDEX, ...(wanted === null ? {} : { 'oci-filters-applied': 'artifactType' }) })
}
