// Pull requests: made, listed, read, changed and merged.
import { git, resolveObject } from '../../git/bare.ts'
import { jsonReply } from '../../service.ts'
import type { Reply } from '../../service.ts'
import { flagField, neededText, textField, wordField } from '../fields.ts'
import { mergePull } from '../merge.ts'
import { inState, pageReply } from '../paging.ts'
import { addReview, findPull } from '../people.ts'
import { closePull, keepHead, lookAtPull, refreshPulls } from '../pull-life.ts'
import { invalid, unsupported } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Pull } from '../state.ts'
import { fullPullView, pullView } from '../views/pull.ts'

const PROPOSE = { part: 'pull_requests', level: 'write' } as const
const PUSH = { part: 'contents', level: 'write' } as const

/** Pull requests. */
export const pullRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    operation: 'pulls/create',
    page: 'rest/pulls/pulls#create-a-pull-request',
    needs: PROPOSE,
    handle: createPull,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    operation: 'pulls/list',
    page: 'rest/pulls/pulls#list-pull-requests',
    handle: listPulls,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    operation: 'pulls/get',
    page: 'rest/pulls/pulls#get-a-pull-request',
    handle: async (ask) => shown(ask, 200, await askedPull(ask)),
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    operation: 'pulls/update',
    page: 'rest/pulls/pulls#update-a-pull-request',
    needs: PROPOSE,
    handle: updatePull,
  },
  {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    operation: 'pulls/merge',
    page: 'rest/pulls/pulls#merge-a-pull-request',
    needs: PUSH,
    handle: async (ask) => {
      const sha = await mergePull(ask.state, await askedPull(ask), {
        method: wordField(ask.body, 'merge_method', ['merge', 'squash', 'rebase']) ?? 'merge',
        by: ask.grant?.login ?? '',
        sha: textField(ask.body, 'sha'),
        title: textField(ask.body, 'commit_title'),
        message: textField(ask.body, 'commit_message'),
      })
      return jsonReply(200, { sha, merged: true, message: 'Pull Request successfully merged' })
    },
  },
]

/** The pull request in a request's path, in step with its branches. Throws 404. */
export async function askedPull(ask: Ask): Promise<Pull> {
  await refreshPulls(ask.state)
  return findPull(ask.state, Number(ask.params['pull_number']))
}

async function createPull(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  if (body['issue'] !== undefined) throw unsupported('pull requests made from issues')
  await refreshPulls(state)
  const title = textField(body, 'title')
  if (title === undefined) throw invalid({ resource: 'PullRequest', code: 'missing_field', field: 'title' })
  const branch = ownBranch(ask, neededText(body, 'head'))
  const base = neededText(body, 'base')
  const baseHead = await resolveObject(state.bare, `refs/heads/${base}`, 'commit')
  if (baseHead === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  const head = branch === undefined ? undefined : await resolveObject(state.bare, `refs/heads/${branch}`, 'commit')
  if (branch === undefined || head === undefined) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' })
  if (state.pulls.some((pull) => pull.state === 'open' && pull.branch === branch && pull.base === base)) {
    throw invalid({ resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${state.owner}:${branch}.` })
  }
  if ((await git(state.bare, ['rev-list', '--count', `${baseHead}..${head}`])) === '0') {
    throw invalid({ resource: 'PullRequest', code: 'custom', message: `No commits between ${base} and ${branch}` })
  }
  const now = state.now()
  const pull: Pull = {
    id: state.nextId(), number: state.pulls.length + 1, author: ask.grant?.login ?? '', branch, createdAt: now,
    title, body: textField(body, 'body') ?? null, base, head, baseHead, draft: flagField(body, 'draft') ?? false,
    state: 'open', updatedAt: now, closedAt: null, merged: null, requested: [], reviews: [],
  }
  state.pulls.push(pull)
  if (state.autoReview && state.reviewsUnasked) for (const login of state.reviewers.slice(0, state.requiredApprovals)) addReview(state, pull, { author: login, state: 'APPROVED', body: '' })
  await keepHead(state, pull)
  // GitHub finds out in the background whether a new pull request can be merged.
  const look = { ...(await lookAtPull(state, pull)), mergeable: null, mergeableState: 'unknown' } as const
  return jsonReply(201, fullPullView(ask, pull, look))
}

async function listPulls(ask: Ask): Promise<Reply> {
  await refreshPulls(ask.state)
  const { query } = ask
  // A head without its owner filters nothing, at GitHub too.
  const head = query.get('head')?.includes(':') === true ? ownBranch(ask, query.get('head') ?? '') ?? '' : undefined
  const base = query.get('base')
  const found = ask.state.pulls.filter((pull) =>
    inState(ask)(pull) && (head === undefined || pull.branch === head) && (base === null || pull.base === base))
  const sort = query.get('sort') ?? 'created'
  if (sort !== 'created' && sort !== 'updated') throw unsupported(`sorting pull requests by ${sort}`)
  const time = (pull: Pull) => (sort === 'created' ? pull.createdAt : pull.updatedAt).getTime()
  const up = (query.get('direction') ?? 'desc') === 'asc'
  const sorted = found.toSorted((left, right) => (up ? 1 : -1) * (time(left) - time(right) || left.number - right.number))
  return pageReply(ask, sorted, (pull) => pullView(ask, pull))
}

async function updatePull(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  const pull = await askedPull(ask)
  const wanted = wordField(body, 'state', ['open', 'closed'])
  const base = textField(body, 'base')
  const baseHead = base === undefined ? undefined : await resolveObject(state.bare, `refs/heads/${base}`, 'commit')
  if (base !== undefined && baseHead === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  if (wanted === 'open' && pull.state === 'closed') await reopen(ask, pull)
  if (wanted === 'closed' && pull.state === 'open') closePull(state, pull)
  pull.title = textField(body, 'title') ?? pull.title
  pull.body = textField(body, 'body') ?? pull.body
  if (base !== undefined && baseHead !== undefined) Object.assign(pull, { base, baseHead })
  pull.updatedAt = state.now()
  return shown(ask, 200, pull)
}

async function reopen(ask: Ask, pull: Pull): Promise<void> {
  const head = await resolveObject(ask.state.bare, `refs/heads/${pull.branch}`, 'commit')
  if (pull.merged !== null || head === undefined) {
    const message = head === undefined ? `state cannot be changed. The ${pull.branch} branch was force-pushed or recreated.` : 'state cannot be changed. The pull request cannot be reopened.'
    throw invalid({ resource: 'PullRequest', code: 'invalid', field: 'state', message })
  }
  pull.state = 'open'
  pull.closedAt = null
  await refreshPulls(ask.state)
}

async function shown(ask: Ask, status: number, pull: Pull): Promise<Reply> {
  return jsonReply(status, fullPullView(ask, pull, await lookAtPull(ask.state, pull)))
}

/** The branch in `branch` or `owner:branch`; undefined when it is somebody else's. */
function ownBranch(ask: Ask, head: string): string | undefined {
  const colon = head.indexOf(':')
  if (colon < 0) return head
  return head.slice(0, colon).toLowerCase() === ask.state.owner.toLowerCase() ? head.slice(colon + 1) : undefined
}
