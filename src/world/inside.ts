// Paths that stay inside a folder, also where symbolic links point elsewhere.
import { lstat, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { Refused } from '../model/error.ts'
import { codeOf } from './network-error.ts'

/**
 * The absolute path of `path` under `root`, a real path. Throws Refused `config-invalid` for an absolute path, for `..`, and where a symbolic link
 * leads outside or nowhere.
 */
export async function inside(root: string, path: string): Promise<string> {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  if (isAbsolute(path) || path.includes('\0') || parts.includes('..')) throw leaving(path)
  let at = root
  for (const part of parts) {
    const next = join(at, part)
    const link = await lstat(next).then((found) => found.isSymbolicLink(), (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    })
    at = link ? await realpath(next).catch(() => { throw leaving(path) }) : next
    if (link && outside(root, at)) throw leaving(path)
  }
  return at
}

function outside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}

function leaving(path: string): Refused {
  return new Refused({
    code: 'config-invalid',
    message: `The path ${path} leads out of the folder that it belongs to, so it is neither read nor written.`,
    hint: 'Name a file inside the project, and replace a symbolic link that leads out of it by the file itself.',
  })
}
