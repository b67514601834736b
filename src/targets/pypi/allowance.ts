// What would allow an upload from here, a stored token or the identity of the job: by itself, and as the fact `pypi.allowed`.
import { z } from 'zod'
import type { JsonObject } from '../../model/json.ts'
import type { Look } from '../../model/world.ts'
import { identityFor } from './exchange.ts'

const question = z.object({ index: z.string(), token: z.string() })

/** `token` where the stored token has a value, else `identity` where the job has one, else `nothing`. Neither value is told. */
export function allowanceHere(look: Pick<Look, 'hasSecret'>, { index, token }: z.infer<typeof question>): 'token' | 'identity' | 'nothing' {
  if (look.hasSecret(token)) return 'token'
  return identityFor(look, index) === 'none' ? 'nothing' : 'identity'
}

/** The same, as the answer to a question. */
export async function lookForAllowance(look: Look, about: JsonObject): Promise<ReturnType<typeof allowanceHere>> {
  return allowanceHere(look, question.parse(about))
}
