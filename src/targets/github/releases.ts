// Finds releases and their files: drafts have no address of their own but their id, so all are listed.
import type { Look } from '../../model/world.ts'
import { github } from './client.ts'
import { assetAnswer, releaseAnswer, type Access, type Asset, type GitHubRelease } from './shape.ts'

/** Every release and, for a token that may write, every draft. */
export async function listReleases(look: Look, access: Access): Promise<readonly GitHubRelease[]> {
  return github(look, access).list('GET /repos/{owner}/{repo}/releases', {}, releaseAnswer)
}

/** A release or draft by its id, undefined when it is gone. */
export async function releaseById(look: Look, access: Access, id: number): Promise<GitHubRelease | undefined> {
  return github(look, access).read('GET /repos/{owner}/{repo}/releases/{release_id}', { release_id: id }, releaseAnswer)
}

/** The published release of a tag, undefined where there is none: drafts do not count. */
export async function releaseByTag(look: Look, access: Access, tag: string): Promise<GitHubRelease | undefined> {
  return github(look, access).read('GET /repos/{owner}/{repo}/releases/tags/{tag}', { tag }, releaseAnswer)
}

/** Every file of a release. */
export async function assetsOf(look: Look, access: Access, release: number): Promise<readonly Asset[]> {
  return github(look, access).list('GET /repos/{owner}/{repo}/releases/{release_id}/assets', { release_id: release }, assetAnswer)
}

/** The file of this name. GitHub puts full stops for what it does not like in a name, and does not say for what. */
export function assetNamed(assets: readonly Asset[], name: string): Asset | undefined {
  return assets.find((asset) => asset.name === name) ?? assets.find((asset) => plain(asset.name) === plain(name))
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '.')
}
