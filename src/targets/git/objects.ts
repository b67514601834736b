// Pure: the text and the id of git commits and annotated tags, as git itself would write them.
import { createHash } from 'node:crypto'

/** What a commit is made of. Without a parent it is a root commit. */
export interface CommitParts {
  readonly tree: string
  readonly parent?: string
  /** `Name <mail>`, author and committer in one. */
  readonly author: string
  /** ISO 8601; kept to the second, in UTC. */
  readonly date: string
  readonly message: string
}

/** What an annotated tag of a commit is made of. */
export interface TagParts {
  readonly commit: string
  /** The tag's name without `refs/tags/`. */
  readonly tag: string
  /** `Name <mail>` */
  readonly tagger: string
  /** ISO 8601; kept to the second, in UTC. */
  readonly date: string
  readonly message: string
}

/** The text of a commit object: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function commitText({ tree, parent, author, date, message }: CommitParts): string {
  const who = `${author} ${stamp(date)}`
  return [`tree ${tree}`, ...(parent === undefined ? [] : [`parent ${parent}`]), `author ${who}`, `committer ${who}`, '', endLine(message)].join('\n')
}

/** The id that git gives to this commit. */
export function commitId(parts: CommitParts): string {
  return objectId('commit', commitText(parts), parts.tree)
}

/** The text of an annotated tag object, as `git mktag` reads it. */
export function tagText({ commit, tag, tagger, date, message }: TagParts): string {
  return [`object ${commit}`, 'type commit', `tag ${tag}`, `tagger ${tagger} ${stamp(date)}`, '', endLine(message)].join('\n')
}

/** The id that git gives to this tag object. */
export function tagId(parts: TagParts): string {
  return objectId('tag', tagText(parts), parts.commit)
}

/** The id of an object, in the object format (SHA-1 or SHA-256) of a known id of the same repository. */
function objectId(type: 'commit' | 'tag', text: string, known: string): string {
  const bytes = Buffer.from(text, 'utf8')
  return createHash(known.length === 64 ? 'sha256' : 'sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}

function stamp(date: string): string {
  return `${Math.floor(Date.parse(date) / 1000)} +0000`
}

function endLine(message: string): string {
  return message.endsWith('\n') ? message : `${message}\n`
}
