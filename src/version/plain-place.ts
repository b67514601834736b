// The version in a file that holds nothing else: VERSION, version.txt.
import type { Reading } from './spot.ts'

/** The whole content, without the white space around it; a `v` before the version stays where it is. */
export function readPlain(content: string): Reading {
  const [, before = '', mark = '', written, after = ''] = /^([\uFEFF\s]*)(v(?=[0-9]))?(\S+)(\s+\S)?/u.exec(content) ?? []
  if (written === undefined) return { spots: [], why: { clause: 'it is empty' } }
  const start = before.length + mark.length
  if (after === '') return { spots: [{ start, end: start + written.length, written, form: 'semver' }] }
  return { spots: [], why: { clause: 'it holds more than a version', at: start + written.length + after.length - 1, hint: 'Leave nothing but the version in it, or name the text around the version with `search`.' } }
}
