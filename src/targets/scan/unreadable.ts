// What is said when a scan could not be made, so that nobody takes silence for safety.
import { Refused } from '../../model/error.ts'

/** The refusal of a scan that cannot be trusted: what is wrong, a whole sentence, and what to do. */
export function unreadable(message: string, hint: string, detail?: string): Refused {
  return new Refused({ code: 'scan-unreadable', message, hint, ...(detail === undefined || detail.trim() === '' ? {} : { detail }) })
}
