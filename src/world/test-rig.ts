// What the tests of this folder stand on: temporary folders, repositories and servers that are gone afterwards.
import http from 'node:http'
import https from 'node:https'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RequestListener, Server } from 'node:http'

/** The process environment for hermetic git: no configuration but the repository's own. */
export const gitTestEnv = {
  PATH: process.env['PATH'], HOME: process.env['HOME'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org',
}

/** A temporary folder. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'slipway-test-')))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs git in a folder and returns what it printed, trimmed. */
export function gitIn(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, env: gitTestEnv, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** A repository with one commit of these files. */
export async function repository(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await temporaryFolder()
  gitIn(folder.path, 'init', '--quiet', '--initial-branch=main')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await writeFile(join(folder.path, path), text)
  }
  gitIn(folder.path, 'add', '--all')
  gitIn(folder.path, 'commit', '--quiet', '--message=first')
  return folder
}

/** A server on a free port of the loopback interface; with `tls`, over https. */
export async function serve(handle: RequestListener, tls?: { readonly key: string; readonly cert: string }): Promise<AsyncDisposable & { readonly url: string; readonly server: Server }> {
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Every path in a folder, sorted; folders end with a slash. */
export async function pathsIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true })
  const marked = await Promise.all(found.map(async (path) => (await stat(join(folder, path))).isDirectory() ? `${path}/` : path))
  return marked.toSorted()
}
