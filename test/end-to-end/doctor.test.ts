// slipway doctor, the shipped program, against a world of its own: tokens of differing rights, where tokens come from, and that it leaves nothing behind.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { tokenOf } from '../../src/targets/pypi/token.fixture.ts'
import { openRig, RIG_TOKEN, withoutPackage, type Rig } from '../support/rig.ts'
import { rigEnvironment } from '../support/rig-environment.ts'
import { photograph } from '../support/rig-photo.ts'

interface Line { readonly group: string; readonly of: string; readonly title: string; readonly is: string; readonly detail?: string; readonly why?: string; readonly problems: readonly { readonly code: string; readonly message: string; readonly hint?: string }[] }

async function examine(rig: Rig, env: Readonly<Record<string, string | null>> = {}): Promise<{ readonly code: number | null; readonly lines: readonly Line[]; readonly all: string }> {
  const { code, stdout, stderr } = await rig.run(['doctor', '--json'], { env })
  assert.equal(stderr, '')
  const messages = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string; lines?: readonly Line[] })
  return { code, lines: messages.find(({ type }) => type === 'doctor')?.lines ?? [], all: stdout }
}

const standing = (lines: readonly Line[], title: string): string => lines.find((line) => line.title.startsWith(title))?.is ?? `there is no «${title}»`

function give(rig: Rig, grant: { readonly rights: Readonly<Record<string, string>>; readonly scopes?: readonly string[] }): void {
  const tokens = rig.world.github.tokens as Record<string, unknown>
  tokens[RIG_TOKEN] = { login: 'owner', ...grant }
}

test('each right is told apart for tokens of differing rights, and nothing is written', async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
  const before = await photograph(rig.world)
  const rights = ['make the tag', 'open the pull request', 'merge the pull request', 'create the release', 'know whether releases are immutable', 'delete the tag']
  const write = { contents: 'write', pull_requests: 'write' }
  const told: readonly [grant: Parameters<typeof give>[1], is: readonly string[]][] = [
    [{ rights: { ...write, administration: 'write' }, scopes: ['repo'] }, ['met', 'met', 'met', 'met', 'met', 'met']],
    [{ rights: { ...write, administration: 'read' } }, ['met', 'untested', 'met', 'met', 'untested', 'met']],
    [{ rights: { contents: 'read', pull_requests: 'write' } }, ['unmet', 'unmet', 'unmet', 'unmet', 'untested', 'unmet']],
    [{ rights: write, scopes: ['gist'] }, ['unmet', 'unmet', 'unmet', 'unmet', 'untested', 'unmet']],
  ]
  for (const [grant, is] of told) {
    give(rig, grant)
    const { lines, code } = await examine(rig)
    assert.deepEqual(rights.map((right) => standing(lines, right)), is, JSON.stringify(grant))
    assert.equal(code, is.includes('unmet') ? 1 : 0, JSON.stringify(grant))
  }
  const written = rig.world.served.calls.filter(({ method, url }) => !['GET', 'HEAD'].includes(method) && !/git-upload-pack$/.test(url))
  assert.deepEqual([...new Set(written.map(({ url }) => new URL(url).pathname))], ['/repos/oneflow-ai/oneflow/releases/generate-notes'], 'all else only reads')
  assert.deepEqual(await photograph(rig.world), before)
})

test('what doctor says of a ruleset is what the push then meets', async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
  rig.world.github.addRuleset({ name: 'frozen', target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }], bypass: [] })
  const { lines } = await examine(rig)
  assert.equal(standing(lines, 'make the tag'), 'unmet')
  assert.equal(standing(lines, 'delete the tag'), 'met', 'the rule is about making them')
  assert.throws(() => rig.git(['push', '--quiet', 'origin', 'HEAD:refs/tags/v9.0.0']), /creations being restricted/)
})

test('a token of PyPI is judged by what it says of itself', async () => {
  await using rig = await openRig()
  const upload = async (token: string): Promise<Line> => {
    const { lines, all } = await examine(rig, { PYPI_TOKEN: token })
    assert.ok(!all.includes(token) && !all.includes(token.slice(5, 40)), 'a token is shown')
    const line = lines.find(({ title }) => title === 'upload oneflow-ai to pypi.org')
    assert.ok(line !== undefined)
    return line
  }
  const codes = async (token: string): Promise<unknown> => (await upload(token)).problems.map(({ code }) => code)
  assert.deepEqual(await codes(tokenOf('test.pypi.org')), ['token-refused'])
  assert.deepEqual(await codes(tokenOf('pypi.org', '[1, ["another"]]')), ['right-missing'])
  assert.deepEqual(await codes(tokenOf('pypi.org', '[0, 1500000000, 1400000000]')), ['token-refused'])
  const fine = await upload(tokenOf('pypi.org', '[1, ["oneflow-ai"]]'))
  assert.equal(fine.is, 'untested')
  assert.match(fine.why ?? '', /for oneflow-ai, and only an upload shows/)
})

test('a secret is asked for at the terminal, not shown, used, and gone with the process', { skip: spawnSync('script', ['--version']).status !== 0 && 'the program script, which makes a terminal, is not installed' }, async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
  const { code, printed } = await atTerminal(rig, ['doctor'], [`x\u007f${RIG_TOKEN}\r`])
  assert.equal(code, 0, printed)
  assert.match(printed, /GITHUB_TOKEN, for GitHub .*\(not shown; Enter for none\): /)
  assert.match(printed, /GITHUB_TOKEN has a value.*from what was typed in/)
  assert.ok(!printed.includes(RIG_TOKEN) && !printed.includes(RIG_TOKEN.slice(0, 9)), printed)
  const without = await examine(rig, { GITHUB_TOKEN: null })
  assert.equal(standing(without.lines, 'GITHUB_TOKEN has a value'), 'unmet', 'nobody is asked without a terminal, and nothing was kept')
})

test('who gives no secret at the terminal is told that it is missing', { skip: spawnSync('script', ['--version']).status !== 0 && 'the program script, which makes a terminal, is not installed' }, async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
  for (const key of ['\r', '\u0004']) {
    const { code, printed } = await atTerminal(rig, ['check', 'minor'], [key])
    assert.equal(code, 2, printed)
    assert.match(printed, /The secret GITHUB_TOKEN is not set/)
  }
})

/** Runs the program at a terminal of its own and types when it asks for a secret. */
async function atTerminal(rig: Rig, args: readonly string[], typed: readonly string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
  const program = resolve(import.meta.dirname, '../../bin/slipway.js')
  const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], { cwd: rig.project, env: { ...rigEnvironment(rig.home), SLIPWAY_WORLD: rig.worldFile, TERM: 'dumb', COLUMNS: '400' }, stdio: ['pipe', 'pipe', 'inherit'] })
  let printed = ''
  const left = [...typed]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (left.length > 0 && printed.split('(not shown; Enter for none): ').length - 1 > typed.length - left.length) child.stdin.write(left.shift() ?? '')
  })
  const code = await new Promise<number | null>((done) => { child.once('close', done) })
  return { code, printed }
}
