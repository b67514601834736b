// What is asked of a registry before a release and for its plan: what a tag names.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Expectation, Question } from '../../model/target.ts'
import type { Fact } from '../../model/plan.ts'
import type { Look } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { accessShape, type Access } from './access.ts'
import { packagePage, placeOf } from './reference.ts'
import { headManifest } from './registry.ts'
import { openSession } from './session.ts'

const question = z.strictObject({ ...accessShape, tag: z.string() })

/** Answers `image.tag`: the digest that a tag names, or null. Throws SlipwayError `remote-unreachable` when the registry does not answer. */
export async function lookForTag(look: Look, about: JsonObject): Promise<Json> {
  const { tag, ...access } = question.parse(about)
  try {
    return await headManifest(openSession(look, access), tag) ?? null
  } catch (error) {
    if (error instanceof SlipwayError) throw error
    throw new SlipwayError({
      code: 'remote-unreachable',
      message: `${placeOf(access.image).host} gives no answer about ${access.image}:${tag}.`,
      hint: 'Check the connection and run the same command again.',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

/** Asks what a tag names. */
export function askTag(access: Access, tag: string): Question {
  return { ask: 'image.tag', about: { ...access, tag } }
}

/** The version tag must be free. */
export function tagFree(access: Access, { tag, version }: { readonly tag: string; readonly version: string }): Expectation {
  return {
    ...askTag(access, tag),
    saw: null,
    otherwise: (seen) => ({
      code: 'version-published',
      message: `${access.image}:${tag} exists already and is ${typeof seen === 'string' ? seen : JSON.stringify(seen)}; a version tag is never moved.`,
      hint: `If Slipway made it, \`slipway status\` tells where that release stands and \`slipway rollback ${version}\` takes it back; otherwise delete it (${packagePage(access.image)}) or choose another version.`,
    }),
  }
}

/** The digest that a tag named when it was looked at; null when there was none, undefined when it was not looked at. */
export function seenTag(seen: readonly Fact[], tag: string): z.infer<typeof digest> | null | undefined {
  const fact = seen.find(({ ask, about }) => ask === 'image.tag' && about['tag'] === tag)
  return fact === undefined ? undefined : digest.nullable().parse(fact.saw)
}
