// The copy of a project that a rehearsal works on.
import { execFile } from 'node:child_process'
import { devNull } from 'node:os'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { SlipwayError } from '../model/error.ts'
import { gitEnvironment } from './git/process.ts'

/** A clone of what is committed in a project. */
export interface RehearsalClone {
  readonly folder: string
  /** A file's text; undefined when there is none. */
  read(path: string): Promise<string | undefined>
  /** The names of all tags. */
  tags(): Promise<readonly string[]>
  /** Pushes the checked-out commit, as the release branch, and all tags into a bare repository. */
  publishTo(bare: string, branch: string): Promise<void>
  /** The address of the remote, which stays the real one; a made-up public one where there is none. */
  remote(name: string, fallback: string): Promise<string>
}

// Of the person's configuration only the name is read: no hook, filter, template, credential or remote of theirs takes part. That the project
// is theirs to use was asked when it was found.
const SETTINGS = `
[safe]
	directory = *
	bareRepository = explicit
[core]
	hooksPath = ${devNull}
	fsmonitor = false
[credential]
	helper =
`

/** Who commits in this project, by the person's own configuration; an empty text when nobody is named. */
async function who(top: string): Promise<string> {
  const { PATH, HOME, XDG_CONFIG_HOME, GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL, EMAIL, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM } = process.env
  const env = { PATH, HOME, XDG_CONFIG_HOME, GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL, EMAIL, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM }
  return promisify(execFile)('git', ['var', 'GIT_COMMITTER_IDENT'], { cwd: top, env }).then(({ stdout }) => stdout.trim(), () => '')
}

/** Clones the commit that is checked out, with its tags. Throws SlipwayError `command-failed` with git's words. */
export async function cloneForRehearsal(top: string, folder: string): Promise<RehearsalClone> {
  const settings = `${folder}.gitconfig`
  await mkdir(dirname(settings), { recursive: true })
  await writeFile(settings, SETTINGS)
  const cloning = { ...gitEnvironment(), GIT_CONFIG_GLOBAL: settings, GIT_ALLOW_PROTOCOL: 'file' }
  const git = async (cwd: string, ...args: readonly string[]): Promise<string> => {
    try {
      return (await promisify(execFile)('git', args, { cwd, maxBuffer: 2 ** 26, env: cloning })).stdout.trim()
    } catch (error) {
      const detail = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
      throw new SlipwayError({ code: 'command-failed', message: `\`git ${args[0] ?? ''}\` failed while the project was copied for the rehearsal.`, detail })
    }
  }
  const ident = /^(.*) <([^>]*)>/.exec(await who(top)) ?? ['', 'Rehearsal', 'rehearsal@localhost']
  await git(top, 'clone', '--quiet', '--no-hardlinks', '--no-recurse-submodules', '--template=', top, folder)
  await git(folder, 'config', 'user.name', ident[1] ?? '')
  await git(folder, 'config', 'user.email', ident[2] ?? '')
  return {
    folder,
    read: (path) => readFile(join(folder, path), 'utf8').catch(() => undefined),
    tags: async () => (await git(folder, 'tag', '--list')).split('\n').filter((tag) => tag !== ''),
    async publishTo(bare, branch) {
      await git(folder, 'checkout', '--quiet', '-B', branch)
      await git(folder, 'push', '--quiet', bare, `HEAD:refs/heads/${branch}`, '--tags')
    },
    async remote(name, fallback) {
      const real = await git(top, 'remote', 'get-url', name).catch(() => fallback)
      await git(folder, 'remote', 'remove', 'origin')
      await git(folder, 'remote', 'add', name, real)
      return real
    },
  }
}
