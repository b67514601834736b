// The release's own packages in the folder that an image is built from.
import type { Digest } from '../../model/plan.ts'
import type { Scratch, World } from '../../model/world.ts'

/** What is placed, and the Dockerfile's and the context's path in the copy of the tree. */
export interface Placing {
  readonly wheels: readonly { readonly name: string; readonly sha256: Digest }[]
  readonly context: string
  readonly dockerfile: string
}

/** Puts the packages into `dist/` of the context, also where an ignore file would keep it out, and returns their paths in the context. */
export async function placePackages(world: World, source: Scratch, { wheels, context, dockerfile }: Placing): Promise<readonly string[]> {
  if (wheels.length === 0) return []
  for (const { sha256, name } of wheels) await source.place(sha256, `${context}/dist/${name}`)
  // A COPY takes the folder's mode along, which must not hang on the mask of who builds.
  await world.run({ program: 'chmod', args: ['0755', `${source.path}/${context}/dist`] })
  const paths = wheels.map(({ name }) => `dist/${name}`)
  const ignores = ['.dockerignore', '.containerignore'].flatMap((name) => [`${context}/${name}`, `${dockerfile}${name}`])
  for (const file of ignores) {
    const at = file.lastIndexOf('/')
    if (!(await source.list(at < 0 ? '.' : file.slice(0, at))).includes(file.slice(at + 1))) continue
    await source.write(file, `${await source.read(file)}\n${paths.map((path) => `!${path}\n`).join('')}`)
  }
  return paths
}
