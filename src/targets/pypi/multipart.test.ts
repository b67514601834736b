// Tests of the form body of an upload.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multipart } from './multipart.ts'

test('the streamed form is read back as exactly its fields and its file, and its length is true', async () => {
  const pieces = [new Uint8Array([0, 13, 10, 45, 45]), new TextEncoder().encode('--slip\r\n'), new Uint8Array(70_000).fill(7)]
  const content = { length: pieces.reduce((sum, piece) => sum + piece.length, 0), async *open() { yield* pieces } }
  const fields = [[':action', 'file_upload'], ['classifiers', 'One :: Two'], ['classifiers', 'Three'], ['description', 'Line “one”\r\n\r\n--\nüber "quoted"\n'], ['summary', '']] as const
  const { contentType, body } = multipart({ fields, file: { field: 'content', name: 'tiny_slip-2.1.0.tar.gz', mediaType: 'application/octet-stream', content }, boundary: 'slipway-0123' })
  // Twice: another attempt opens it anew.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const bytes = Buffer.concat(await Array.fromAsync(body.open()))
    assert.equal(bytes.length, body.length)
    const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
    assert.deepEqual([...form].filter(([name]) => name !== 'content'), fields.map(([name, value]) => [name, value]))
    const file = form.get('content')
    assert(file instanceof File)
    assert.deepEqual([file.name, file.type], ['tiny_slip-2.1.0.tar.gz', 'application/octet-stream'])
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.concat(pieces))
  }
})
