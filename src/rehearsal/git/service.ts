// Git repositories over smart HTTP, as GitHub serves them: everybody reads, only a token pushes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Call, Reply, Service } from '../service.ts'
import { askBackend } from './backend.ts'

/** Whether a password may push, only read, or is wrong. */
export type Passwords = (password: string | undefined) => boolean | 'reading'

/** What a git server is made of. */
export interface GitServiceOptions {
  readonly host: string
  /** The folder of bare repositories, `owner/name.git`. */
  readonly root: string
  readonly tokens: Passwords
  /** Called before a push with the password, and what it returns after it. */
  readonly pushing?: (password: string | undefined) => Promise<() => Promise<void>>
  /** Answers the host's other pages; undefined where there is none. */
  readonly pages?: (call: Call) => Promise<Reply | undefined>
}

const ASKED = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

/** Serves the bare repositories of a folder, https://git-scm.com/docs/gitprotocol-http. */
export function gitService(options: GitServiceOptions): Service {
  return {
    hosts: [options.host],
    handle: async (call) => {
      const asked = ASKED.exec(call.url.pathname)
      if (asked === null) return (await options.pages?.(call)) ?? text(404, 'Not Found')
      const [, owner = '', name = '', service = ''] = asked
      return answerGit(options, call, { repository: `${owner}/${name}`, service })
    },
  }
}

async function answerGit(options: GitServiceOptions, call: Call, asked: { repository: string; service: string }): Promise<Reply> {
  const credentials = readBasic(call.headers['authorization'])
  const may = options.tokens(credentials?.password)
  const pushes = asked.service === 'git-receive-pack' || call.url.searchParams.get('service') === 'git-receive-pack'
  const known = existsSync(join(options.root, `${asked.repository}.git`, 'HEAD'))
  // A wrong password is refused even where none is needed; without one, a missing repository looks like a private one.
  if (may === false && (pushes || credentials !== undefined || !known)) return unauthorized(credentials !== undefined)
  if (!known) return text(404, 'Repository not found.')
  if (pushes && may === 'reading') return text(403, `Permission to ${asked.repository}.git denied to ${credentials?.user ?? 'nobody'}.`)
  const pushed = asked.service === 'git-receive-pack' ? await options.pushing?.(credentials?.password) : undefined
  const reply = await askBackend({
    root: options.root,
    path: `/${asked.repository}.git/${asked.service}`,
    call,
    user: pushes ? credentials?.user ?? '' : undefined,
  })
  await pushed?.()
  return reply
}

function unauthorized(tried: boolean): Reply {
  const words = tried ? 'Invalid username or token. Password authentication is not supported for Git operations.' : 'No anonymous write access.'
  return { ...text(401, words), headers: { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="GitHub"' } }
}

function text(status: number, words: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body: words }
}

function readBasic(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString()
  const colon = decoded.indexOf(':')
  // A token may come as the user name alone.
  if (colon < 0) return { user: decoded, password: decoded }
  const password = decoded.slice(colon + 1)
  return { user: decoded.slice(0, colon), password: password === '' ? decoded.slice(0, colon) : password }
}
