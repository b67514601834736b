// The second pass: what is well written, in one form and with defaults, even where its neighbours are wrong.
import type { z } from 'zod'
import type { OnFailure, Path, VersionPlace } from './config.ts'
import { repositoryPath } from './path.ts'
import { ownKeys, placeSchema } from './schema.ts'

/** A place with the path in the document that it was written at. */
export interface DraftPlace extends VersionPlace {
  readonly at: Path
  /** The path as it was written. */
  readonly written: string
}

/** The own keys, as far as they are well written. */
export interface Draft {
  readonly name: string
  readonly places: readonly DraftPlace[]
  readonly changelog: { readonly path: string; readonly written: string }
  readonly journal: 'local' | 'remote' | undefined
  readonly policy: { readonly onFailure: OnFailure }
}

/** Brings the written own keys into one form; a part that does not fit its schema is left out. */
export function normalise(value: Readonly<Record<string, unknown>>): Draft {
  const version = value['version']
  const places = version !== null && typeof version === 'object' && 'places' in version && Array.isArray(version.places) ? (version.places as readonly unknown[]) : []
  const changelog = part(ownKeys.changelog, value['changelog']) ?? ''
  return {
    name: part(ownKeys.name, value['name']) ?? '',
    places: places.flatMap((place, index) => draftPlace(place, ['version', 'places', index])),
    changelog: { path: shortest(changelog), written: changelog },
    journal: part(ownKeys.journal, value['journal']),
    policy: { onFailure: part(ownKeys.policy, value['policy'])?.onFailure ?? 'turn' },
  }
}

function draftPlace(value: unknown, at: Path): readonly DraftPlace[] {
  const place = part(placeSchema, value)
  if (place === undefined) return []
  if (typeof place === 'string') return [{ at, written: place, path: shortest(place) }]
  return [{ at, written: place.path, path: shortest(place.path), search: place.search, replace: place.replace ?? place.search }]
}

function shortest(written: string): string {
  const read = repositoryPath(written)
  return 'path' in read ? read.path : written
}

function part<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}
