// The commits that are new since the last release, by reachability.
import type { Look } from '../model/world.ts'
import { gitText } from './git.ts'

/** One commit: its id and its whole message. */
export interface Commit {
  readonly sha: string
  readonly message: string
}

/** Commits reachable from `commit` and not from `since` (all of them without it), newest first. */
export async function surveyHistory(look: Look, { since, commit }: { since: string | undefined; commit: string }): Promise<readonly Commit[]> {
  const range = since === undefined ? [commit] : [commit, `^${since}`]
  const text = await gitText(look, ['log', '-z', '--no-show-signature', '--format=%H%n%B', ...range, '--'])
  return text.split('\0').filter((each) => each !== '').map((each) => {
    const end = each.indexOf('\n')
    return { sha: each.slice(0, end), message: each.slice(end + 1) }
  })
}
