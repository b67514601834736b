// How long a command takes that has next to nothing to do, and how long a plan takes on a small project.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeExampleProject } from '../scripts/example-project.ts'
import type { Built } from './built.ts'
import { race } from './race.ts'
import { row, type Row } from './row.ts'

const ROUNDS = 21
const TOKEN = 'bench-token'

/** Measures `slipway --version` and `slipway plan minor` on the example, whose services another process serves on loopback. */
export async function startUpRows({ slipway }: Built): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-start-'))
  const [project, served, settings] = [join(folder, 'project'), join(folder, 'served'), join(folder, 'world.json')]
  await Promise.all([mkdir(project), mkdir(served)])
  makeExampleProject(project)
  const world = fork(join(import.meta.dirname, 'world-child.ts'), [project, served, TOKEN])
  try {
    const [message] = await once(world, 'message') as [unknown]
    await writeFile(settings, JSON.stringify(message))
    const env = { SLIPWAY_WORLD: settings, GITHUB_TOKEN: TOKEN, PYPI_TOKEN: TOKEN, TESTPYPI_TOKEN: TOKEN }
    const node = (...args: readonly string[]) => ({ program: process.execPath, args, folder: project, env })
    const seen = await race({
      bare: node('-e', '0'),
      version: node(slipway, '--version'),
      status: { program: 'git', args: ['status'], folder: project },
      plan: node(slipway, 'plan', 'minor'),
    }, ROUNDS)
    const least = seen.bare.wall + seen.status.wall
    return [
      row('slipway --version', { ours: seen.version.wall, limit: seen.bare.wall, unit: 'ms', against: 'node -e 0' }),
      row('slipway plan minor, on the example', { ours: seen.plan.wall, limit: least, unit: 'ms', against: 'node -e 0 and git status' }),
    ]
  } finally {
    world.disconnect()
    await once(world, 'exit')
    await rm(folder, { recursive: true })
  }
}
