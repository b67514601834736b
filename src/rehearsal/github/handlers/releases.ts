// Releases: drafted, published, listed, read, changed and deleted.
import { jsonReply } from '../../service.ts'
import type { Reply } from '../../service.ts'
import { setOff } from '../actions.ts'
import { may } from '../access.ts'
import { flagField, neededText, textField, wordField } from '../fields.ts'
import { pageReply } from '../paging.ts'
import { latestRelease, markLatest, newer, publish, releaseDate } from '../publishing.ts'
import { invalid, notFound, unsupported } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Release } from '../state.ts'
import { releaseView } from '../views/release.ts'

const PUSH = { part: 'contents', level: 'write' } as const
const LATEST = ['true', 'false', 'legacy'] as const

/** Releases. */
export const releaseRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/releases',
    operation: 'repos/create-release',
    page: 'rest/releases/releases#create-a-release',
    needs: PUSH,
    handle: createRelease,
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/releases/generate-notes',
    operation: 'repos/generate-release-notes',
    page: 'rest/releases/releases#generate-release-notes-content-for-a-release',
    needs: PUSH,
    handle: async ({ state, body }) => {
      const tag = neededText(body, 'tag_name')
      return jsonReply(200, { name: tag, body: `**Full Changelog**: https://github.com/${state.owner}/${state.repo}/commits/${tag}` })
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases',
    operation: 'repos/list-releases',
    page: 'rest/releases/releases#list-releases',
    handle: async (ask) => pageReply(ask, ask.state.releases.filter((release) => visible(ask, release)).toSorted(newer), (release) => releaseView(ask, release)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases/latest',
    operation: 'repos/get-latest-release',
    page: 'rest/releases/releases#get-the-latest-release',
    handle: async (ask) => shown(ask, latestRelease(ask.state)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases/tags/{tag}',
    operation: 'repos/get-release-by-tag',
    page: 'rest/releases/releases#get-a-release-by-tag-name',
    handle: async (ask) => shown(ask, ask.state.releases.find((release) => !release.draft && release.tag === ask.params['tag'])),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases/{release_id}',
    operation: 'repos/get-release',
    page: 'rest/releases/releases#get-a-release',
    handle: async (ask) => shown(ask, askedRelease(ask)),
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/releases/{release_id}',
    operation: 'repos/update-release',
    page: 'rest/releases/releases#update-a-release',
    needs: PUSH,
    handle: updateRelease,
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/releases/{release_id}',
    operation: 'repos/delete-release',
    page: 'rest/releases/releases#delete-a-release',
    needs: PUSH,
    handle: async (ask) => {
      const release = askedRelease(ask)
      ask.state.releases.splice(ask.state.releases.indexOf(release), 1)
      if (ask.state.latest === release.id) ask.state.latest = undefined
      if (release.immutable) ask.state.unlockTag(release.tag)
      return { status: 204 }
    },
  },
]

/** The release in a request's path. Throws 404, also for a draft that the caller may not see. */
export function askedRelease(ask: Ask): Release {
  const release = ask.state.releases.find((candidate) => candidate.id === Number(ask.params['release_id']))
  if (release === undefined || !visible(ask, release)) throw notFound()
  return release
}

/** True when the caller may know of a release: drafts are for those who can push. */
export function visible(ask: Ask, release: Release): boolean {
  return !release.draft || may(ask.grant, PUSH)
}

async function createRelease(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  if (flagField(body, 'generate_release_notes') === true) throw unsupported('generated release notes')
  refuseDiscussions(ask)
  const tag = neededText(body, 'tag_name')
  const target = textField(body, 'target_commitish') ?? state.defaultBranch
  const release: Release = {
    id: state.nextId(), author: ask.grant?.login ?? '', tag, target,
    name: textField(body, 'name') ?? null, body: textField(body, 'body') ?? null,
    draft: true, prerelease: flagField(body, 'prerelease') ?? false, immutable: false,
    makeLatest: wordField(body, 'make_latest', LATEST) ?? 'true',
    createdAt: await releaseDate(state, { tag, target }), updatedAt: state.now(), publishedAt: null, assets: [],
  }
  if (flagField(body, 'draft') !== true) {
    refuseLatest(ask, release)
    await publish(state, release)
  }
  state.releases.push(release)
  if (!release.draft) await setOff(state, { event: 'release', tag: release.tag, grant: ask.grant })
  return jsonReply(201, releaseView(ask, release))
}

async function updateRelease(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  const release = askedRelease(ask)
  refuseDiscussions(ask)
  const draft = flagField(body, 'draft') ?? release.draft
  const latest = wordField(body, 'make_latest', LATEST)
  const changed: Release = {
    ...release,
    tag: textField(body, 'tag_name') ?? release.tag,
    target: textField(body, 'target_commitish') ?? release.target,
    name: textField(body, 'name') ?? release.name,
    body: textField(body, 'body') ?? release.body,
    prerelease: flagField(body, 'prerelease') ?? release.prerelease,
    makeLatest: latest ?? release.makeLatest,
    updatedAt: state.now(),
  }
  refuseLatest(ask, { draft, prerelease: changed.prerelease })
  // GitHub refuses this too; its words for it are not published.
  if (release.immutable && (draft || changed.tag !== release.tag)) throw invalid({ resource: 'Release', code: 'custom', message: 'Cannot change an immutable release' })
  if (!release.draft && !draft && changed.tag !== release.tag) throw unsupported('another tag for a published release')
  const before = { ...release }
  Object.assign(release, changed)
  if (release.draft && !draft) {
    try {
      await publish(state, release)
    } catch (error) {
      Object.assign(release, before)
      throw error
    }
    await setOff(state, { event: 'release', tag: release.tag, grant: ask.grant })
  } else if (!release.draft) {
    if (draft) Object.assign(release, { draft: true, publishedAt: null })
    if (draft || latest !== undefined || release.prerelease !== before.prerelease) markLatest(state, release)
  }
  return jsonReply(200, releaseView(ask, release))
}

function refuseDiscussions(ask: Ask): void {
  if (ask.body['discussion_category_name'] !== undefined) throw unsupported('discussions of releases')
}

function refuseLatest(ask: Ask, release: Pick<Release, 'draft' | 'prerelease'>): void {
  const asked = ask.body['make_latest'] === 'true'
  const creating = ask.params['release_id'] === undefined
  if (asked && (release.prerelease || (release.draft && !creating))) {
    throw invalid({ resource: 'Release', code: 'custom', message: 'Latest release cannot be draft or prerelease.' })
  }
}

function shown(ask: Ask, release: Release | undefined): Reply {
  if (release === undefined) throw notFound()
  return jsonReply(200, releaseView(ask, release))
}
