// What is done to a registry behind its protocol's back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeByte, contentsOf, deletePackageVersion, plantManifest, plantTag } from './arrange.ts'
import { image, MANIFEST } from './registry.rig.ts'
import { registryRules } from './rules.ts'
import { createRegistryState, findManifest, storeBlob, tagsOf } from './state.ts'
import type { RegistryState } from './state.ts'

const fresh = (): RegistryState => createRegistryState({ host: 'ghcr.io', rules: registryRules.ghcr, tokens: [{ token: 'owner', may: 'all' }] })
const NAME = 'acme/app'

test('somebody else puts a tag on an image of theirs, or on one that is there', () => {
  const state = fresh()
  const theirs = plantTag(state, NAME, { tag: '2.1.0' })
  assert.equal(findManifest(state, NAME, '2.1.0')?.mediaType, MANIFEST)
  const { manifest, digest } = image('one')
  assert.equal(plantManifest(state, NAME, { mediaType: MANIFEST, bytes: Buffer.from(manifest) }), digest)
  assert.equal(plantTag(state, NAME, { tag: 'latest', digest }), digest)
  assert.deepEqual(tagsOf(state, NAME), { '2.1.0': theirs, latest: digest })
  assert.notEqual(plantTag(state, NAME, { tag: '2.1.0-other' }), theirs)
})

test('deleting a version takes all its tags and leaves the index that refers to it', () => {
  const state = fresh()
  const [one, two] = ['one', 'two'].map((words) => plantManifest(state, NAME, { mediaType: MANIFEST, bytes: Buffer.from(image(words).manifest) }))
  for (const tag of ['2.1.0', 'latest']) plantTag(state, NAME, { tag, digest: one! })
  plantTag(state, NAME, { tag: '2.0.0', digest: two! })
  deletePackageVersion(state, NAME, one!)
  assert.deepEqual(tagsOf(state, NAME), { '2.0.0': two })
  assert.deepEqual(contentsOf(state)[NAME]?.manifests, [two])
  assert.throws(() => deletePackageVersion(state, NAME, one!), /ghcr\.io\/acme\/app has no version sha256:/)
  assert.throws(() => changeByte(state, NAME, one!), /has no bytes/)
})

test('what releases change is plain data, which is copied and put back', () => {
  const state = fresh()
  const digest = storeBlob(state, NAME, Buffer.from('a small part of a large buffer'))
  plantTag(state, NAME, { tag: '2.1.0' })
  const before = contentsOf(state)
  const saved = structuredClone(state.repositories)
  assert.equal(saved.get(NAME)?.blobs.get(digest)?.buffer.byteLength, 30)
  plantTag(state, NAME, { tag: '2.1.0' })
  plantTag(state, NAME, { tag: 'latest' })
  storeBlob(state, 'acme/other', Buffer.from('blob'))
  assert.notDeepEqual(contentsOf(state), before)
  state.repositories.clear()
  for (const [name, repository] of saved) state.repositories.set(name, repository)
  assert.deepEqual(contentsOf(state), before)
})
