// The signal of downloads: what pypistats.org counts of a project, all its versions together, once a day.
import { z } from 'zod'
import { normalName } from '../../model/python-name.ts'
import { bodyJson } from '../../model/http.ts'
import type { Reading, Signal, SignalContext } from '../../model/signal.ts'
import type { Look } from '../../model/world.ts'

const STATS = 'https://pypistats.org'

/** Downloads a day below which a fall is chance. */
const FEW = 20

/** https://pypistats.org/api/#recent */
const recent = z.object({ data: z.object({ last_day: z.int().nonnegative(), last_week: z.int().nonnegative() }) })

/** How often a project is downloaded from PyPI. Other indexes do not tell. */
export function downloads(project: string, index: string, { thresholds }: SignalContext): Signal {
  const host = new URL(index).host
  const title = `downloads of ${project}`
  if (host !== 'pypi.org') return { source: host, title, look: async () => ({ standing: 'untold', why: `${host} does not tell how often something is downloaded` }) }
  return { source: new URL(STATS).host, title, look: (look) => read(look, project, thresholds.downloads.fall) }
}

async function read(look: Look, project: string, fall: number): Promise<Reading> {
  const url = `${STATS}/api/packages/${encodeURIComponent(normalName(project))}/recent`
  const answer = await look.http({ method: 'GET', url, headers: { accept: 'application/json' } })
  if (answer.status === 404) return { standing: 'untold', why: `nothing is counted of ${project} yet: counts come a day late` }
  const told = recent.safeParse(bodyJson(answer))
  if (answer.status !== 200 || !told.success) throw new Error(`pypistats.org answered ${answer.status} to a question about ${project}`)
  const { last_day: day, last_week: week } = told.data.data
  const average = week / 7
  const seen = `${number(day)} on the last day that is counted, ${number(Math.round(average))} a day in the last week`
  return { standing: average >= FEW && day < average * (1 - fall / 100) ? 'watch' : 'fine', seen }
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}
