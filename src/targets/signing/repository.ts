// The fact `provenance.repository`: where the source is, as the git remote tells it.
import { z } from 'zod'
import type { Json, JsonObject } from '../../model/json.ts'
import { webAddressOf } from '../../model/web-address.ts'
import type { Look } from '../../model/world.ts'

const question = z.object({ remote: z.string() })

/** The web address of the remote's repository as it is written down, wherever git goes for it; null where the remote is no such place (a folder, for one). */
export async function lookForRepository(look: Look, about: JsonObject): Promise<Json> {
  const { remote } = question.parse(about)
  const { code, stdout } = await look.git(['config', '--get', `remote.${remote}.url`])
  return code === 0 ? webAddressOf(stdout.trim()) : null
}
