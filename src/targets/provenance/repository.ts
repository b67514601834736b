// The fact `provenance.repository`: where the source is, as the git remote tells it.
import { z } from 'zod'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Look } from '../../model/world.ts'

const question = z.object({ remote: z.string() })

/** The web address of the remote's repository, null where the remote is no such place (a folder, for one). */
export async function lookForRepository(look: Look, about: JsonObject): Promise<Json> {
  const { remote } = question.parse(about)
  const { code, stdout } = await look.git(['remote', 'get-url', remote])
  return code === 0 ? webAddressOf(stdout.trim()) : null
}

/** `https://host/owner/name` of an address that git knows, without credentials and without `.git`; null where there is none. */
export function webAddressOf(remote: string): string | null {
  const [, host, path] = /^(?:https?:\/\/|ssh:\/\/|git:\/\/)(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote) ?? /^(?:[^@/:]+@)([^/:]+):(?!\/)(.+)$/.exec(remote) ?? []
  const name = path?.replace(/\/+$/, '').replace(/\.git$/, '')
  const url = host === undefined || name === undefined ? null : URL.parse(`https://${host}/${name}`)
  return url === null || !/^\/[^/]+\/./.test(url.pathname) ? null : `https://${url.host}${url.pathname}`
}
