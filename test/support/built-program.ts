// The program as it is published, made from the sources as they are now: it starts in half the time that the sources need, and tests start it often.
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const DRIVER = 'test/crash/driver.child.ts'

/** Where the program and the driver of the crash tests lie. */
export interface BuiltProgram {
  /** The file to start slipway with. */
  readonly slipway: string
  /** The file to start the driver of the crash tests with. */
  readonly driver: string
}

/** The built program. Makes it where these very sources have not been built yet; any number of processes may ask for it at once. */
export async function builtProgram(): Promise<BuiltProgram> {
  const folder = join(tmpdir(), `slipway-built-${digestOfSources()}`)
  if (!existsSync(folder)) await make(folder)
  return { slipway: join(folder, 'bin/slipway.js'), driver: join(folder, 'dist/driver.js') }
}

function digestOfSources(): string {
  const digest = createHash('sha256').update(root)
  for (const file of ['package.json', 'package-lock.json', 'bin/slipway.js', 'scripts/bundle.ts', DRIVER, 'test/support/crash-order.ts', ...globSync('src/**/*.{ts,json}', { cwd: root }).sort()]) {
    if (!file.endsWith('.test.ts')) digest.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return digest.digest('hex').slice(0, 16)
}

async function make(folder: string): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}`
  mkdirSync(unfinished)
  // Most who ask find it made, and need no bundler.
  const { bundle } = await import('../../scripts/bundle.ts')
  await bundle(join(unfinished, 'dist'), { main: 'src/cli/main.ts', driver: DRIVER })
  cpSync(join(root, 'bin'), join(unfinished, 'bin'), { recursive: true })
  cpSync(join(root, 'package.json'), join(unfinished, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(unfinished, 'node_modules'))
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    // Somebody else was quicker.
    rmSync(unfinished, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}
