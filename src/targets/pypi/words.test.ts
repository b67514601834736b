// Tests of reading an index's own words out of its answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverWords } from './words.ts'

const answer = (status: number, reason: string, body: string) => ({ status, reason, headers: {}, body: new TextEncoder().encode(body) })
const page = (title: string, text: string) => `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  The server could not comply with the request since it is either malformed or otherwise incorrect.<br/><br/>\n${text}\n\n\n </body>\n</html>`

test('the words stand in the title, without the status and with their entities read', () => {
  const words = "File already exists ('tiny_slip-2.1.0.tar.gz', with blake2_256 hash 'ab'). See https://pypi.org/help/#file-name-reuse for more information."
  assert.equal(serverWords(answer(400, words, page(`400 ${words}`, words))), words)
  assert.equal(serverWords(answer(400, 'Bad Request', page(`400 ${words.replaceAll("'", '&#x27;')}`, ''))), words)
})

test('a title that only repeats the status gives way to the paragraph or the text below', () => {
  assert.equal(serverWords(answer(403, 'Forbidden', '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1><p>The user &#39;ann&#39; isn&#39;t allowed.</p></body></html>')), "The user 'ann' isn't allowed.")
  assert.equal(serverWords(answer(403, 'Forbidden', '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1>Access was denied to this resource.<br/></body></html>')), 'Access was denied to this resource.')
})

test('without markup the body speaks, and without a body the reason', () => {
  assert.equal(serverWords(answer(422, '', 'Name is taken.\n')), 'Name is taken.')
  assert.equal(serverWords(answer(400, 'Only one sdist may be uploaded per release.', '')), 'Only one sdist may be uploaded per release.')
  assert.equal(serverWords(answer(413, 'Request Entity Too Large', '')), '413 Request Entity Too Large')
})

test('a long page is cut short, and strange entities do no harm', () => {
  assert.equal(serverWords(answer(500, '', 'x'.repeat(5000))).length, 500)
  assert.equal(serverWords(answer(400, '', 'a &bogus; &#99999999999; b')).startsWith('a &bogus; '), true)
})
