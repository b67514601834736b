// Lengths of time as the config writes them: `90s`, `20m`, `2h`.
import { z } from 'zod'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const

/** A whole number with its unit. */
export const duration = z.string().regex(/^[1-9]\d{0,4}[smh]$/, 'A length of time is a whole number with s, m or h: 90s, 20m, 2h.')

/** Milliseconds of a length of time that `duration` has parsed. */
export function milliseconds(text: string): number {
  return Number.parseInt(text, 10) * UNITS[text.at(-1) as keyof typeof UNITS]
}
