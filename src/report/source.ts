// Reads the files that problems point at, for the line that is shown below them.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

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

function topOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return folder
  }
}
