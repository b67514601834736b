// Looks at a pull request whose number is known.
import { Refused } from '../../model/error.ts'
import type { Look } from '../../model/world.ts'
import { github } from './client.ts'
import { pullAnswer, reviewAnswer, type Access, type Pull, type Review } from './shape.ts'

/** The pull request. Throws Refused when GitHub does not show it. */
export async function lookAtPull(look: Look, access: Access, number: number): Promise<Pull> {
  const pull = await github(look, access).read('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number }, pullAnswer)
  if (pull !== undefined) return pull
  throw new Refused({ code: 'right-missing', message: `GitHub shows no pull request ${number} in ${access.repository} to the token in ${access.token.$secret}.`, hint: 'Give the token the right to read pull requests.' })
}

/** Every review of a pull request, oldest first. */
export async function lookAtReviews(look: Look, access: Access, number: number): Promise<readonly Review[]> {
  return github(look, access).list('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { pull_number: number }, reviewAnswer)
}

/** Why an unmerged pull request can no longer carry the release: closed, or with another commit at its head. */
export function spoiled(pull: Pull, commit: string): string | undefined {
  if (pull.state === 'closed') return `${pull.html_url} was closed without being merged`
  if (pull.head.sha !== commit) return `${pull.html_url} has ${pull.head.sha} at its head, not the release commit ${commit}: somebody pushed to its branch`
  return undefined
}
