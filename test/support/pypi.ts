// Speaks to a package index of the rehearsal without sockets.
import { createHash } from 'node:crypto'
import { blake2b256 } from '../../src/rehearsal/pypi/blake2b.ts'
import type { Reply, Service } from '../../src/rehearsal/service.ts'
import type { Distribution } from './distributions.ts'

/** Asks a service at a public address. */
export async function get(service: Service, url: string, headers: Record<string, string> = {}): Promise<Reply & { text: string }> {
  const reply = await service.handle({ method: 'GET', url: new URL(url), headers, body: new Uint8Array(), address: (address) => address })
  return { ...reply, text: Buffer.from(reply.body ?? '').toString('utf8') }
}

/** An upload as twine makes it; `fields` add to, replace or (undefined) leave out its form fields. */
export async function post(service: Service, dist: Distribution, options: { token?: string; url?: string; fields?: Record<string, string | undefined>; type?: string } = {}): Promise<Reply & { text: string }> {
  const [name = '', version = ''] = dist.filename.replace('.tar.gz', '').split('-')
  const isWheel = dist.filename.endsWith('.whl')
  const fields: Record<string, string | undefined> = {
    ':action': 'file_upload', protocol_version: '1', metadata_version: '2.1', name, version, summary: 'A small thing',
    filetype: isWheel ? 'bdist_wheel' : 'sdist', pyversion: isWheel ? 'py3' : '',
    sha256_digest: createHash('sha256').update(dist.bytes).digest('hex'), blake2_256_digest: blake2b256(dist.bytes), ...options.fields,
  }
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) if (value !== undefined) form.append(field, value)
  form.append('content', new File([dist.bytes], dist.filename, { type: options.type ?? 'application/octet-stream' }))
  const encoded = new Response(form)
  const authorization = `Basic ${Buffer.from(`__token__:${options.token ?? 'pypi-owner'}`).toString('base64')}`
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '', authorization }
  const body = new Uint8Array(await encoded.arrayBuffer())
  const reply = await service.handle({ method: 'POST', url: new URL(options.url ?? 'https://upload.pypi.org/legacy/'), headers, body, address: (address) => address })
  return { ...reply, text: Buffer.from(reply.body ?? '').toString('utf8') }
}
