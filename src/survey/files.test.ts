// Files as a commit holds them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openWorld } from '../world/world.ts'
import { readFiles } from './files.ts'
import type { Look } from '../model/world.ts'

async function withFiles(files: Readonly<Record<string, string | Uint8Array>>, use: (look: Look, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-files-'))
  const git = (...args: readonly string[]): void => void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'core.autocrlf=false', ...args], { cwd: folder, stdio: 'ignore' })
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    symlinkSync('a.txt', join(folder, 'link'))
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'x')
    writeFileSync(join(folder, 'a.txt'), 'not committed')
    await use(openWorld({ repository: folder, folder, env: process.env, version: 'test', gitInherits: 'nothing', evidence: { find: async () => undefined, record: async () => undefined } }), folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const texts = {
  'a.txt': 'one\n',
  'empty': '',
  'no end': 'ä ö 漢 🚢\r\nlast line',
  'sub/looks like.txt': `${'a'.repeat(40)} blob 3\nabc\n\n`,
  'b.txt missing': 'a name like an answer\n',
}

test('files come back byte for byte, in one reading, and those that are not there are left out', async () => {
  await withFiles(texts, async (look) => {
    const read = await readFiles(look, 'HEAD', ['gone', ...Object.keys(texts), 'sub', 'b.txt', 'also gone', 'link'])
    assert.deepEqual(Object.fromEntries(read), { ...texts, link: 'a.txt' })
    assert.deepEqual([...await readFiles(look, 'HEAD', ['a.txt'])], [['a.txt', 'one\n']])
    assert.equal((await readFiles(look, 'HEAD', [])).size, 0)
  })
})

test('a path with a line break is a path like any other', async () => {
  await withFiles({ 'two\nlines': 'x', 'a.txt': 'y' }, async (look) => {
    assert.deepEqual([...await readFiles(look, 'HEAD', ['two\nlines', 'a.txt'])], [['two\nlines', 'x'], ['a.txt', 'y']])
  })
})

test('a file that is not text is refused by name, whatever stands beside it', async () => {
  await withFiles({ ...texts, binary: new Uint8Array([0xff, 0xfe, 0x0a]) }, async (look) => {
    await assert.rejects(readFiles(look, 'HEAD', ['a.txt', 'binary', 'empty']), { name: 'SlipwayError', code: 'place-mismatch', message: /^binary is not UTF-8/ })
    assert.equal((await readFiles(look, 'HEAD', ['a.txt', 'empty'])).get('a.txt'), 'one\n')
  })
})
