// What SQLite's and the file system's errors mean to the person whose journal it is.
import { SlipwayError } from '../model/error.ts'
import { WITHOUT_IT } from './entry-text.ts'

/** How long a writer waits for another one, in milliseconds. */
export const PATIENCE = 5000

const MAKE_WRITABLE = 'make it and its folder writable'
const FREE_SPACE = 'free space on the disk that holds it'

/** By primary result code, https://sqlite.org/rescode.html */
const REFUSALS: Readonly<Record<number, { readonly reason: string; readonly remedy: string }>> = {
  3: { reason: 'this user may not use it', remedy: MAKE_WRITABLE },
  5: { reason: `another process held it for more than ${PATIENCE / 1000} seconds`, remedy: 'let that process finish or end it' },
  6: { reason: 'it is locked', remedy: 'let the process that uses it finish or end it' },
  8: { reason: 'it is read-only', remedy: MAKE_WRITABLE },
  10: { reason: 'the disk answered with an error', remedy: `${FREE_SPACE}, see that it is sound` },
  13: { reason: 'the disk is full', remedy: FREE_SPACE },
  14: { reason: 'it cannot be opened', remedy: MAKE_WRITABLE },
  15: { reason: 'its lock cannot be had', remedy: 'let the process that uses it finish or end it' },
}
const CORRUPT = 11
const NOT_A_DATABASE = 26

/** The primary result code of an error of SQLite's, undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

/** True when another process was in the way and the same may succeed a little later. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 5 || code === 6 || code === 15
}

/**
 * The error to throw for one met while the journal was `read` or `written`: SlipwayError `journal-write` or `journal-invalid`,
 * or the same error when neither the file nor the disk is to blame.
 */
export function journalFailure(file: string, doing: 'read' | 'written', error: unknown): unknown {
  const code = sqliteCode(error)
  if (code === undefined || !(error instanceof Error)) return error
  if (code === CORRUPT || code === NOT_A_DATABASE) {
    const what = code === CORRUPT ? 'is damaged' : 'is not a journal'
    return new SlipwayError({ code: 'journal-invalid', message: `The file ${file} ${what}.`, hint: WITHOUT_IT, detail: error.message })
  }
  const refusal = REFUSALS[code]
  return refusal === undefined ? error : refused({ file, doing, ...refusal, detail: error.message })
}

/** SlipwayError `journal-write` for a folder that cannot be made. */
export function folderFailure(file: string, error: unknown): SlipwayError {
  return refused({ file, doing: 'written', reason: 'its folder cannot be made', remedy: `${FREE_SPACE}, or ${MAKE_WRITABLE}`, detail: String(error) })
}

interface Refusal {
  readonly file: string
  readonly doing: 'read' | 'written'
  readonly reason: string
  readonly remedy: string
  readonly detail: string
}

function refused({ file, doing, reason, remedy, detail }: Refusal): SlipwayError {
  return new SlipwayError({
    code: 'journal-write',
    message: `The journal ${file} cannot be ${doing}: ${reason}.`,
    hint: `Nothing further was begun. To go on, ${remedy} and run again.`,
    detail,
  })
}
