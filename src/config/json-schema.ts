// The JSON Schema of slipway.yaml, for editors that complete and check while somebody writes.
import { z } from 'zod'
import type { ConfigTarget } from './config.ts'
import { writtenSchema } from './known-keys.ts'
import { ownKeys } from './schema.ts'

/** A draft-07 JSON Schema (https://json-schema.org/draft-07) of a whole config with these targets. */
export function configJsonSchema(targets: readonly ConfigTarget[]): Record<string, unknown> {
  const own = z.toJSONSchema(z.strictObject(ownKeys), { io: 'input', target: 'draft-7' })
  const keys = targets.map((target) => [target.name, targetSchema(target)] as const)
  return {
    ...own,
    title: 'slipway.yaml',
    description: 'How Slipway releases this project.',
    properties: { ...own.properties, ...Object.fromEntries(keys) },
  }
}

function targetSchema({ summary, settings }: ConfigTarget): Record<string, unknown> {
  const written = writtenSchema(settings)
  // A key with nothing behind it means all defaults, where the target has a default for everything.
  const mayBeEmpty = settings.safeParse({}).success
  return { ...written, ...(mayBeEmpty && orEmpty(written)), ...(summary !== undefined && { description: summary }) }
}

function orEmpty({ type, anyOf }: Record<string, unknown>): Record<string, unknown> {
  if (type === 'object') return { type: ['object', 'null'] }
  return Array.isArray(anyOf) ? { anyOf: [...anyOf as readonly unknown[], { type: 'null' }] } : {}
}
