// Comments on pull requests: listed, made, changed and deleted.
import { jsonReply } from '../../service.ts'
import { neededText } from '../fields.ts'
import { pageReply } from '../paging.ts'
import { findPull } from '../people.ts'
import { invalid, notFound } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Comment } from '../state.ts'
import { commentView } from '../views/pull.ts'

const PROPOSE = { part: 'pull_requests', level: 'write' } as const

/** Characters of a comment. */
const LONGEST = 65_536

/** Comments. */
export const commentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    operation: 'issues/list-comments',
    page: 'rest/issues/comments#list-issue-comments',
    handle: async (ask) => {
      const { number } = findPull(ask.state, Number(ask.params['issue_number']))
      return pageReply(ask, ask.state.comments.filter((comment) => comment.number === number), (comment) => commentView(ask, comment))
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    operation: 'issues/create-comment',
    page: 'rest/issues/comments#create-an-issue-comment',
    needs: PROPOSE,
    handle: async (ask) => {
      const { number } = findPull(ask.state, Number(ask.params['issue_number']))
      const body = bodyOf(ask)
      const now = ask.state.now()
      const comment: Comment = { id: ask.state.nextId(), number, author: ask.grant?.login ?? '', body, at: now, updatedAt: now }
      ask.state.comments.push(comment)
      return jsonReply(201, commentView(ask, comment))
    },
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    operation: 'issues/update-comment',
    page: 'rest/issues/comments#update-an-issue-comment',
    needs: PROPOSE,
    handle: async (ask) => {
      const comment = askedComment(ask)
      comment.body = bodyOf(ask)
      comment.updatedAt = ask.state.now()
      return jsonReply(200, commentView(ask, comment))
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    operation: 'issues/delete-comment',
    page: 'rest/issues/comments#delete-an-issue-comment',
    needs: PROPOSE,
    handle: async (ask) => {
      ask.state.comments.splice(ask.state.comments.indexOf(askedComment(ask)), 1)
      return { status: 204 }
    },
  },
]

function askedComment({ state, params }: Ask): Comment {
  const comment = state.comments.find(({ id }) => id === Number(params['comment_id']))
  if (comment === undefined) throw notFound()
  return comment
}

function bodyOf({ body }: Ask): string {
  const text = neededText(body, 'body')
  const flaw = (message: string) => invalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message })
  if (text.trim() === '') throw flaw('Body cannot be blank')
  if (text.length > LONGEST) throw flaw(`Body is too long (maximum is ${LONGEST} characters)`)
  return text
}
