// The branch that a project's feed of releases is in, which a rehearsal has to have too.
import { git, resolveObject } from '../rehearsal/git/bare.ts'
import { announcePlaces, type AnnounceSettings } from '../targets/announce/index.ts'
import { settingsOf, type Project } from './project.ts'

/** Where the feed is; undefined for a project that has none. */
export function feedOf(project: Project): { readonly branch: string; readonly path: string } | undefined {
  return announcePlaces(settingsOf(project, 'announce') as AnnounceSettings | undefined).feed
}

/** Begins the branch at the main one, where a rehearsal's repository has not got it. */
export async function beginFeedBranch(bare: string, project: Project): Promise<void> {
  const feed = feedOf(project)
  if (feed === undefined || await resolveObject(bare, `refs/heads/${feed.branch}`) !== undefined) return
  await git(bare, ['branch', feed.branch, project.git.branch])
}
