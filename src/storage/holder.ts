// Which checkout this is: a number of its own, kept beside the journal's folder so that it outlives it.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The checkout's own id, made when it is first asked for. Two checkouts never share one, whatever their machines are called. */
export function holderId(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, randomUUID(), { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(file, 'utf8').trim()
}
