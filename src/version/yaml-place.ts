// Versions in YAML files with a format of their own: Chart.yaml and CITATION.cff.
import { isMap, isScalar, parseDocument } from 'yaml'
import type { Scalar } from 'yaml'
import { SlipwayError } from '../model/error.ts'
import { positionAt } from './spot.ts'
import type { Reading, Span, Spot } from './spot.ts'

/** The value as it is written, without its quotes; undefined for what is no text on one line. */
function spanOf(content: string, { range, type }: Scalar): Span | undefined {
  if (!range || (type !== 'PLAIN' && type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE')) return undefined
  const quote = type === 'PLAIN' ? 0 : 1
  const [start, end] = [range[0] + quote, range[1] - quote]
  const written = content.slice(start, end)
  return written === '' || /[\r\n\\]/.test(written) ? undefined : { start, end, written }
}

/** The values of these keys at the top level, in the order of the file. Throws SlipwayError `place-missing` when the text is no YAML. */
function topLevel(content: string, file: string, keys: readonly string[]): readonly (Span & { readonly key: string })[] {
  // The reader takes a byte order mark for no letter; a space in its place keeps every offset.
  const mark = content.startsWith('\uFEFF') ? 1 : 0
  const document = parseDocument(content.slice(mark), { uniqueKeys: false, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const place = { file, ...positionAt(content, error.pos[0] + mark) }
    throw new SlipwayError({ code: 'place-missing', message: `${file} is not valid YAML: ${error.message}.`, hint: 'Correct the file; its version can be changed only then.', place })
  }
  if (!isMap(document.contents)) return []
  return document.contents.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !isScalar(value) || !keys.includes(String(key.value))) return []
    const span = spanOf(content.slice(mark), value)
    return span === undefined ? [] : [{ key: String(key.value), written: span.written, start: span.start + mark, end: span.end + mark }]
  })
}

/** A `v` before the version stays where it is. */
function spotOf({ start, end, written }: Span): Spot {
  const skipped = /^v(?=[0-9])/.test(written) ? 1 : 0
  return { start: start + skipped, end, written: written.slice(skipped), form: 'semver' }
}

/** `version` and `appVersion` of a Helm chart; no dependency's. Throws SlipwayError `place-missing` when the text is no YAML. */
export function readChart(content: string, file: string): Reading {
  return { spots: topLevel(content, file, ['version', 'appVersion']).map(spotOf) }
}

/** `version` of a CITATION.cff, and `date-released` beside it; not those of `references` and `preferred-citation`. Throws as `readChart` does. */
export function readCitation(content: string, file: string): Reading {
  const found = topLevel(content, file, ['version', 'date-released'])
  return {
    spots: found.filter(({ key }) => key === 'version').map(spotOf),
    dates: found.filter(({ key }) => key === 'date-released').map(({ start, end, written }) => ({ start, end, written })),
  }
}
