// Python distributions, out of the metadata that every installation leaves beside the code.
import { first, paragraphs, type Fields } from './fields.ts'
import type { Extractor } from './package.ts'

/** Reads `*.dist-info/METADATA`, `*.egg-info/PKG-INFO` and plain `*.egg-info` files (https://packaging.python.org/specifications/core-metadata/). */
export const python: Extractor = {
  matches: (path) => /\.dist-info\/METADATA$|\.egg-info\/PKG-INFO$|\.egg-info$/.test(path),
  atMost: 4 * 1024 * 1024,
  *read(bytes) {
    const [fields] = paragraphs(bytes.toString('utf8'))
    if (fields === undefined) return
    const name = first(fields, 'name')
    const version = first(fields, 'version')
    if (name === undefined || version === undefined) return
    const licence = licenceIn(fields)
    yield { from: 'pypi', name, version, ...(licence === undefined ? {} : { licence }) }
  },
}

/** The licence that core metadata names: its expression, else a short text, else the classifiers. */
export function licenceIn(fields: Fields): string | undefined {
  const stated = first(fields, 'license-expression') ?? first(fields, 'license')
  if (stated !== undefined && stated.length <= 100 && stated !== 'UNKNOWN') return stated
  const classified = (fields.get('classifier') ?? []).filter((each) => each.startsWith('License ::')).map((each) => each.split('::').at(-1)?.trim() ?? '')
  return classified.length === 0 ? undefined : classified.join(', ')
}
