// OSV's API: the ids of what a package has, asked for in batches, and each advisory once (https://google.github.io/osv.dev/api/).
import { z } from 'zod'
import { bodyJson, bodyText } from '../../model/http.ts'
import type { HttpAnswer, HttpRequest } from '../../model/world.ts'
import { inParallel } from '../checks/in-parallel.ts'
import { advisory, type Advisory } from './advisory.ts'
import type { Bench } from './result.ts'
import { unreadable } from './unreadable.ts'

/** Queries in one request; the API takes twice as many, and answers at most 32 MiB. */
const BATCH = 500
/** Advisories fetched at once. */
const AT_ONCE = 8
/** Pages of answers about one package: more than any package has. */
const PAGES = 50

const refused = z.object({ message: z.string() })
const batch = z.object({
  results: z.array(z.object({
    vulns: z.array(z.object({ id: z.string().min(1) })).nullish(),
    next_page_token: z.string().nullish(),
  }).nullable()),
})

/** The advisories for each package URL, in the order in which they were given. Throws Refused `scan-unreadable`, and a plain Error where asking again may help. */
export async function askOsv(bench: Bench, api: string, asked: readonly string[]): Promise<readonly (readonly Advisory[])[]> {
  const ids = await idsFor(bench, api, asked)
  const every = [...new Set(ids.flatMap((of) => [...of]))]
  const details = await inParallel(every, AT_ONCE, async (id) => {
    const url = `${api}/v1/vulns/${encodeURIComponent(id)}`
    const read = advisory.safeParse(await answerOf(bench, { method: 'GET', url }))
    if (!read.success) throw nonsense(url)
    return [id, read.data] as const
  })
  const byId = new Map(details)
  return ids.map((of) => [...of].flatMap((id) => byId.get(id) ?? []))
}

async function idsFor(bench: Bench, api: string, asked: readonly string[]): Promise<readonly ReadonlySet<string>[]> {
  const ids = asked.map(() => new Set<string>())
  const url = `${api}/v1/querybatch`
  let waiting: readonly { at: number; purl: string; page: number; token?: string }[] = asked.map((purl, at) => ({ at, purl, page: 1 }))
  while (waiting.length > 0) {
    const now = waiting.slice(0, BATCH)
    const queries = now.map(({ purl, token }) => ({ package: { purl }, ...(token === undefined ? {} : { page_token: token }) }))
    const read = batch.safeParse(await answerOf(bench, { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ queries }) }))
    if (!read.success || read.data.results.length !== now.length) throw nonsense(url)
    const further = now.flatMap((query, index) => {
      const { vulns, next_page_token: token } = read.data.results[index] ?? {}
      for (const { id } of vulns ?? []) ids[query.at]?.add(id)
      if (token === undefined || token === null || token === '') return []
      if (query.page >= PAGES) throw nonsense(url)
      return [{ ...query, token, page: query.page + 1 }]
    })
    waiting = [...waiting.slice(BATCH), ...further]
  }
  return ids
}

async function answerOf({ world, once }: Bench, request: HttpRequest): Promise<unknown> {
  const answer = await world.http({ ...request, headers: { ...request.headers, accept: 'application/json' }, signal: once.signal })
  if (answer.status >= 200 && answer.status < 300) return bodyJson(answer)
  const message = `${new URL(request.url).host} answered ${answer.status} to ${request.method} ${new URL(request.url).pathname}: ${wordsOf(answer)}`
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error(message)
  throw unreadable(`${message}.`, 'Without its answer nobody knows what is vulnerable. Look whether "api" under "scan" in slipway.yaml is the address of an OSV API, or use "database" for a folder of advisories.')
}

function wordsOf(answer: HttpAnswer): string {
  const read = refused.safeParse(bodyJson(answer))
  return (read.success ? read.data.message : bodyText(answer).trim() || answer.reason).slice(0, 200).replace(/\.$/, '')
}

function nonsense(url: string): Error {
  return unreadable(`What ${url} answered is not what an OSV API answers, so nobody knows what is vulnerable.`, 'Look whether "api" under "scan" in slipway.yaml is the address of an OSV API, or use "database" for a folder of advisories.')
}
