// Tests of running programs, with real ones.
import assert from 'node:assert/strict'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SlipwayError } from '../model/error.ts'
import { launch, openRun } from './process.ts'
import { temporaryFolder } from './test-rig.ts'

const run = openRun({ env: { ...process.env, PYPI_TOKEN: 'hidden', PIP_INDEX_URL: 'x', PYTHONPATH: 'x', NODE_EXTRA_CA_CERTS: 'x', GITHUB_TOKEN: 'x', LC_TIME: 'C', TZ: 'UTC' }, folder: '/' })
const sh = (line: string, more: Partial<Parameters<typeof run>[0]> = {}) => run({ program: 'sh', args: ['-c', line], ...more })

test('a program answers with its code and both outputs, whatever the code', async () => {
  assert.deepEqual(await sh('echo out; echo err >&2; exit 3'), { code: 3, stdout: 'out\n', stderr: 'err\n' })
  assert.equal((await sh('kill -TERM $$')).code, 143)
})

test('arguments reach the program as they are, without a shell', async () => {
  assert.equal((await run({ program: 'printf', args: ['%s|', '$HOME', 'a b', '; exit 1'] })).stdout, '$HOME|a b|; exit 1|')
})

test('a program sees the allow-listed environment and what the command adds, nothing else', async () => {
  const { stdout } = await run({ program: 'env', args: [], env: { SOURCE_DATE_EPOCH: '1' } })
  const names = stdout.split('\n').map((line) => line.replace(/=.*/, '')).filter((name) => name !== '')
  assert.ok(['PATH', 'HOME', 'TZ', 'LC_TIME', 'SOURCE_DATE_EPOCH'].every((name) => names.includes(name)), names.join(' '))
  assert.deepEqual(names.filter((name) => /TOKEN|^PIP_|^PYTHON|^NODE_|^GITHUB_/.test(name)), [])
})

test('output is heard as it comes and only its end is kept', async () => {
  let heard = ''
  const answer = await sh('head -c 5000000 /dev/zero | tr "\\0" a; echo ü; echo told >&2', { heard: (text) => { heard += text } })
  assert.equal(heard.length, 5_000_000 + 'ü\n'.length + 'told\n'.length)
  assert.match(answer.stdout, /^\[805699 bytes before this were not kept\]\naaa/)
  assert.ok(answer.stdout.endsWith('aü\n'))
})

test('a program that is not there, or may not be run, is named', async () => {
  await using folder = await temporaryFolder()
  await assert.rejects(run({ program: 'no-such-program', args: [] }), (error: unknown) => error instanceof SlipwayError && error.code === 'tool-missing' && error.message.includes('no-such-program'))
  const plain = join(folder.path, 'plain')
  await writeFile(plain, 'text')
  await chmod(plain, 0o644)
  await assert.rejects(run({ program: plain, args: [] }), { code: 'tool-missing' })
  await assert.rejects(run({ program: 'sh', args: [], folder: join(folder.path, 'gone') }), /there is no folder/)
})

test('an abort ends the program with all that it started', async () => {
  await using folder = await temporaryFolder()
  const abort = new AbortController()
  const pid = join(folder.path, 'pid')
  const running = sh(`sleep 600 & echo $! > ${pid}; echo ready; wait`, { signal: abort.signal, heard: () => abort.abort() })
  await assert.rejects(running, /sh was interrupted/)
  await assert.rejects(sh('true', { signal: abort.signal }), /was not started/)
  await assertGone(Number(await readFile(pid, 'utf8')))
})

test('what a program leaves running ends with it', async () => {
  await using folder = await temporaryFolder()
  const pid = join(folder.path, 'pid')
  assert.equal((await sh(`sleep 600 & echo $! > ${pid}`)).code, 0)
  await assertGone(Number(await readFile(pid, 'utf8')))
})

test('a program is in a process group of its own, out of reach of a Ctrl-C at the terminal', async () => {
  const { stdout } = await run({ program: process.execPath, args: ['-e', 'console.log(process.pid, require("node:child_process").execFileSync("ps", ["-o", "pgid=", "-p", process.pid]).toString().trim())'] })
  const [pid, group] = stdout.trim().split(' ')
  assert.equal(group, pid)
})

test('input that the program does not read is no error', async () => {
  const answer = await launch({ program: 'true', args: [], folder: '/', env: { PATH: process.env['PATH'] ?? '' }, stdin: 'x'.repeat(1_000_000), limit: 100, leftovers: 'left' })
  assert.equal(answer.code, 0)
})

/** Has ended: is gone, or is a zombie for want of an init that reaps orphans. Its outputs were closed before this is asked, so it is at its very end. */
async function assertGone(pid: number): Promise<void> {
  assert.ok(pid > 0)
  let state = 'unknown'
  for (let turn = 0; turn < 1000 && !/^[ZX]|gone/.test(state); turn += 1) {
    const { stdout } = await run({ program: 'ps', args: ['-o', 'stat=', '-p', String(pid)] })
    state = stdout.trim() || 'gone'
  }
  assert.match(state, /^[ZX]|gone/)
}
