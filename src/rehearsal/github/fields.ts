// Reads fields of a request's body and refuses those of another type.
import type { Json, JsonObject } from '../../model/json.ts'
import { Refusal } from './refusal.ts'

/** A text, undefined when it is missing or null. Throws 422 on another type. */
export function textField(body: JsonObject, name: string): string | undefined {
  return read(body, name, 'string')
}

/** A text that must be there. Throws 422. */
export function neededText(body: JsonObject, name: string): string {
  const value = textField(body, name)
  if (value === undefined) throw new Refusal(422, `Invalid request.\n\n"${name}" wasn't supplied.`)
  return value
}

/** A boolean, undefined when it is missing or null. Throws 422 on another type. */
export function flagField(body: JsonObject, name: string): boolean | undefined {
  return read(body, name, 'boolean')
}

/** One of a few words, undefined when it is missing or null. Throws 422 on another. */
export function wordField<Word extends string>(body: JsonObject, name: string, words: readonly Word[]): Word | undefined {
  const value = textField(body, name)
  if (value === undefined) return undefined
  const word = words.find((known) => known === value)
  if (word === undefined) throw new Refusal(422, `Invalid request.\n\n${JSON.stringify(value)} is not a member of ${JSON.stringify(words)}.`)
  return word
}

/** A list of texts, empty when it is missing or null. Throws 422 on another type. */
export function listField(body: JsonObject, name: string): readonly string[] {
  const value = body[name] ?? []
  if (!Array.isArray(value)) throw wrongType(value, 'array')
  return (value as readonly Json[]).map((item) => {
    if (typeof item !== 'string') throw wrongType(item, 'string')
    return item
  })
}

function read(body: JsonObject, name: string, type: 'string'): string | undefined
function read(body: JsonObject, name: string, type: 'boolean'): boolean | undefined
function read(body: JsonObject, name: string, type: 'string' | 'boolean'): string | boolean | undefined {
  const value = body[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === type) return value as string | boolean
  throw wrongType(value, type)
}

function wrongType(value: Json, type: string): Refusal {
  return new Refusal(422, `Invalid request.\n\nFor 'properties', ${JSON.stringify(value)} is not of type ${type}.`)
}
