// Files as a commit holds them, and where else they name a version.
import { SlipwayError, type Place } from '../model/error.ts'
import type { Look } from '../model/world.ts'
import { mentions } from '../version/index.ts'
import { gitText, lines } from './git.ts'

/** The texts of files in a commit; a file that is not there is missing from the map. Throws SlipwayError for one that is not UTF-8 text. */
export async function readFiles(look: Look, commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = await readTogether(look, commit, paths) ?? await readApart(look, commit, paths)
  const found = paths.flatMap((path, index) => {
    const text = texts[index]
    return text === undefined ? [] : [[path, text] as const]
  })
  const broken = found.find(([, text]) => text.includes('\uFFFD'))
  if (broken === undefined) return new Map(found)
  const [path] = broken
  throw new SlipwayError({ code: 'place-mismatch', message: `${path} is not UTF-8 text, so its version cannot be edited without harm.`, hint: 'Save it as UTF-8, or take it out of `version.places`.', place: { file: path } })
}

/** All files in one reading; undefined when that cannot tell where one ends, because some bytes were no text or a path has a line break. */
async function readTogether(look: Look, commit: string, paths: readonly string[]): Promise<readonly (string | undefined)[] | undefined> {
  if (paths.length < 2 || paths.some((path) => path.includes('\n'))) return undefined
  const stdout = await gitText(look, ['cat-file', '--batch'], { stdin: paths.map((path) => `${commit}:${path}\n`).join('') })
  if (stdout.includes('\uFFFD')) return undefined
  const bytes = Buffer.from(stdout)
  let at = 0
  return paths.map(() => {
    const begin = bytes.indexOf('\n', at) + 1
    // Anything but this line, as "NAME missing", stands alone.
    const [, type, size] = /^[0-9a-f]{40,64} ([a-z]+) ([0-9]+)$/.exec(bytes.toString('utf8', at, begin - 1)) ?? []
    const end = begin + Number(size ?? 0)
    at = size === undefined ? begin : end + 1
    return type === 'blob' ? bytes.toString('utf8', begin, end) : undefined
  })
}

async function readApart(look: Look, commit: string, paths: readonly string[]): Promise<readonly (string | undefined)[]> {
  const answers = await Promise.all(paths.map((path) => look.git(['cat-file', 'blob', `${commit}:${path}`])))
  return answers.map(({ code, stdout }) => code === 0 ? stdout : undefined)
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
