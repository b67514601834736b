// The tree that a set of edits would give, computed beside the repository: nothing is written to it.
import { createHash } from 'node:crypto'
import type { World } from '../model/world.ts'
import { gitText, lines } from './git.ts'
import { readModes } from './files.ts'

/** One file with its new text. */
export interface Edit {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** The id of the tree of `base` with the edits made. */
export async function editedTree(world: World, base: string, edits: readonly Edit[]): Promise<string> {
  if (edits.length === 0) return (await gitText(world, ['rev-parse', `${base}^{tree}`])).trim()
  const [modes, places] = await Promise.all([
    readModes(world, base, edits.map(({ path }) => path)),
    gitText(world, ['rev-parse', '--git-path', 'objects', '--show-toplevel']),
  ])
  const [objects = '', top = ''] = lines(places)
  const index = edits.map(({ path, after }) => `${modes.get(path) ?? '100644'} ${blobId(after, base.length)}\t${path}\n`).join('')
  return world.scratch(async (scratch) => {
    const env = {
      GIT_INDEX_FILE: `${scratch.path}/index`,
      GIT_OBJECT_DIRECTORY: scratch.path,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects.startsWith('/') ? objects : `${top}/${objects}`,
    }
    await gitText(world, ['read-tree', base], { env })
    await gitText(world, ['update-index', '--index-info'], { env, stdin: index })
    return (await gitText(world, ['write-tree', '--missing-ok'], { env })).trim()
  })
}

/** The edits as a unified diff, the way git prints it. */
export async function diffText(world: World, edits: readonly Edit[]): Promise<string> {
  return world.scratch(async (scratch) => {
    for (const { path, before, after } of edits) {
      await scratch.write(`a/${path}`, before)
      await scratch.write(`b/${path}`, after)
    }
    const answer = await world.git(['diff', '--no-index', '--no-color', '--no-prefix', `${scratch.path}/a`, `${scratch.path}/b`])
    const shown = scratch.path.replace(/^\//, '')
    return answer.stdout.replaceAll(`${scratch.path}/`, '').replaceAll(`${shown}/`, '')
  })
}

/** The id git gives to a file's content; SHA-1 or SHA-256 by the length of the repository's ids. */
function blobId(text: string, idLength: number): string {
  const bytes = Buffer.from(text)
  return createHash(idLength === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
