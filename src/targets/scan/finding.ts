// A finding: one vulnerability in one version of a package, whoever found it.
import { z } from 'zod'
import { rank, severity } from './severity.ts'

/** What was found, before the policy is asked. */
export const found = z.strictObject({
  /** The CVE where there is one, else the advisory's own id. */
  id: z.string(),
  /** Every other name of the same vulnerability. */
  aliases: z.array(z.string()),
  package: z.string(),
  version: z.string(),
  /** Without qualifiers; `name@version` where the scanner gives no package URL. */
  purl: z.string(),
  severity,
  /** The CVSS base score that the severity comes from. */
  score: z.number().exactOptional(),
  /** The version that no longer has it. */
  fixed: z.string().exactOptional(),
  summary: z.string(),
  /** The SBOMs or platforms that the package is in. */
  in: z.array(z.string()),
})

/** How the policy takes a finding: it stops the release, or is let through, for the reason in the word. */
export const standing = z.enum(['stops', 'below', 'unfixed', 'ignored', 'not-affected'])

/** A finding with what the policy says of it. */
export const finding = found.extend({
  standing,
  /** Why it is let through, in the words of whoever said so. */
  why: z.string().exactOptional(),
})

/** What was found, before the policy is asked. */
export type Found = z.infer<typeof found>

/** A finding with what the policy says of it. */
export type Finding = z.infer<typeof finding>

/** Every name of the vulnerability. */
export function namesOf({ id, aliases }: Pick<Found, 'id' | 'aliases'>): readonly string[] {
  return [id, ...aliases]
}

/** One finding for each package and vulnerability: those of one package that share a name are one. Worst first. `later` picks the later of two fixed versions. */
export function merged(all: readonly Found[], later: (one: Found, other: Found) => string | undefined): readonly Found[] {
  const byPackage = Map.groupBy(all, ({ purl }) => purl)
  return [...byPackage.values()].flatMap((ofOne) => ofOne.reduce<readonly Found[]>((groups, next) => {
    const same = groups.filter((group) => namesOf(group).some((name) => namesOf(next).includes(name)))
    return [...groups.filter((group) => !same.includes(group)), same.reduce((one, other) => joined(one, other, later(one, other)), next)]
  }, [])).toSorted(worstFirst)
}

/** The order in which findings are shown. */
export function worstFirst(one: Found, other: Found): number {
  return rank(other.severity) - rank(one.severity) || (other.score ?? 0) - (one.score ?? 0) || compareTexts(one.purl, other.purl) || compareTexts(one.id, other.id)
}

function joined(one: Found, other: Found, fixed: string | undefined): Found {
  const [id = one.id, ...aliases] = bestFirst([...namesOf(one), ...namesOf(other)])
  const { fixed: _, ...worse } = worseOf(one, other)
  return { ...worse, id, aliases, summary: one.summary || other.summary, in: [...new Set([...one.in, ...other.in])].toSorted(), ...(fixed === undefined ? {} : { fixed }) }
}

/** Of two ratings of one vulnerability the graver counts, and any before none. */
function worseOf(one: Found, other: Found): Found {
  if (one.severity === 'unknown') return other
  if (other.severity === 'unknown') return one
  return worstFirst(one, other) <= 0 ? one : other
}

/** People know a vulnerability by its CVE. */
function nameRank(name: string): number {
  return name.startsWith('CVE-') ? 0 : name.startsWith('GHSA-') ? 1 : 2
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}

/** Names in the order in which a vulnerability is called by them: its CVE first. */
export function bestFirst(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].toSorted((a, b) => nameRank(a) - nameRank(b) || compareTexts(a, b))
}
