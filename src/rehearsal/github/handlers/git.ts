// Git's refs, annotated tags and commits over REST.
import type { JsonObject } from '../../../model/json.ts'
import { isAncestor, resolveObject, tryGit } from '../../git/bare.ts'
import { readRules, violation } from '../../git/rules.ts'
import { jsonReply } from '../../service.ts'
import { flagField, neededText, textField } from '../fields.ts'
import { readCommit, readTag, writeTag } from '../objects.ts'
import { readRef, readRefs } from '../refs.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { GithubState } from '../state.ts'
import { gitCommitView, refView, tagView } from '../views/git.ts'
import { timeText } from '../views/links.ts'
import { userMail } from '../views/user.ts'

const PUSH = { part: 'contents', level: 'write' } as const

/** Refs, tags and commits. */
export const gitRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{ref}',
    operation: 'git/get-ref',
    page: 'rest/git/refs#get-a-reference',
    handle: async (ask) => {
      const ref = await readRef(ask.state.bare, refName(ask))
      if (ref === undefined) throw notFound()
      return jsonReply(200, refView(ask, ref))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/matching-refs/{ref}',
    operation: 'git/list-matching-refs',
    page: 'rest/git/refs#list-matching-references',
    handle: async (ask) => {
      const found = (await readRefs(ask.state.bare)).filter((ref) => ref.name.startsWith(refName(ask)))
      return jsonReply(200, found.map((ref) => refView(ask, ref)))
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    operation: 'git/create-ref',
    page: 'rest/git/refs#create-a-reference',
    needs: PUSH,
    handle: async (ask) => {
      const name = neededText(ask.body, 'ref')
      const sha = wholeHash(ask)
      if (!/^refs\/[^/]+\/./.test(name)) throw new Refusal(422, 'Reference name must contain at least three slash-separated components.')
      if ((await resolveObject(ask.state.bare, sha)) === undefined) throw new Refusal(422, 'Object does not exist')
      if ((await readRef(ask.state.bare, name)) !== undefined) throw new Refusal(422, 'Reference already exists')
      obey(ask.state, { ref: name, is: 'create', forward: true })
      await update(ask.state, [name, sha, '0'.repeat(40)])
      return jsonReply(201, await shown(ask, name))
    },
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    operation: 'git/update-ref',
    page: 'rest/git/refs#update-a-reference',
    needs: PUSH,
    handle: async (ask) => {
      const name = refName(ask)
      const sha = wholeHash(ask)
      const before = await readRef(ask.state.bare, name)
      if (before === undefined) throw new Refusal(422, 'Reference does not exist')
      if ((await resolveObject(ask.state.bare, sha)) === undefined) throw new Refusal(422, 'Object does not exist')
      const forward = await isAncestor(ask.state.bare, before.sha, sha)
      obey(ask.state, { ref: name, is: 'update', forward })
      if (!forward && flagField(ask.body, 'force') !== true) throw new Refusal(422, 'Update is not a fast forward')
      await update(ask.state, [name, sha, before.sha])
      return jsonReply(200, await shown(ask, name))
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    operation: 'git/delete-ref',
    page: 'rest/git/refs#delete-a-reference',
    needs: PUSH,
    handle: async (ask) => {
      const name = refName(ask)
      const before = await readRef(ask.state.bare, name)
      if (before === undefined) throw new Refusal(422, 'Reference does not exist')
      obey(ask.state, { ref: name, is: 'delete', forward: false })
      await update(ask.state, ['-d', name, before.sha])
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/tags',
    operation: 'git/create-tag',
    page: 'rest/git/tags#create-a-tag-object',
    needs: PUSH,
    handle: async (ask) => {
      const { bare } = ask.state
      const object = { sha: neededText(ask.body, 'object'), type: neededText(ask.body, 'type') }
      const type = await tryGit(bare, ['cat-file', '-t', object.sha])
      if (type.stdout.toString().trim() !== object.type) throw new Refusal(422, 'Object does not exist')
      const sha = await writeTag(bare, {
        tag: neededText(ask.body, 'tag'),
        message: neededText(ask.body, 'message'),
        object,
        tagger: tagger(ask),
      })
      return jsonReply(201, tagView(ask, await readTag(bare, sha)))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/tags/{tag_sha}',
    operation: 'git/get-tag',
    page: 'rest/git/tags#get-a-tag',
    handle: async (ask) => {
      const sha = await objectOf(ask, 'tag_sha', 'tag')
      return jsonReply(200, tagView(ask, await readTag(ask.state.bare, sha)))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    operation: 'git/get-commit',
    page: 'rest/git/commits#get-a-commit-object',
    handle: async (ask) => {
      const sha = await objectOf(ask, 'commit_sha', 'commit')
      return jsonReply(200, gitCommitView(ask, await readCommit(ask.state.bare, sha)))
    },
  },
]

function refName(ask: Ask): string {
  return `refs/${ask.params['ref'] ?? ''}`
}

function wholeHash(ask: Ask): string {
  const sha = neededText(ask.body, 'sha')
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new Refusal(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
  return sha
}

async function shown(ask: Ask, name: string): Promise<Record<string, unknown>> {
  const ref = await readRef(ask.state.bare, name)
  if (ref === undefined) throw new Error(`${name} was written and is not there.`)
  return refView(ask, ref)
}

async function objectOf(ask: Ask, param: string, type: 'tag' | 'commit'): Promise<string> {
  const sha = ask.params[param] ?? ''
  if (!/^[0-9a-f]{40}$/.test(sha)) throw notFound()
  const found = await tryGit(ask.state.bare, ['cat-file', '-t', sha])
  if (found.stdout.toString().trim() !== type) throw notFound()
  return sha
}

function obey(state: GithubState, change: Parameters<typeof violation>[1]): void {
  const broken = violation(readRules(state.bare), change)
  if (broken !== undefined) throw new Refusal(422, `Repository rule violations found\n\n${broken}\n\n`)
}

async function update(state: GithubState, args: readonly string[]): Promise<void> {
  if ((await tryGit(state.bare, ['update-ref', ...args])).code !== 0) throw new Refusal(422, 'Reference update failed')
}

function tagger(ask: Ask): { name: string; email: string; date: string } {
  const login = ask.grant?.login ?? ''
  const given = ask.body['tagger']
  const now = timeText(ask.state.now())
  if (given === undefined || given === null) return { name: login, email: userMail(login), date: now }
  const fields = given as JsonObject
  const date = textField(fields, 'date')
  return { name: neededText(fields, 'name'), email: neededText(fields, 'email'), date: date === undefined ? now : timeText(new Date(date)) }
}
