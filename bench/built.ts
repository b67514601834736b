// Slipway as it is installed: built into a folder of its own, so that sources and an older build play no part.
import { execFile } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')

/** What was built. */
export interface Built {
  /** The program that `slipway` is. */
  readonly slipway: string
  /** The bundle of history-child.ts. */
  readonly history: string
}

/** Builds the program and the measured children into an empty folder. */
export async function buildInto(folder: string): Promise<Built> {
  await mkdir(join(folder, 'bin'), { recursive: true })
  await cp(join(root, 'bin', 'slipway.js'), join(folder, 'bin', 'slipway.js'))
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.ts'), join(folder, 'dist')])
  const history = join(folder, 'history-child.js')
  await build({ entryPoints: [join(import.meta.dirname, 'history-child.ts')], outfile: history, bundle: true, format: 'esm', platform: 'node', target: 'node24', logLevel: 'warning' })
  return { slipway: join(folder, 'bin', 'slipway.js'), history }
}
