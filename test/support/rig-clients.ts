// Real clients that look at what a rig's world holds: pip, and git by a clone over HTTP.
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pipEnv } from './python.ts'
import { rigPython } from './rig-environment.ts'
import type { Rig } from './rig.ts'

/** How a client ended. */
export interface ClientAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a client; never rejects on a non-zero exit. */
export async function client(program: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<ClientAnswer> {
  try {
    return { code: 0, ...await promisify(execFile)(program, args, { ...options, env: options.env ?? pipEnv() }) }
  } catch (error) {
    const failed = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof failed.code !== 'number') throw error
    return { code: failed.code, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' }
  }
}

/** Installs by name into a folder of its own, as a user would who asks for no version, and tells the version; undefined when pip finds none. */
export async function pipInstalls(rig: Pick<Rig, 'folder' | 'world'>, name: string): Promise<string | undefined> {
  const { path } = rigPython()
  const target = mkdtempSync(join(rig.folder, 'installed-'))
  const { code, stderr } = await client(path, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--no-deps', '--target', target, '--index-url', rig.world.served.address('https://pypi.org/simple/'), name])
  if (/No matching distribution/.test(stderr)) return undefined
  if (code !== 0) throw new Error(`pip ended with ${code}: ${stderr}`)
  const { stdout } = await client(path, ['-c', 'import importlib.metadata, src.main; print(importlib.metadata.version("oneflow-ai"))'], { cwd: target, env: { ...pipEnv(), PYTHONPATH: target } })
  return stdout.trim()
}

/** Clones what everybody sees and returns the folder. */
export async function cloned(rig: Pick<Rig, 'folder' | 'world' | 'git'>): Promise<string> {
  const folder = mkdtempSync(join(rig.folder, 'cloned-'))
  const { code, stderr } = await client('git', ['clone', '--quiet', rig.world.served.address(rig.world.remote), folder], { env: { ...pipEnv(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' } })
  if (code !== 0) throw new Error(stderr)
  return folder
}
