// Milestones of versions and the issues that block a release: looked at, and the next milestone opened once.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import type { Look, World } from '../../model/world.ts'
import { github } from './client.ts'
import { idShape, type Access } from './shape.ts'

// https://docs.github.com/rest/issues/milestones
const milestoneAnswer = z.object({
  number: idShape,
  html_url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  open_issues: z.int().nonnegative(),
  due_on: z.string().nullable().default(null),
})

// https://docs.github.com/rest/issues/issues
const issueAnswer = z.object({ number: idShape, html_url: z.string(), title: z.string(), pull_request: z.unknown().optional() })

/** A milestone as GitHub shows it. */
export type Milestone = z.infer<typeof milestoneAnswer>

/** The milestone with exactly this title, open or closed; undefined when there is none. */
export async function findMilestone(look: Look, access: Access, title: string): Promise<Milestone | undefined> {
  const all = await github(look, access).list('GET /repos/{owner}/{repo}/milestones', { state: 'all' }, milestoneAnswer)
  return all.find((milestone) => milestone.title === title)
}

/** An issue that nobody has closed. */
export interface OpenIssue {
  readonly number: number
  readonly title: string
  readonly url: string
}

/** The open issues with a label, newest first; pull requests are none. */
export async function issuesLabelled(look: Look, access: Access, label: string): Promise<readonly OpenIssue[]> {
  const all = await github(look, access).list('GET /repos/{owner}/{repo}/issues', { state: 'open', labels: label }, issueAnswer)
  return all.filter((issue) => issue.pull_request === undefined).map(({ number, title, html_url: url }) => ({ number, title, url }))
}

/** A milestone to open. `due` is a day, `YYYY-MM-DD`. */
export interface MilestoneWish {
  readonly title: string
  readonly description: string
  readonly due: string | undefined
}

const DEED = { right: 'Issues: write', shape: milestoneAnswer } as const

/**
 * Opens a milestone, or gives the open one of this title its day; run again it does nothing. Throws SlipwayError `milestone-closed`, Refused, or a plain
 * Error where the outcome is in doubt.
 */
export async function openMilestone(world: World, access: Access, { title, description, due }: MilestoneWish): Promise<{ readonly is: 'opened' | 'moved' | 'there'; readonly url: string }> {
  const api = github(world, access)
  // GitHub keeps a day of Pacific time; noon in UTC lies in the same day there.
  const day = due === undefined ? {} : { due_on: `${due}T12:00:00Z` }
  const there = await findMilestone(world, access, title)
  if (there === undefined) {
    const { html_url: url } = await api.write('POST /repos/{owner}/{repo}/milestones', { title, description, ...day }, { ...DEED, to: `open the milestone ${title}` })
    return { is: 'opened', url }
  }
  if (there.state === 'closed') throw new SlipwayError({ code: 'milestone-closed', message: `The milestone ${title} is there and closed: ${there.html_url}.`, hint: 'If the version is still to come, open it again there; else name another level: `slipway schedule --open-milestone LEVEL`.' })
  if (due === undefined || there.due_on?.slice(0, 10) === due) return { is: 'there', url: there.html_url }
  const { html_url: url } = await api.write('PATCH /repos/{owner}/{repo}/milestones/{milestone_number}', { milestone_number: there.number, ...day }, { ...DEED, to: `change the day of the milestone ${title}` })
  return { is: 'moved', url }
}
