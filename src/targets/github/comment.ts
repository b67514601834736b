// The one comment on a release's pull request: found again by its marker, made once, and changed only when its text does.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Plan } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { github } from './client.ts'
import { marker, isMarked, withoutMarkers } from './marker.ts'
import { accessShape, idShape, type Access } from './shape.ts'

/** Characters that a text may have: GitHub takes 65,536 for a comment, and the marker needs its room. */
export const COMMENT_LIMIT = 65_000

/** A pull request to comment on. */
export interface CommentPlace extends Access {
  readonly pull: number
}

/** The comment as it was last seen. */
export interface KeptComment {
  readonly id: number
  readonly body: string | null
}

/** What the comment says, and of which release; `known` saves looking for it, and `make: false` only changes one that is there. */
export interface CommentText {
  readonly name: string
  readonly version: string
  readonly text: string
  readonly known?: KeptComment | undefined
  readonly make?: boolean
}

// https://docs.github.com/rest/issues/comments
const commentAnswer = z.object({
  id: idShape,
  body: z.string().nullable().default(null),
  user: z.object({ type: z.string().default('User') }).nullable(),
  author_association: z.string().default('NONE'),
})

type Comment = z.infer<typeof commentAnswer>

const DEED = { right: 'Pull requests: write' } as const

/**
 * Makes the comment say this: with one request where it is known, else after a look at all comments, and with none where it says so already.
 * Of two, which only a race can make, the older one stays and the others are deleted. Throws Refused, or a plain Error where the outcome is in doubt.
 */
export async function keepComment(world: World, place: CommentPlace, { name, version, text, known, make = true }: CommentText): Promise<KeptComment> {
  const { pull, ...access } = place
  const api = github(world, access)
  const key = `comment ${name}@${version}`
  const body = `${withoutMarkers(text).trimEnd()}\n\n${marker(key)}`
  const [ours, ...twins] = known === undefined ? await find() : [known]
  const kept = ours === undefined ? await made() : ours.body?.replaceAll('\r\n', '\n') === body ? ours : await changed(ours.id)
  for (const { id } of twins) await api.write('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: id }, { ...DEED, to: 'delete a comment', shape: z.unknown() })
  return kept

  async function made(): Promise<KeptComment> {
    if (!make) throw new Error('GitHub does not show whether it was made; the next look tells.')
    return api.write('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: pull, body }, { ...DEED, to: `comment on pull request ${pull}`, shape: commentAnswer })
  }

  async function changed(id: number): Promise<KeptComment> {
    try {
      return await api.write('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: id, body }, { ...DEED, to: `change the comment on pull request ${pull}`, shape: commentAnswer })
    } catch (error) {
      // Somebody may have deleted it since.
      if (known !== undefined && error instanceof Refused) return keepComment(world, place, { name, version, text })
      throw error
    }
  }

  /** Ours, the oldest first. A stranger's counts for nothing, whatever marker it carries. */
  async function find(): Promise<readonly Comment[]> {
    const all = await api.list('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: pull }, commentAnswer)
    return all.filter((comment) => isMarked(comment.body, key) && isTrusted(comment)).toSorted((one, other) => one.id - other.id)
  }
}

function isTrusted({ user, author_association: association }: Comment): boolean {
  return user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(association)
}

const access = z.object(accessShape)
const opened = z.object({ number: idShape })
const about = z.object({ ...accessShape, pull: idShape })

/** The pull request that a plan has opened, by the outputs of its steps, or that its steps are about; undefined where there is none. */
export function commentPlaceIn({ steps }: Plan, outputs: ReadonlyMap<string, Json>): CommentPlace | undefined {
  for (const { id, kind, input } of steps) {
    if (!kind.startsWith('github.')) continue
    const named = about.safeParse(input)
    if (named.success) return named.data
    const [at, made] = [access.safeParse(input), opened.safeParse(outputs.get(id))]
    if (kind === 'github.pull' && at.success && made.success) return { ...at.data, pull: made.data.number }
  }
  return undefined
}
