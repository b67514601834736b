// What a scan is given: the policy of slipway.yaml, and what was built.
import { z } from 'zod'
import type { Json, JsonObject } from '../../model/json.ts'
import { scanned } from './artifact.ts'
import type { Settings } from './settings.ts'

/** The input of the kind scan.run. `date` is the clock for ignores that end, ISO 8601 in UTC. */
export function scanInput({ date, tree, artifacts }: { readonly date: string; readonly tree: string; readonly artifacts: Json }, set: Settings): JsonObject {
  const { with: scanner, database, api, ...policy } = set
  return { ...policy, with: scanner, artifacts, tree, date, api: api.replace(/\/+$/, ''), ...(database === undefined ? {} : { database }) }
}

/** Those artifacts that some scanner reads, with no more than it needs to know of them. */
export function scannable(artifacts: readonly unknown[]): Json {
  return z.array(scanned).parse(artifacts).filter(({ about }) => about.role === 'sbom' || about.role === 'manifest')
}
