// Finds the repository that a folder belongs to.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { resolve } from 'node:path'
import { SlipwayError } from '../model/error.ts'
import { gitEnvironment } from './environment.ts'

/** A git repository on disk: the top of its work tree and the git directory that all its work trees share. */
export interface Located {
  readonly top: string
  readonly gitFolder: string
}

/** Finds the repository around a folder. Throws SlipwayError `not-a-repository`, or `tool-missing` when there is no git. */
export async function locateRepository(folder: string): Promise<Located> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-c', 'safe.bareRepository=explicit', 'rev-parse', '--show-toplevel', '--git-common-dir'], { cwd: folder, env: gitEnvironment(process.env) })
    const [top, common] = stdout.split('\n')
    if (top === undefined || common === undefined) throw new Error('git printed nothing')
    return { top, gitFolder: resolve(folder, common) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new SlipwayError({ code: 'tool-missing', message: 'There is no program named git.', hint: 'Install git and run the same command again.' })
    }
    throw new SlipwayError({ code: 'not-a-repository', message: `${folder} is not inside a git repository with a work tree.`, hint: 'Change to the project that is to be released, or name it with `--folder`.' })
  }
}
