// Releases and their assets as GitHub shows them.
import type { Asset, Release } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeOrNull, timeText } from './links.ts'
import type { Viewer } from './links.ts'
import { userView } from './user.ts'

/** What a release is called in addresses: its tag, or a stand-in while it is a draft. */
export function releaseName(release: Release): string {
  return release.draft ? `untagged-${release.id.toString(16).padStart(20, '0')}` : release.tag
}

/** A release. */
export function releaseView(viewer: Viewer, release: Release): Record<string, unknown> {
  const url = repositoryLink(viewer, `/releases/${release.id}`)
  const { owner, repo } = viewer.state
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${viewer.call.address(`https://uploads.github.com/repos/${owner}/${repo}/releases/${release.id}/assets`)}{?name,label}`,
    html_url: pageLink(viewer, `/releases/tag/${encodeURIComponent(releaseName(release))}`),
    id: release.id,
    author: userView(viewer, release.author),
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    created_at: timeText(release.createdAt),
    updated_at: timeText(release.updatedAt),
    published_at: timeOrNull(release.publishedAt),
    assets: release.assets.map((asset) => assetView(viewer, release, asset)),
    tarball_url: release.draft ? null : repositoryLink(viewer, `/tarball/${encodeURIComponent(release.tag)}`),
    zipball_url: release.draft ? null : repositoryLink(viewer, `/zipball/${encodeURIComponent(release.tag)}`),
    body: release.body,
  }
}

/** A file of a release. */
export function assetView(viewer: Viewer, release: Release, asset: Asset): Record<string, unknown> {
  return {
    url: repositoryLink(viewer, `/releases/assets/${asset.id}`),
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: asset.label,
    uploader: userView(viewer, asset.uploader),
    content_type: asset.contentType,
    state: asset.state,
    size: asset.bytes.byteLength,
    digest: asset.digest,
    download_count: 0,
    created_at: timeText(asset.createdAt),
    updated_at: timeText(asset.updatedAt),
    browser_download_url: pageLink(viewer, `/releases/download/${encodeURIComponent(releaseName(release))}/${encodeURIComponent(asset.name)}`),
  }
}
