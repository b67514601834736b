// What tests of the registry share: requests in one line, and a small image to push.
import { createHash } from 'node:crypto'
import type { Reply, Service } from '../service.ts'

/** What a request carries. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** An answer, read. Header names are in lower case. */
export interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  /** The code of the first error; undefined when the body holds none. */
  readonly code: string | undefined
}

/** Sends one request to a path (`/v2/acme/app/...`) or a whole address. */
export type Send = (method: string, url: string, sent?: Sent) => Promise<Got>

/** Requests that go to a service without a socket, at `https://HOST`. */
export function sendTo(service: Service, host: string): Send {
  return async (method, url, sent = {}) => {
    const body = typeof sent.body === 'string' ? Buffer.from(sent.body) : (sent.body ?? new Uint8Array())
    const headers = { ...(sent.body === undefined ? {} : { 'content-length': String(body.byteLength) }), ...sent.headers }
    return gotten(await service.handle({ method, url: new URL(url, `https://${host}`), headers, body, address: (address) => address }))
  }
}

/** Requests over HTTP. */
export function sendOver(origin: string): Send {
  return async (method, url, sent = {}) => {
    const answer = await fetch(new URL(url, origin), { method, headers: { accept: '', ...sent.headers }, ...(sent.body === undefined ? {} : { body: Buffer.from(sent.body) }), redirect: 'manual' })
    return gotten({ status: answer.status, headers: Object.fromEntries(answer.headers), body: new Uint8Array(await answer.arrayBuffer()) })
  }
}

function gotten(reply: Reply): Got {
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array())
  return { status: reply.status, headers: Object.fromEntries(Object.entries(reply.headers ?? {}).map(([name, value]) => [name, String(value)])), bytes, code: codeIn(bytes) }
}

function codeIn(bytes: Uint8Array): string | undefined {
  try {
    return (JSON.parse(Buffer.from(bytes).toString()) as { errors?: { code: string }[] }).errors?.[0]?.code
  } catch {
    return undefined
  }
}

/** The media type of a manifest. */
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
/** The media type of an index. */
export const INDEX = 'application/vnd.oci.image.index.v1+json'

/** `sha256:HEX` of bytes or text. */
export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** A reference to bytes. */
export function descriptor(mediaType: string, bytes: string): { readonly mediaType: string; readonly digest: string; readonly size: number } {
  return { mediaType, digest: sha256(bytes), size: Buffer.byteLength(bytes) }
}

/** A manifest of a config and one layer, and these two. */
export function image(words: string, more: object = {}): { readonly config: string; readonly layer: string; readonly manifest: string; readonly digest: string } {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, author: words })
  const layer = `the layer of ${words}`
  const manifest = JSON.stringify({
    schemaVersion: 2, mediaType: MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', config), layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    ...more,
  })
  return { config, layer, manifest, digest: sha256(manifest) }
}

/** An index over manifests. */
export function indexOver(manifests: readonly string[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: manifests.map((one) => ({ ...descriptor(MANIFEST, one), platform: { os: 'linux', architecture: 'amd64' } })) })
}

/** Puts a digest behind an upload's Location, which may have a query already. */
export function closing(location: string, digest: string): string {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`
}

/** Pushes one blob in two requests; rejects when that is refused. */
export async function pushBlob(send: Send, name: string, bytes: Uint8Array | string): Promise<void> {
  const opened = await send('POST', `/v2/${name}/blobs/uploads/`)
  const closed = await send('PUT', closing(opened.headers['location'] ?? '', sha256(bytes)), { body: bytes, headers: { 'content-type': 'application/octet-stream' } })
  if (closed.status !== 201) throw new Error(`The upload ended ${opened.status} and ${closed.status}.`)
}

/** Pushes a manifest. */
export function pushManifest(send: Send, place: { readonly name: string; readonly at: string }, manifest: string): Promise<Got> {
  return send('PUT', `/v2/${place.name}/manifests/${place.at}`, { body: manifest, headers: { 'content-type': manifest.includes(INDEX) ? INDEX : MANIFEST } })
}
