// Finds releases: drafts have no address of their own but their id, so all are listed.
import type { Look } from '../../model/world.ts'
import { github } from './client.ts'
import { releaseAnswer, type Access, type GitHubRelease } from './shape.ts'

/** Every release and, for a token that may write, every draft. */
export async function listReleases(look: Look, access: Access): Promise<readonly GitHubRelease[]> {
  return github(look, access).list('GET /repos/{owner}/{repo}/releases', {}, releaseAnswer)
}

/** A release or draft by its id, undefined when it is gone. */
export async function releaseById(look: Look, access: Access, id: number): Promise<GitHubRelease | undefined> {
  return github(look, access).read('GET /repos/{owner}/{repo}/releases/{release_id}', { release_id: id }, releaseAnswer)
}
