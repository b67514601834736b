// Reads the files that problems point at, for the line that is shown below them.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'

/** Larger files are not read for one line. */
const LARGEST = 1 << 20

/** The text of a file that is named from the top of the repository around a folder, or from the folder; undefined when there is none. */
export function sourceAround(folder: string): (file: string) => string | undefined {
  return (file) => {
    for (const base of [topOf(folder), folder]) {
      try {
        const path = resolve(base, file)
        if (statSync(path).size <= LARGEST) return readFileSync(path, 'utf8')
      } catch {
        continue
      }
    }
    return undefined
  }
}

/** From the path of a file of the repository around a folder to its path from a workspace, as annotations name files; as it is where it lies outside. */
export function pathInWorkspace(folder: string, workspace: string | undefined): (file: string) => string {
  const top = topOf(folder)
  return (file) => {
    const path = relative(resolve(workspace === undefined || workspace === '' ? top : workspace), resolve(top, file))
    return path.startsWith('..') || isAbsolute(path) ? file : path
  }
}

function topOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return folder
  }
}
