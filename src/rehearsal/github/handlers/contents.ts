// Files of a branch, read and written one at a time, each write a commit of its own.
import { git, resolveObject, tryGit } from '../../git/bare.ts'
import { jsonReply } from '../../service.ts'
import { neededText } from '../fields.ts'
import { readCommit } from '../objects.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import { pageLink, repositoryLink } from '../views/links.ts'
import { userMail } from '../views/user.ts'

const PATH = '/repos/{owner}/{repo}/contents/{path}'

/** Reading and writing one file. */
export const contentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    operation: 'repos/get-content',
    page: 'rest/repos/contents#get-repository-content',
    handle: async (ask) => {
      const path = ask.params['path'] ?? ''
      const file = await fileAt(ask, ask.query.get('ref') ?? ask.state.defaultBranch, path)
      if (file === undefined) throw notFound()
      // GitHub breaks base64 into lines.
      return jsonReply(200, { ...view(ask, { path, ...file }), encoding: 'base64', content: file.bytes.toString('base64').replace(/.{60}/g, '$&\n') })
    },
  },
  {
    method: 'PUT',
    path: PATH,
    operation: 'repos/create-or-update-file-contents',
    page: 'rest/repos/contents#create-or-update-file-contents',
    needs: { part: 'contents', level: 'write' },
    handle: async (ask) => {
      const { bare } = ask.state
      const path = ask.params['path'] ?? ''
      const [message, content] = [neededText(ask.body, 'message'), neededText(ask.body, 'content')]
      const branch = typeof ask.body['branch'] === 'string' ? ask.body['branch'] : ask.state.defaultBranch
      const head = await resolveObject(bare, `refs/heads/${branch}`, 'commit')
      if (head === undefined) throw new Refusal(404, `Branch ${branch} not found`)
      const before = await fileAt(ask, branch, path)
      const sha = ask.body['sha']
      if (before !== undefined && typeof sha !== 'string') throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
      if (typeof sha === 'string' && sha !== before?.sha) throw new Refusal(409, `${path} does not match ${sha}`)
      const login = ask.grant?.login ?? ''
      const seconds = Math.floor(ask.state.now().getTime() / 1000)
      const bytes = Buffer.from(content, 'base64')
      await git(bare, ['fast-import', '--quiet'], {
        stdin: Buffer.concat([
          Buffer.from(`commit refs/heads/${branch}\ncommitter ${login} <${userMail(login)}> ${seconds} +0000\ndata ${Buffer.byteLength(message)}\n${message}\nfrom ${head}\nM 100644 inline ${path}\ndata ${bytes.byteLength}\n`), bytes, Buffer.from('\n'),
        ]).toString(),
      })
      const after = await fileAt(ask, branch, path)
      const made = await readCommit(bare, await resolveObject(bare, `refs/heads/${branch}`, 'commit') ?? '')
      const api = repositoryLink(ask, `/git/commits/${made.sha}`)
      return jsonReply(before === undefined ? 201 : 200, {
        content: after === undefined ? null : view(ask, { path, ...after }),
        commit: {
          sha: made.sha, node_id: `C_${made.sha}`, url: api, html_url: pageLink(ask, `/commit/${made.sha}`), author: made.author, committer: made.committer, message,
          tree: { sha: made.tree, url: repositoryLink(ask, `/git/trees/${made.tree}`) }, parents: made.parents.map((parent) => ({ sha: parent, url: repositoryLink(ask, `/git/commits/${parent}`), html_url: pageLink(ask, `/commit/${parent}`) })),
          verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
        },
      })
    },
  },
]

interface File {
  readonly sha: string
  readonly bytes: Buffer
}

async function fileAt({ state: { bare } }: Ask, branch: string, path: string): Promise<File | undefined> {
  const answer = await tryGit(bare, ['cat-file', 'blob', `refs/heads/${branch}:${path}`])
  if (answer.code !== 0) return undefined
  return { sha: await git(bare, ['rev-parse', `refs/heads/${branch}:${path}`]), bytes: answer.stdout }
}

function view(ask: Ask, { path, sha, bytes }: File & { readonly path: string }): Record<string, unknown> {
  const self = repositoryLink(ask, `/contents/${path}`)
  const [blob, page] = [repositoryLink(ask, `/git/blobs/${sha}`), pageLink(ask, `/blob/main/${path}`)]
  return {
    type: 'file', size: bytes.byteLength, name: path.split('/').at(-1) ?? path, path, sha, url: self, git_url: blob, html_url: page, download_url: page,
    _links: { self, git: blob, html: page },
  }
}
