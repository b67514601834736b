// What a stack of layers holds of one sort of thing: later layers add, replace and take away (https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md).
import { posix } from 'node:path'

const LONGEST_PATH = 4096

/** Things by the path of their file, after the layers so far. */
export interface Tree<T> {
  /** Begins the next layer: its whiteouts take away what the layers before it left. */
  layer(): Layer<T>
  /** Sorted by path. */
  things(): readonly (readonly [path: string, thing: T])[]
}

/** One layer, told in the order of its archive. */
export interface Layer<T> {
  /** Takes away what a whiteout names. False for the path of a file that is none. */
  whiteout(path: string): boolean
  /** A file, or anything but a folder, is at the path now; with the thing that it holds, if it does. */
  put(path: string, thing: T | undefined): void
  /** What is at a path in this layer or below. */
  at(path: string): T | undefined
  end(): void
}

/** A member's name as a path from the root, as a container runtime sees it: `..` does not lead out. Undefined for the root itself and for names that no system can have. */
export function pathOf(name: string): string | undefined {
  const path = posix.normalize(`/${name}`).replace(/^\/+|\/+$/g, '')
  return path === '' || path.length > LONGEST_PATH || path.includes('\0') ? undefined : path
}

/** An empty tree. */
export function openTree<T>(): Tree<T> {
  const below = emptyShelf<T>()
  return {
    layer() {
      const fresh = emptyShelf<T>()
      return {
        whiteout(path) {
          const { dir, base } = posix.parse(path)
          if (!base.startsWith('.wh.')) return false
          if (base === '.wh..wh..opq') removeIn(below, dir)
          // Other names with two of them are notes of a storage driver to itself.
          else if (!base.startsWith('.wh..wh.')) remove(below, posix.join(dir, base.slice('.wh.'.length)))
          return true
        },
        put(path, thing) {
          remove(below, path)
          remove(fresh, path)
          if (thing !== undefined) place(fresh, path, thing)
        },
        at: (path) => fresh.things.get(path) ?? below.things.get(path),
        end() {
          for (const [path, thing] of fresh.things) place(below, path, thing)
        },
      }
    },
    things: () => [...below.things].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  }
}

interface Shelf<T> {
  readonly things: Map<string, T>
  /** Every folder that a thing was ever in: few, so that the many other paths of a layer are told apart at once. */
  readonly folders: Set<string>
}

function emptyShelf<T>(): Shelf<T> {
  return { things: new Map(), folders: new Set() }
}

function place<T>({ things, folders }: Shelf<T>, path: string, thing: T): void {
  things.set(path, thing)
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) folders.add(path.slice(0, slash))
}

function remove<T>(shelf: Shelf<T>, path: string): void {
  shelf.things.delete(path)
  if (shelf.folders.has(path)) removeIn(shelf, path)
}

function removeIn<T>({ things, folders }: Shelf<T>, folder: string): void {
  for (const path of things.keys()) if (folder === '' || path.startsWith(`${folder}/`)) things.delete(path)
  folders.delete(folder)
}
