// npm packages, out of the package.json of every folder in a node_modules.
import { z } from 'zod'
import { parseJson } from '../../model/json.ts'
import type { Extractor } from './package.ts'

const licence = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)])

const shape = z.object({ name: z.string().min(1), version: z.string().min(1), license: licence.optional().catch(undefined) })

/** Reads `node_modules/NAME/package.json` (https://docs.npmjs.com/cli/configuring-npm/package-json). Files that are none, as tests of packages hold them, tell of nothing. */
export const npm: Extractor = {
  matches: (path) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path),
  atMost: 4 * 1024 * 1024,
  *read(bytes) {
    const found = shape.safeParse(parseJson(bytes.toString('utf8')))
    if (!found.success) return
    const { name, version, license } = found.data
    yield { from: 'npm', name, version, ...(license === undefined || license.length > 100 ? {} : { licence: license }) }
  },
}
