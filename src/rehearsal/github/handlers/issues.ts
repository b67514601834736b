// Issues of the repository, pull requests among them, as GitHub lists both.
import { inState, pageReply } from '../paging.ts'
import { invalid } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import { issueView, type Listed } from '../views/issue.ts'

/** The list of issues. */
export const issueRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues',
    operation: 'issues/list-for-repo',
    page: 'rest/issues/issues#list-repository-issues',
    handle: async (ask) => pageReply(ask, listed(ask), (issue) => issueView(ask, issue)),
  },
]

function listed(ask: Ask): readonly Listed[] {
  const { state, query } = ask
  if (!['open', 'closed', 'all', null].includes(query.get('state'))) throw invalid({ resource: 'Issue', code: 'invalid', field: 'state' })
  const since = query.get('since')
  const labels = query.get('labels')?.split(',') ?? []
  const all: readonly Listed[] = [
    ...state.issues.map((issue) => ({ ...issue, isPull: false })),
    ...state.pulls.map(({ id, number, author, title, body, createdAt, updatedAt, state: standing }) => ({ id, number, author, title, body, labels: [], createdAt, updatedAt, state: standing, isPull: true })),
  ]
  return all
    .filter((issue) => inState(ask)(issue) && labels.every((label) => issue.labels.includes(label)) && (since === null || (issue.updatedAt ?? issue.createdAt).getTime() >= Date.parse(since)))
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime() || other.number - one.number)
}
