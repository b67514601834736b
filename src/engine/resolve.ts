// Pure: makes an input whole by putting in what earlier steps returned.
import type { Json, JsonObject } from '../model/json.ts'
import { isOutputRef } from '../model/plan.ts'

/** Replaces every `{ "$from": step, "at": pointer }` by the value there. Throws when the step has no such output. */
export function resolveInput(input: Json, output: (step: string) => Json | undefined): Json {
  if (input === null || typeof input !== 'object') return input
  if (isOutputRef(input)) {
    const whole = output(input.$from)
    const value = whole === undefined ? undefined : pointAt(whole, input.at)
    if (value === undefined) throw new Error(`${input.$from} has no output at ${input.at}`)
    return value
  }
  if (Array.isArray(input)) return input.map((item: Json) => resolveInput(item, output))
  return Object.fromEntries(Object.entries(input as JsonObject).map(([key, value]) => [key, resolveInput(value, output)]))
}

/** The value at an RFC 6901 JSON pointer, undefined when there is none. */
export function pointAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined
    if (Array.isArray(at) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined
    at = (at as JsonObject)[key]
  }
  return at
}
