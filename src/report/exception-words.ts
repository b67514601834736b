// What a release goes past, and why, in a sentence each.
import type { Exception } from '../model/exception.ts'

/** `It goes past the freeze from 2026-12-20 until 2027-01-04 (holidays): a customer cannot log in.` */
export function exceptionWords(exceptions: readonly Exception[]): readonly string[] {
  return exceptions.map(({ of, reason }) => `It goes past ${of}: ${reason === null ? 'it was forced, and nobody said why' : /[.!?]$/.test(reason) ? reason.slice(0, -1) : reason}.`)
}
