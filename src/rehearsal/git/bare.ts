// A bare repository on the rehearsal's disk, and how to work in it.
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runGit } from './process.ts'
import type { GitAnswer, GitOptions } from './process.ts'
import { installRules } from './rules.ts'

const SETTINGS = `
[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
[receive]
	# The rules refuse this in GitHub's words; where they do not guard the branch, it may go.
	denyDeleteCurrent = ignore
	# Housekeeping in the background would outlive the rehearsal.
	autogc = false
[gc]
	auto = 0
`

/** Makes `root/owner/name.git` with `main` as its branch, served over HTTP and guarded by rules, and returns its path. */
export async function createBare(root: string, repository: string): Promise<string> {
  const bare = join(root, `${repository}.git`)
  await mkdir(bare, { recursive: true })
  await git(bare, ['init', '--quiet', '--bare', '--template='])
  await writeFile(join(bare, 'HEAD'), 'ref: refs/heads/main\n')
  await appendFile(join(bare, 'config'), SETTINGS)
  installRules(bare)
  return bare
}

/** Runs git in a bare repository. Rejects with git's own words when it fails. */
export async function git(bare: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const answer = await tryGit(bare, args, options)
  if (answer.code !== 0) throw new Error(`git ${args.join(' ')} ended with ${answer.code}: ${answer.stderr.trim()}`)
  return answer.stdout.toString().trimEnd()
}

/** Runs git in a bare repository where failing is an answer. */
export async function tryGit(bare: string, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  return runGit(['--git-dir', bare, ...args], options)
}

/** The object that a name stands for, as that type (`commit` looks through tags); undefined when there is none. */
export async function resolveObject(bare: string, name: string, type: 'commit' | 'object' | 'tag' = 'object'): Promise<string | undefined> {
  const answer = await tryGit(bare, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{${type}}`])
  return answer.code === 0 ? answer.stdout.toString().trim() : undefined
}

/** True when every commit of the first is reachable from the second. */
export async function isAncestor(bare: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await tryGit(bare, ['merge-base', '--is-ancestor', ancestor, descendant])).code === 0
}
