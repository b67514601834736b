// Files as a commit holds them, and where else they name a version.
import { SlipwayError, type Place } from '../model/error.ts'
import type { Look } from '../model/world.ts'
import { mentions } from '../version/index.ts'
import { lines } from './git.ts'

/** The texts of files in a commit; a file that is not there is missing from the map. Throws SlipwayError for one that is not UTF-8 text. */
export async function readFiles(look: Look, commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(paths.map(async (path) => ({ path, answer: await look.git(['cat-file', 'blob', `${commit}:${path}`]) })))
  const result = new Map<string, string>()
  for (const { path, answer } of found) {
    if (answer.code !== 0) continue
    if (answer.stdout.includes('\uFFFD')) {
      throw new SlipwayError({ code: 'place-mismatch', message: `${path} is not UTF-8 text, so its version cannot be edited without harm.`, hint: 'Save it as UTF-8, or take it out of `version.places`.', place: { file: path } })
    }
    result.set(path, answer.stdout)
  }
  return result
}

/** Lines of tracked text files that still name a version, except in `known` files. At most `most` are returned. */
export async function surveyMentions(look: Look, { commit, version, known, most = 20 }: { commit: string; version: string; known: ReadonlySet<string>; most?: number }): Promise<readonly Place[]> {
  const grep = await look.git(['grep', '-l', '-z', '-I', '-F', '-e', version, commit, '--'])
  if (grep.code !== 0) return []
  const paths = grep.stdout.split('\0').filter((each) => each !== '').map((each) => each.slice(each.indexOf(':') + 1)).filter((path) => !known.has(path))
  const texts = await readFiles(look, commit, paths.slice(0, most))
  return [...texts].flatMap(([file, text]) => mentions(text, version).map((line) => ({ file, line }))).slice(0, most)
}

/** Paths with their modes, as `100644`, in a commit. */
export async function readModes(look: Look, commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const answer = await look.git(['ls-tree', '-z', '--full-tree', commit, '--', ...paths])
  return new Map(answer.stdout.split('\0').flatMap((entry) => {
    const [head, path] = entry.split('\t')
    const mode = head === undefined ? undefined : lines(head)[0]?.split(' ')[0]
    return mode === undefined || path === undefined ? [] : [[path, mode] as const]
  }))
}
