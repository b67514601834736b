// This program's own version.
import { readFileSync } from 'node:fs'

/** The version in package.json, which lies beside both `src` and `dist`. */
export function version(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (typeof found === 'object' && found !== null && 'version' in found && typeof found.version === 'string') return found.version
    } catch {
      continue
    }
  }
  throw new Error('package.json is missing from this installation')
}
