// The fact `pypi.allowed`: what would allow an upload from here, a stored token or the identity of the job.
import { z } from 'zod'
import type { JsonObject } from '../../model/json.ts'
import type { Look } from '../../model/world.ts'
import { identityFor } from './exchange.ts'

const question = z.object({ index: z.string(), token: z.string() })

/** `token` where the stored token has a value, else `identity` where the job has one, else `nothing`. Neither value is told. */
export async function lookForAllowance(look: Look, about: JsonObject): Promise<'token' | 'identity' | 'nothing'> {
  const { index, token } = question.parse(about)
  if (look.hasSecret(token)) return 'token'
  return identityFor(look, index) === 'none' ? 'nothing' : 'identity'
}
