// Refs, tags and commits as GitHub shows them.
import type { AnnotatedTag, Commit } from '../objects.ts'
import { nodeId, pageLink, repositoryLink } from './links.ts'
import type { Viewer } from './links.ts'

/** A ref and what it points at. */
export interface Ref {
  /** Whole name, `refs/heads/main`. */
  readonly name: string
  readonly sha: string
  readonly type: string
}

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

/** A ref. */
export function refView(viewer: Viewer, ref: Ref): Record<string, unknown> {
  return {
    ref: ref.name,
    node_id: nodeId('Ref', ref.name),
    url: repositoryLink(viewer, `/git/${ref.name}`),
    object: { sha: ref.sha, type: ref.type, url: repositoryLink(viewer, `/git/${ref.type}s/${ref.sha}`) },
  }
}

/** An annotated tag. */
export function tagView(viewer: Viewer, tag: AnnotatedTag): Record<string, unknown> {
  return {
    node_id: nodeId('Tag', tag.sha),
    sha: tag.sha,
    url: repositoryLink(viewer, `/git/tags/${tag.sha}`),
    tagger: tag.tagger,
    object: { ...tag.object, url: repositoryLink(viewer, `/git/${tag.object.type}s/${tag.object.sha}`) },
    tag: tag.tag,
    message: tag.message,
    verification: UNSIGNED,
  }
}

/** A commit as git knows it. */
export function gitCommitView(viewer: Viewer, commit: Commit): Record<string, unknown> {
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: repositoryLink(viewer, `/git/commits/${commit.sha}`),
    html_url: pageLink(viewer, `/commit/${commit.sha}`),
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: repositoryLink(viewer, `/git/trees/${commit.tree}`) },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: repositoryLink(viewer, `/git/commits/${sha}`), html_url: pageLink(viewer, `/commit/${sha}`) })),
    verification: UNSIGNED,
  }
}

/** A commit as the repository's history knows it. Its people are strangers to GitHub: no mail address is registered. */
export function commitView(viewer: Viewer, commit: Commit): Record<string, unknown> {
  const url = repositoryLink(viewer, `/commits/${commit.sha}`)
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: repositoryLink(viewer, `/git/trees/${commit.tree}`) },
      url: repositoryLink(viewer, `/git/commits/${commit.sha}`),
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: pageLink(viewer, `/commit/${commit.sha}`),
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({ sha, url: repositoryLink(viewer, `/commits/${sha}`), html_url: pageLink(viewer, `/commit/${sha}`) })),
  }
}
