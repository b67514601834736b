// Writes what a command was asked to put into a file.
import { access, constants, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SlipwayError } from '../model/error.ts'

/** Writes a file that an option names. Throws SlipwayError `usage` when that is not possible. */
export async function writeOut(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => { throw cannotWrite(file, error) })
}

/** Throws SlipwayError `usage` when the folder of a file is not there or not open to writing: known before a long work, not after it. */
export async function expectFolderOf(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch((error: unknown) => { throw cannotWrite(file, error) })
}

function cannotWrite(file: string, error: unknown): SlipwayError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const why = code === 'ENOENT' ? `there is no folder ${dirname(file)}` : code === 'EISDIR' ? 'it is a folder' : code === 'ENOSPC' ? 'the disk is full' : `its folder does not allow it (${String(code)})`
  return new SlipwayError({ code: 'usage', message: `The file ${file} cannot be written: ${why}.`, hint: 'Name a file in a folder that is there and that you may write to.' })
}
