// Release files for everybody: the links on GitHub's pages, and the store that they lead to.
import type { Call, Reply } from '../service.ts'
import type { Asset, GithubState } from './state.ts'
import { releaseName } from './views/release.ts'

/** The host that the bytes come from. */
export const STORE_HOST = 'release-assets.githubusercontent.com'

/** Answers `github.com/owner/name/releases/download/tag/file` by sending on to the store; undefined for other pages. */
export function downloadPages(state: GithubState): (call: Call) => Promise<Reply | undefined> {
  return async (call) => {
    const asked = /^\/([^/]+\/[^/]+)\/releases\/download\/([^/]+)\/([^/]+)$/.exec(call.url.pathname)
    if (asked === null || asked[1] !== `${state.owner}/${state.repo}`) return undefined
    const [tag, file] = [decodeURIComponent(asked[2] ?? ''), decodeURIComponent(asked[3] ?? '')]
    const release = state.releases.find((candidate) => !candidate.draft && releaseName(candidate) === tag)
    const asset = release?.assets.find((candidate) => candidate.name === file && candidate.state === 'uploaded')
    return asset === undefined ? undefined : toStore(call, asset)
  }
}

/** Sends on to where an asset's bytes are. */
export function toStore(call: Call, asset: Asset): Reply {
  return { status: 302, headers: { location: call.address(`https://${STORE_HOST}/github-production-release-asset/${asset.id}`) } }
}

/** The bytes of an asset; whoever has the address may read them. */
export function storedFile(state: GithubState, call: Call): Reply {
  const id = Number(/^\/github-production-release-asset\/(\d+)$/.exec(call.url.pathname)?.[1])
  const asset = state.releases.flatMap((release) => release.assets).find((candidate) => candidate.id === id)
  if (asset === undefined || call.method !== 'GET') return { status: 404, body: '' }
  const headers = { 'content-type': asset.contentType, 'content-disposition': `attachment; filename=${asset.name}` }
  return { status: 200, headers, body: asset.bytes }
}
