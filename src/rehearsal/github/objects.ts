// Reads and writes git's commits and annotated tags.
import { git } from '../git/bare.ts'

/** Who made an object, and when: ISO 8601 in UTC. */
export interface Maker {
  readonly name: string
  readonly email: string
  readonly date: string
}

/** A commit as git keeps it. */
export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Maker
  readonly committer: Maker
  readonly message: string
}

/** An annotated tag as git keeps it. */
export interface AnnotatedTag {
  readonly sha: string
  readonly tag: string
  readonly object: { readonly sha: string; readonly type: string }
  readonly tagger: Maker
  readonly message: string
}

/** A commit by its hash. */
export async function readCommit(bare: string, sha: string): Promise<Commit> {
  const { headers, message } = parse(await git(bare, ['cat-file', 'commit', sha]))
  return {
    sha,
    tree: one(headers, 'tree'),
    parents: headers.filter(([name]) => name === 'parent').map(([, value]) => value),
    author: maker(one(headers, 'author')),
    committer: maker(one(headers, 'committer')),
    message,
  }
}

/** An annotated tag by its own hash. */
export async function readTag(bare: string, sha: string): Promise<AnnotatedTag> {
  const { headers, message } = parse(await git(bare, ['cat-file', 'tag', sha]))
  return {
    sha,
    tag: one(headers, 'tag'),
    object: { sha: one(headers, 'object'), type: one(headers, 'type') },
    tagger: maker(one(headers, 'tagger')),
    message,
  }
}

/** Writes a commit and returns its hash. */
export async function writeCommit(bare: string, commit: Omit<Commit, 'sha'>): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent])
  const env = { ...makerEnvironment('AUTHOR', commit.author), ...makerEnvironment('COMMITTER', commit.committer) }
  return git(bare, ['commit-tree', commit.tree, ...parents, '-F', '-'], { env, stdin: commit.message })
}

/** Writes an annotated tag's object, which no ref points at yet, and returns its hash. */
export async function writeTag(bare: string, tag: Omit<AnnotatedTag, 'sha'>): Promise<string> {
  const { name, email, date } = tag.tagger
  const seconds = Math.floor(Date.parse(date) / 1000)
  const lines = [`object ${tag.object.sha}`, `type ${tag.object.type}`, `tag ${tag.tag}`, `tagger ${name} <${email}> ${seconds} +0000`, '', tag.message]
  return git(bare, ['mktag'], { stdin: `${lines.join('\n')}${tag.message.endsWith('\n') ? '' : '\n'}` })
}

function makerEnvironment(role: 'AUTHOR' | 'COMMITTER', from: Maker): Record<string, string> {
  return { [`GIT_${role}_NAME`]: from.name, [`GIT_${role}_EMAIL`]: from.email, [`GIT_${role}_DATE`]: from.date }
}

function parse(text: string): { headers: (readonly [string, string])[]; message: string } {
  const [head = '', ...rest] = text.split('\n\n')
  const headers = head.split('\n').map((line) => {
    const space = line.indexOf(' ')
    return [line.slice(0, space), line.slice(space + 1)] as const
  })
  return { headers, message: rest.join('\n\n') }
}

function one(headers: readonly (readonly [string, string])[], name: string): string {
  const value = headers.find(([header]) => header === name)?.[1]
  if (value === undefined) throw new Error(`A git object has no ${name}.`)
  return value
}

function maker(text: string): Maker {
  const [, name = '', email = '', seconds = ''] = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(text) ?? []
  return { name, email, date: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` }
}
