// A container registry as a service: the OCI distribution protocol and its token service at their public hosts, over one state.
import type { Call, Reply } from '../service.ts'
import { realmOf, refusedEntry } from './admission.ts'
import type { Ask } from './ask.ts'
import { deleteBlob, readBlob, readStoredBlob } from './blobs.ts'
import { listReferrers, listTags } from './lists.ts'
import { deleteManifest, pushManifest, readStoredManifest } from './manifests.ts'
import { isName } from './names.ts'
import { refusal } from './refusal.ts'
import type { RegistryService } from './root.ts'
import type { Action, RegistryState } from './state.ts'
import { giveToken } from './token.ts'
import { cancelUpload, closeUpload, openUpload, takeChunk, uploadStatus } from './uploads.ts'

/** Serves a registry, https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md, with the hosts of its token service and of its blobs. */
export function registryService({ state }: { readonly state: RegistryState }): RegistryService {
  const { blobHost, auth } = state.rules
  const realm = auth === 'bearer' ? new URL(realmOf(state)) : undefined
  return {
    hosts: [...new Set([state.host, ...(realm === undefined ? [] : [realm.host]), ...(blobHost === undefined ? [] : [blobHost])])],
    registry: { host: state.host, realm: realm?.href },
    handle: async (call) => {
      const { host, pathname } = call.url
      if (host === realm?.host && pathname === realm.pathname) return giveToken(state, call)
      if (host === blobHost) return readStoredBlob(state, call)
      const reply = host === state.host ? answer(state, call) : notFound()
      return { ...reply, headers: { 'docker-distribution-api-version': 'registry/2.0', ...reply.headers } }
    },
  }
}

type Handler = (ask: Ask) => Reply

/** By what the path names, then by method. */
const HANDLERS: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  manifests: { GET: readStoredManifest, PUT: pushManifest, DELETE: deleteManifest },
  blobs: { GET: readBlob, DELETE: deleteBlob },
  'blobs/uploads': { GET: uploadStatus, POST: openUpload, PATCH: takeChunk, PUT: closeUpload, DELETE: cancelUpload },
  tags: { GET: listTags },
  referrers: { GET: listReferrers },
}

function answer(state: RegistryState, call: Call): Reply {
  const path = decoded(call.url.pathname)
  if (/^\/v2\/?$/.test(path)) return refusedEntry(state, call, undefined) ?? { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
  const [, name, part, reference] = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/([^/]*)$/.exec(path) ?? []
  if (name === undefined || part === undefined || reference === undefined || (part === 'tags' && reference !== 'list')) return notFound()
  if (!isName(name)) return refusal(400, 'NAME_INVALID', { detail: { name } })
  const handler = HANDLERS[part]?.[call.method]
  if (handler === undefined) return refusal(405, 'UNSUPPORTED')
  return refusedEntry(state, call, { repository: name, action: actionOf(part, call.method) }) ?? handler({ state, call, name, reference })
}

function actionOf(part: string, method: string): Action {
  if (method === 'GET') return 'pull'
  return method === 'DELETE' && part !== 'blobs/uploads' ? 'delete' : 'push'
}

function notFound(): Reply {
  return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
