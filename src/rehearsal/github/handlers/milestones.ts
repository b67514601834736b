// Milestones: listed, opened and changed.
import type { JsonObject } from '../../../model/json.ts'
import { jsonReply } from '../../service.ts'
import { neededText, textField, wordField } from '../fields.ts'
import { inState, pageReply } from '../paging.ts'
import { invalid, notFound } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Milestone } from '../state.ts'
import { milestoneView } from '../views/milestone.ts'

const STATES = ['open', 'closed'] as const
// What may write pull requests may write milestones: https://docs.github.com/rest/issues/milestones#create-a-milestone
const WRITE = { part: 'pull_requests', level: 'write' } as const
const MILESTONES = '/repos/{owner}/{repo}/milestones'

/** Milestones. */
export const milestoneRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: MILESTONES,
    operation: 'issues/list-milestones',
    page: 'rest/issues/milestones#list-milestones',
    handle: async (ask) => {
      const due = (each: Milestone): number => each.dueOn?.getTime() ?? Infinity
      return pageReply(ask, ask.state.milestones.filter(inState(ask)).toSorted((one, other) => due(one) - due(other) || one.number - other.number), (milestone) => milestoneView(ask, milestone))
    },
  },
  {
    method: 'POST',
    path: MILESTONES,
    operation: 'issues/create-milestone',
    page: 'rest/issues/milestones#create-a-milestone',
    needs: WRITE,
    handle: async (ask) => {
      const { state, grant, body } = ask
      const now = state.now()
      const milestone: Milestone = {
        id: state.nextId(), number: state.milestones.length + 1, creator: grant?.login ?? '', createdAt: now, updatedAt: now,
        title: titleIn(ask, neededText(body, 'title')), description: textField(body, 'description') ?? null, state: wordField(body, 'state', STATES) ?? 'open', dueOn: dueIn(body),
      }
      state.milestones.push(milestone)
      return jsonReply(201, milestoneView(ask, milestone))
    },
  },
  {
    method: 'PATCH',
    path: `${MILESTONES}/{milestone_number}`,
    operation: 'issues/update-milestone',
    page: 'rest/issues/milestones#update-a-milestone',
    needs: WRITE,
    handle: async (ask) => {
      const { state, body, params } = ask
      const milestone = state.milestones.find(({ number }) => number === Number(params['milestone_number']))
      if (milestone === undefined) throw notFound()
      const title = textField(body, 'title')
      if (title !== undefined && title !== milestone.title) milestone.title = titleIn(ask, title)
      milestone.description = textField(body, 'description') ?? milestone.description
      milestone.state = wordField(body, 'state', STATES) ?? milestone.state
      if ('due_on' in body) milestone.dueOn = dueIn(body)
      milestone.updatedAt = state.now()
      return jsonReply(200, milestoneView(ask, milestone))
    },
  },
]

function titleIn({ state }: Ask, title: string): string {
  if (title.trim() === '') throw invalid({ resource: 'Milestone', code: 'missing_field', field: 'title' })
  if (state.milestones.some((other) => other.title === title)) throw invalid({ resource: 'Milestone', code: 'already_exists', field: 'title' })
  return title
}

/** GitHub keeps the day that the moment lies in by Pacific time, as the midnight that begins it: https://github.com/microsoft/PowerShellForGitHub/pull/133. */
function dueIn(body: JsonObject): Date | null {
  const written = textField(body, 'due_on')
  if (written === undefined) return null
  const moment = new Date(written)
  if (Number.isNaN(moment.getTime())) throw invalid({ resource: 'Milestone', code: 'invalid', field: 'due_on' })
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(moment)
  const summer = new Date(`${day}T07:00:00Z`)
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Los_Angeles', hour: '2-digit' }).format(summer)
  return hour === '00' ? summer : new Date(`${day}T08:00:00Z`)
}
