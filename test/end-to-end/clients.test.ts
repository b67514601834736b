// `slipway world` as its own words say: every line that it prints is typed into a shell, and works.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '../support/distributions.ts'
import { pipEnv } from '../support/python.ts'
import { client } from '../support/rig-clients.ts'
import { rigPython } from '../support/rig-environment.ts'
import { expectDocumented, jsonLines, lineOf } from '../support/rig-json.ts'
import { openRig, type Ended, type Rig, type Running } from '../support/rig.ts'

/** `slipway world` at work, with what it printed. */
async function served(rig: Rig, args: readonly string[] = []): Promise<{ readonly out: string; stop(): Promise<Ended> }> {
  let program: Running | undefined
  const ended = rig.run(['world', ...args], { env: { SLIPWAY_WORLD: null, GITHUB_TOKEN: null, PYPI_TOKEN: null, TESTPYPI_TOKEN: null }, started: (running) => { program = running } })
  await program?.printed('Serving until you press Ctrl-C.')
  return {
    out: program?.soFar() ?? '',
    stop: async () => {
      program?.pressCtrlC()
      return ended
    },
  }
}

test('pip, twine, git and slipway work with the settings that slipway world prints', async (context) => {
  await using rig = await openRig()
  const world = await served(rig)
  const said = (client: string): readonly string[] => {
    const lines = world.out.split('\n')
    const from = lines.indexOf(client) + 1
    return lines.slice(from, lines.indexOf('', from) < 0 ? undefined : lines.indexOf('', from)).filter((line) => line.startsWith('  ')).map((line) => line.trim())
  }
  const folder = join(rig.folder, 'typed')
  mkdirSync(join(folder, 'dist'), { recursive: true })
  const { path: python } = rigPython()
  const typed = async (command: string): Promise<string> => {
    const shell = `pip() { '${python}' -m pip "$@"; }; twine() { '${python}' -m twine "$@"; }; set -e; ${command}`
    const { code, stdout, stderr } = await client('sh', ['-c', shell], { cwd: folder, env: { ...pipEnv(), HOME: rig.home, GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', PIP_TARGET: join(folder, 'installed') } })
    assert.equal(code, 0, `${command}\n${stdout}${stderr}`)
    return stdout
  }

  await context.test('twine uploads', async () => {
    const { filename, bytes } = wheel('bell', '1.0.0')
    writeFileSync(join(folder, 'dist', filename), bytes)
    await typed(said('twine')[0]!)
  })
  await context.test('pip installs what twine uploaded', async () => {
    await typed(said('pip')[0]!.replace('NAME', 'bell'))
    assert.match(readFileSync(join(folder, 'installed', 'bell.py'), 'utf8'), /VERSION = '1\.0\.0'/)
  })
  await context.test('git clones, and pushes what was committed', async () => {
    const [clone = '', push = ''] = said('git')
    await typed(clone)
    const commit = 'git -c user.name=Sam -c user.email=sam@example.org commit --quiet --allow-empty --message "fix: a thing"'
    await typed(`cd oneflow; ${commit}; ${push}`)
    assert.match(await typed(`cd oneflow; git fetch --quiet; git log --format=%s origin/main`), /^fix: a thing$/m)
    await typed(`cd oneflow; git push --quiet "$(git remote get-url origin)" HEAD:refs/heads/refused 2>refused.txt && exit 1 || grep -qi "could not read\\|authentication" refused.txt`)
  })
  await context.test('slipway finds that a release could begin there', async () => {
    rig.git(['pull', '--quiet', '--ff-only', join(folder, 'oneflow'), 'main'])
    const line = said('slipway')[0]!
    const env = Object.fromEntries([...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
    const { code, stdout, stderr } = await rig.run(['check', 'minor'], { env })
    assert.equal(code, 0, stdout + stderr)
  })
  await context.test('Ctrl-C ends it, and nothing of it stays', async () => {
    const file = /SLIPWAY_WORLD=(\S+)/.exec(world.out)?.[1] ?? ''
    assert.ok(existsSync(file))
    assert.equal((await world.stop()).code, 0)
    assert.equal(existsSync(dirname(file)), false)
  })
})

test('slipway world tells its settings to programs, too', async () => {
  await using rig = await openRig()
  const world = await served(rig, ['--json'])
  const { code, stdout } = await world.stop()
  assert.equal(code, 0)
  const lines = jsonLines(stdout)
  expectDocumented(lines, 0)
  assert.deepEqual(lineOf(lines, 'serving')['settings'].map(({ client }: { client: string }) => client), ['pip', 'twine', 'git', 'slipway'])
})
