// A folder that can be set back to earlier moments as often as wanted, at the price of what has changed and no more.
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, type BigIntStats } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a folder held at one moment: for each path in it what is there, as a text that is equal where the contents are. */
export type Held = ReadonlyMap<string, string>

/** A mirrored folder. */
export interface Mirror {
  /** What the folder holds now. */
  look(): Held
  /** Keeps what the folder holds now. */
  save(): Held
  /** Sets the folder back to what was kept. */
  restore(held: Held): void
}

/** Mirrors the folder `live`, with the contents of files kept in the folder `kept`. */
export function mirror(live: string, kept: string): Mirror {
  mkdirSync(kept)
  let read = new Map<string, { readonly stamp: string; readonly content: string }>()

  /** A change of a file, by whatever means, moves the time of its inode's last change. */
  function contentOf(path: string, stat: BigIntStats): string {
    const stamp = `${stat.ino} ${stat.ctimeNs} ${stat.size} ${stat.mode}`
    const known = read.get(path)
    if (known?.stamp === stamp) return known.content
    const content = describe(join(live, path), stat)
    read.set(path, { stamp, content })
    return content
  }

  function look(): Held {
    const held = new Map<string, string>()
    const into = (folder: string): void => {
      for (const name of readdirSync(join(live, folder)).toSorted()) {
        const path = join(folder, name)
        const stat = lstatSync(join(live, path), { bigint: true })
        held.set(path, contentOf(path, stat))
        if (stat.isDirectory()) into(path)
      }
    }
    into('')
    read = new Map([...read].filter(([path]) => held.has(path)))
    return held
  }

  return {
    look,
    save() {
      const held = look()
      for (const [path, content] of held) {
        const [type, digest = ''] = content.split(' ')
        if (type === 'file' && !existsSync(join(kept, digest))) copyFileSync(join(live, path), join(kept, digest))
      }
      return held
    },
    restore(held) {
      const found = look()
      for (const [path, content] of [...found].toReversed()) if (held.get(path) !== content && !(isFolder(content) && isFolder(held.get(path)))) rmSync(join(live, path), { recursive: true, force: true })
      for (const [path, content] of held) {
        if (found.get(path) === content) continue
        put(join(live, path), content, kept)
      }
    },
  }
}

function isFolder(content: string | undefined): boolean {
  return content?.startsWith('folder') === true
}

function describe(path: string, stat: BigIntStats): string {
  const mode = (stat.mode & 0o777n).toString(8)
  if (stat.isDirectory()) return `folder - ${mode}`
  if (stat.isSymbolicLink()) return `link ${Buffer.from(readlinkSync(path)).toString('base64url')}`
  if (!stat.isFile()) throw new Error(`${path} is neither a file nor a folder nor a link.`)
  return `file ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${mode}`
}

function put(path: string, content: string, kept: string): void {
  const [type, what = '', mode = ''] = content.split(' ')
  mkdirSync(dirname(path), { recursive: true })
  if (type === 'link') {
    symlinkSync(Buffer.from(what, 'base64url').toString(), path)
    return
  }
  if (type === 'folder') mkdirSync(path, { recursive: true })
  else copyFileSync(join(kept, what), path)
  chmodSync(path, Number.parseInt(mode, 8))
}
