// Which of many tags a commit can be reached back to, in few walks through the history.
import type { Look } from '../model/world.ts'
import { gitText, lines } from './git.ts'

/** Commits listed by the first look for a tag; each further look lists four times as many. */
const FIRST_LOOK = 1_000

/**
 * The first of some tags, in their order, that is reachable from a commit. However many tags there are, it costs the history down to
 * the nearest one, and one walk over what the tags before that one have and the commit has not.
 */
export async function firstReachable(look: Look, tags: readonly string[], commit: string): Promise<string | undefined> {
  const ids = await commitsOf(look, tags)
  const nearest = await nearestTag(look, ids, commit)
  if (nearest === undefined) return undefined
  const before = [...ids].slice(0, [...ids.keys()].indexOf(nearest))
  const apart = await unreachable(look, new Set(before.map(([, id]) => id)), commit)
  return before.find(([, id]) => !apart.has(id))?.[0] ?? nearest
}

/** The commits that tags lead to, in their order; without those that lead to something else. */
async function commitsOf(look: Look, tags: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const stdin = tags.map((tag) => `refs/tags/${tag}^{commit}\n`).join('')
  const answers = lines(await gitText(look, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], { stdin }))
  return new Map(tags.flatMap((tag, index) => {
    const [type, id] = answers[index]?.split(' ') ?? []
    return type === 'commit' && id !== undefined ? [[tag, id] as const] : []
  }))
}

async function nearestTag(look: Look, ids: ReadonlyMap<string, string>, commit: string): Promise<string | undefined> {
  // Of several tags on one commit the first one counts.
  const tagOf = new Map([...ids].toReversed().map(([tag, id]) => [id, tag]))
  for (let most = FIRST_LOOK; ; most *= 4) {
    const seen = lines(await gitText(look, ['rev-list', `--max-count=${most}`, commit, '--']))
    const found = seen.find((id) => tagOf.has(id))
    if (found !== undefined) return tagOf.get(found)
    if (seen.length < most) return undefined
  }
}

/** Those of some commits that are not reachable from another one. */
async function unreachable(look: Look, ids: ReadonlySet<string>, commit: string): Promise<ReadonlySet<string>> {
  if (ids.size === 0) return ids
  const stdin = [...ids, `^${commit}`].map((line) => `${line}\n`).join('')
  return new Set(lines(await gitText(look, ['rev-list', '--stdin'], { stdin })).filter((id) => ids.has(id)))
}
