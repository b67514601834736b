// How grave a vulnerability is: the words, their order, and what scores and other sources' words come to.
import { z } from 'zod'

/** What may be set as the lowest severity that stops a release, from low to high. */
export const THRESHOLDS = ['low', 'medium', 'high', 'critical'] as const

/** A severity as findings carry it; `unknown` where nobody has rated the vulnerability. */
export const severity = z.enum([...THRESHOLDS, 'unknown'])

/** A severity as findings carry it. */
export type Severity = z.infer<typeof severity>

/** A severity that may be set as a threshold. */
export type Threshold = (typeof THRESHOLDS)[number]

/** 1 to 4. What nobody has rated counts as medium. */
export function rank(of: Severity): number {
  return THRESHOLDS.indexOf(of === 'unknown' ? 'medium' : of) + 1
}

/** The rating of a CVSS score, 0 to 10 (https://www.first.org/cvss/v3.1/specification-document, section 5); 0 counts as low. */
export function ofScore(score: number): Threshold {
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low'
}

const WORDS: Readonly<Record<string, Threshold>> = {
  critical: 'critical', high: 'high', important: 'high', medium: 'medium', moderate: 'medium', low: 'low', negligible: 'low', unimportant: 'low', minor: 'low', none: 'low',
}

/** The severity that a database's or scanner's own word means; unknown for every other word. */
export function ofWord(word: unknown): Severity {
  return (typeof word === 'string' ? WORDS[word.toLowerCase()] : undefined) ?? 'unknown'
}
