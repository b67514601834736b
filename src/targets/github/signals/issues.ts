// The signal of issues: what users have reported since the release.
import { z } from 'zod'
import type { Signal, SignalContext } from '../../../model/signal.ts'
import { github } from '../client.ts'
import type { Access } from '../shape.ts'

/** https://docs.github.com/rest/issues/issues#list-repository-issues */
const issue = z.object({
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  created_at: z.string(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
  pull_request: z.unknown().optional(),
})

/** Open issues that were opened since the release and name its version, or carry one of the labels of `monitor`. */
export function issueSignal(access: Access, { version, since, thresholds: { labels, issues: { watch, act } } }: SignalContext): Signal {
  return {
    source: new URL(access.api).host,
    title: `issues about ${version} in ${access.repository}`,
    async look(look) {
      const all = await github(look, access).list('GET /repos/{owner}/{repo}/issues', { state: 'open', since: `${since.slice(0, 19)}Z` }, issue)
      // `since` asks for issues that were changed since then, and lists hold pull requests, too.
      const about = all.filter((each) => each.pull_request === undefined && Date.parse(each.created_at) >= Date.parse(since) && isAbout(each, version, labels))
      const seen = about.length === 0 ? 'none since the release' : `${about.length} open since the release: ${about.slice(0, 3).map(({ title }) => `«${title}»`).join(', ')}${about.length > 3 ? ' …' : ''}`
      return { standing: about.length >= act ? 'act' : about.length >= watch ? 'watch' : 'fine', seen, links: about.slice(0, 5).map(({ html_url: link }) => link) }
    },
  }
}

/** True when the issue carries one of the labels, or names exactly this version: neither 12.1.0 nor 2.1.0-rc.1 is 2.1.0. */
function isAbout({ title, body, labels: own }: z.infer<typeof issue>, version: string, labels: readonly string[]): boolean {
  if (own.some((label) => labels.includes(typeof label === 'string' ? label : label.name ?? ''))) return true
  return new RegExp(`(?<![\\w.])v?${version.replaceAll(/[.+]/g, '\\$&')}(?![\\w+-]|\\.\\d)`).test(`${title}\n${body ?? ''}`)
}
