// What the program printed, without what differs from run to run: ids, times, folders, ports.
import { hostname } from 'node:os'

/** Names for the things of one rig: text to replace, and by what. */
export type Names = readonly (readonly [string, string])[]

const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST'],
  [/sha256:[0-9a-f]{12}…/g, 'sha256:SHORT…'],
  [/\b[0-9a-f]{64}\b/g, 'DIGEST'],
  [/\b[0-9a-f]{40}\b/g, 'COMMIT'],
  [/(?<![\w.-])(?=[a-f]*\d)[0-9a-f]{12}\b/g, 'SHORT'],
  [/\/tmp\/tree-[0-9a-f]{7}/g, '/tmp/tree-SHORT'],
  [/^index [0-9a-f]{7,}\.\.[0-9a-f]{7,}/gm, 'index SHORT..SHORT'],
  [/\b(tree|commit) [0-9a-f]{7}\b/g, '$1 SHORT'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)/g, 'TIME'],
  [/202[6-9]-\d\d-\d\d/g, 'DATE'],
  [/\/sha256\/[0-9a-f]{2}\//g, '/sha256/XX/'],
  [/git version \d[\w.]*/g, 'git version X'],
  [/, process \d+/g, ', process PID'],
  [/3\.X\.\d+/g, '3.X.N'],
  [/\b\d+(?:\.\d)? kB/g, 'SIZE kB'],
  [/SOURCE_DATE_EPOCH=\d+/g, 'SOURCE_DATE_EPOCH=SECONDS'],
  [/(?<=\/)slipway-(?:[a-z]+-)?[A-Za-z0-9]{6}\b(?!\.yml)/g, 'slipway-TEMPORARY'],
]

/** The steady part of what was printed. */
export function steadyWords(text: string, names: Names): string {
  const all: Names = [...names, [hostname(), 'HOST']]
  const named = all.toSorted(([one], [other]) => other.length - one.length).reduce((result, [from, to]) => result.replaceAll(from, to), text)
  return sorted(CHANGING.reduce((result, [pattern, to]) => result.replace(pattern, to), named))
}

/** Steps that run beside each other end in any order: their neighbouring lines are sorted. */
function sorted(text: string): string {
  return text.replace(/(?:^[✓↩] (?:Check|Build|Install|Upload .* to the GitHub release).*\n){2,}/gm, (block) => `${block.trimEnd().split('\n').toSorted().join('\n')}\n`)
}
