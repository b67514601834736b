// Hands one request to `git http-backend`, git's own server, as a CGI program (RFC 3875).
import type { Call, Reply } from '../service.ts'
import { runGit } from './process.ts'

/** One request for git's server. `path` is the repository's path under `root` and what is asked of it. */
export interface BackendRequest {
  readonly root: string
  readonly path: string
  readonly call: Call
  /** Who pushes; reading needs nobody. */
  readonly user: string | undefined
}

/** What git answers. */
export async function askBackend(request: BackendRequest): Promise<Reply> {
  const { headers, method, url, body } = request.call
  const env: Record<string, string> = {
    GIT_PROJECT_ROOT: request.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: request.path,
    REQUEST_METHOD: method,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.byteLength),
    REMOTE_ADDR: '127.0.0.1',
  }
  if (request.user !== undefined) env['REMOTE_USER'] = request.user
  if (headers['content-encoding'] !== undefined) env['HTTP_CONTENT_ENCODING'] = headers['content-encoding']
  if (headers['git-protocol'] !== undefined) env['GIT_PROTOCOL'] = headers['git-protocol']
  const answer = await runGit(['http-backend'], { env, stdin: body })
  return readCgi(answer.stdout, answer.stderr)
}

function readCgi(output: Buffer, complaint: string): Reply {
  const end = output.indexOf('\r\n\r\n')
  if (end < 0) throw new Error(`git http-backend gave no answer: ${complaint.trim()}`)
  const headers: Record<string, string> = {}
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const { status = '200 OK', ...rest } = headers
  return { status: Number(status.slice(0, 3)), headers: rest, body: output.subarray(end + 4) }
}
