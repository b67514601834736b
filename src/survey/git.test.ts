// Tests of asking a remote: as git reaches it, then with the token.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Look } from '../model/world.ts'
import { askRemote, remoteText } from './git.ts'

/** A remote that opens to these only: nobody, or who brings the token. */
function remote(opensTo: 'everybody' | 'token' | 'nobody', has = true): { look: Look; asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = []
  const look = {
    hasSecret: () => has,
    git: async (_: readonly string[], { secret }: { readonly secret?: string } = {}) => {
      asked.push(secret)
      const open = opensTo === 'everybody' || (opensTo === 'token' && secret !== undefined)
      return open ? { code: 0, stdout: 'refs', stderr: '' } : { code: 128, stdout: '', stderr: 'Authentication failed' }
    },
  } as unknown as Look
  return { look, asked }
}

test('a clone that was left without credentials reaches its remote with the token, and nobody lends it where it is not needed', async () => {
  const open = remote('everybody')
  assert.equal((await askRemote(open.look, 'GITHUB_TOKEN', ['origin'])).stdout, 'refs')
  assert.deepEqual(open.asked, [undefined])
  const closed = remote('token')
  assert.equal((await askRemote(closed.look, 'GITHUB_TOKEN', ['origin'])).stdout, 'refs')
  assert.deepEqual(closed.asked, [undefined, 'GITHUB_TOKEN'])
})

test('an answer that did not come is no empty list', async () => {
  for (const { look } of [remote('nobody'), remote('token', false)]) await assert.rejects(remoteText(look, 'GITHUB_TOKEN', ['origin']), { code: 'command-failed' })
})
