// The files of releases.
import { createHash } from 'node:crypto'
import { jsonReply } from '../../service.ts'
import type { Reply } from '../../service.ts'
import { toStore } from '../downloads.ts'
import { textField } from '../fields.ts'
import { pageReply } from '../paging.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Asset, Release } from '../state.ts'
import { assetView } from '../views/release.ts'
import { askedRelease, visible } from './releases.ts'

const PUSH = { part: 'contents', level: 'write' } as const
const TAKEN = { resource: 'ReleaseAsset', code: 'already_exists', field: 'name' } as const

/** Release assets. */
export const assetRoutes: readonly Route[] = [
  {
    method: 'POST',
    host: 'uploads.github.com',
    path: '/repos/{owner}/{repo}/releases/{release_id}/assets',
    operation: 'repos/upload-release-asset',
    page: 'rest/releases/assets#upload-a-release-asset',
    needs: PUSH,
    raw: true,
    handle: upload,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases/{release_id}/assets',
    operation: 'repos/list-release-assets',
    page: 'rest/releases/assets#list-release-assets',
    handle: async (ask) => {
      const release = askedRelease(ask)
      return pageReply(ask, release.assets, (asset) => assetView(ask, release, asset))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases/assets/{asset_id}',
    operation: 'repos/get-release-asset',
    page: 'rest/releases/assets#get-a-release-asset',
    handle: async (ask) => {
      const { release, asset } = askedAsset(ask)
      if (ask.call.headers['accept']?.includes('application/octet-stream') === true) return toStore(ask.call, asset)
      return jsonReply(200, assetView(ask, release, asset))
    },
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/releases/assets/{asset_id}',
    operation: 'repos/update-release-asset',
    page: 'rest/releases/assets#update-a-release-asset',
    needs: PUSH,
    handle: async (ask) => {
      const { release, asset } = askedAsset(ask)
      const name = safeName(textField(ask.body, 'name') ?? asset.name)
      if (release.immutable) throw new Refusal(422, 'Cannot change assets of an immutable release.')
      if (release.assets.some((other) => other !== asset && other.name === name)) throw invalid(TAKEN)
      Object.assign(asset, { name, label: textField(ask.body, 'label') ?? asset.label, updatedAt: ask.state.now() })
      return jsonReply(200, assetView(ask, release, asset))
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/releases/assets/{asset_id}',
    operation: 'repos/delete-release-asset',
    page: 'rest/releases/assets#delete-a-release-asset',
    needs: PUSH,
    handle: async (ask) => {
      const { release, asset } = askedAsset(ask)
      if (release.immutable) throw invalid({ resource: 'ReleaseAsset', code: 'custom', message: 'Cannot delete asset from an immutable release' })
      release.assets.splice(release.assets.indexOf(asset), 1)
      return { status: 204 }
    },
  },
]

/** A file name as GitHub keeps it: special characters become periods, a leading period gets a word before it, trailing ones go. */
export function safeName(name: string): string {
  return name.replaceAll(/[^\w.+@-]+/g, '.').replace(/\.+$/, '').replace(/^\./, 'default.')
}

async function upload(ask: Ask): Promise<Reply> {
  const { state, call, query } = ask
  const release = askedRelease(ask)
  const asked = query.get('name') ?? ''
  if (asked === '') throw invalid({ resource: 'ReleaseAsset', code: 'missing_field', field: 'name' })
  if (release.immutable) throw new Refusal(422, 'Cannot upload assets to an immutable release.')
  if (call.body.byteLength === 0) throw new Refusal(400, 'Bad Content-Length')
  const name = safeName(asked)
  if (release.assets.some((asset) => asset.name === name)) throw invalid(TAKEN)
  const broken = state.starterNext
  state.starterNext = false
  const now = state.now()
  const asset: Asset = {
    id: state.nextId(),
    uploader: ask.grant?.login ?? '',
    contentType: call.headers['content-type'] ?? 'application/octet-stream',
    bytes: broken ? new Uint8Array() : call.body,
    digest: broken ? null : `sha256:${createHash('sha256').update(call.body).digest('hex')}`,
    state: broken ? 'starter' : 'uploaded',
    createdAt: now,
    name,
    label: query.get('label'),
    updatedAt: now,
  }
  release.assets.push(asset)
  if (broken) throw new Refusal(502, 'Server Error')
  return jsonReply(201, assetView(ask, release, asset))
}

function askedAsset(ask: Ask): { release: Release; asset: Asset } {
  const id = Number(ask.params['asset_id'])
  const release = ask.state.releases.find((candidate) => candidate.assets.some((asset) => asset.id === id))
  const asset = release?.assets.find((candidate) => candidate.id === id)
  if (release === undefined || asset === undefined || !visible(ask, release)) throw notFound()
  return { release, asset }
}
