// Names of remotes that are really folders: git takes a name that it does not know for a path, and a tree can carry a repository with hooks.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from './process.ts'

const speaks = new Set(['fetch', 'ls-remote', 'push'])

/** The folder of the tree that git would take for the remote, though the checkout knows none of that name; undefined where all is well. */
export async function folderForRemote(args: readonly string[], at: { readonly repository: string; readonly env: Readonly<Record<string, string>> }): Promise<string | undefined> {
  const [command = '', ...rest] = args
  const name = speaks.has(command) ? rest.find((arg) => !arg.startsWith('-')) : undefined
  if (name === undefined || /[/:\\]/.test(name)) return undefined
  if (!['', '.git'].some((end) => statSync(join(at.repository, `${name}${end}`), { throwIfNoEntry: false }) !== undefined)) return undefined
  const { code } = await launch({ program: 'git', args: ['remote', 'get-url', name], folder: at.repository, env: at.env, limit: Infinity, leftovers: 'left' })
  return code === 0 ? undefined : name
}
