// Folders that are lent for the length of one call.
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkOut } from './checkout.ts'
import { codeOf } from './network-error.ts'
import { inside } from './inside.ts'
import type { Artifacts } from './artifacts.ts'
import type { Git } from './git.ts'
import type { Scratch, World } from '../model/world.ts'

/** `World.scratch`: folders in the system's temporary folder, removed after use whatever happened. */
export function openScratch(parts: { readonly git: Git; readonly artifacts: Artifacts }): World['scratch'] {
  return async (use, options = {}) => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'slipway-')))
    try {
      const folder = join(root, 'work')
      await mkdir(folder)
      if (options.checkout !== undefined) await checkOut(parts.git, options.checkout, { folder, index: join(root, 'index') })
      return await use(scratchIn(folder, parts.artifacts))
    } finally {
      await remove(root)
    }
  }
}

/** `World.folder`: a folder that is only read from. */
export function folderToRead(path: string): Pick<Scratch, 'path' | 'list' | 'read'> {
  return {
    path,
    async list(folder) {
      return await readdir(await inside(path, folder)).then((names) => names.toSorted(), (error: unknown) => {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
        throw error
      })
    },
    async read(file) {
      return await readFile(await inside(path, file), 'utf8')
    },
  }
}

function scratchIn(path: string, artifacts: Artifacts): Scratch {
  return {
    ...folderToRead(path),
    async write(file, text) {
      const full = await inside(path, file)
      await mkdir(dirname(full), { recursive: true })
      await writeFile(full, text)
    },
    async keep(file) {
      return await artifacts.keep(await inside(path, file))
    },
    async place(sha256, file) {
      const full = await inside(path, file)
      await mkdir(dirname(full), { recursive: true })
      await artifacts.place(sha256, full)
      return full
    },
  }
}

async function remove(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // Some tools leave folders that may not be written to.
    await openUp(root)
    // What still cannot go is left to the system's own cleaning: it must not turn a success into a failure.
    await rm(root, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await openUp(join(folder, entry.name))
}
