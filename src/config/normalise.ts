// The second pass: what is well written, in one form and with defaults, even where its neighbours are wrong.
import type { z } from 'zod'
import type { LastDay, Schedule, Support, SupportLine } from '../calendar/index.ts'
import type { Thresholds } from '../model/signal.ts'
import type { OnFailure, Path, VersionPlace } from './config.ts'
import { repositoryPath } from './path.ts'
import { lastDaySchema, lineSchema, ownKeys, placeSchema } from './schema.ts'

/** A place with the path in the document that it was written at. */
export interface DraftPlace extends VersionPlace {
  readonly at: Path
  /** The path as it was written. */
  readonly written: string
}

/** A line with the path in the document that it was written at. A last day that is none counts as not announced. */
export interface DraftLine extends SupportLine {
  readonly at: Path
}

/** The own keys, as far as they are well written. */
export interface Draft {
  readonly name: string
  readonly places: readonly DraftPlace[]
  readonly changelog: { readonly path: string; readonly written: string }
  readonly journal: 'local' | 'remote' | undefined
  readonly policy: { readonly onFailure: OnFailure }
  readonly monitor: Thresholds
  readonly support: Omit<Support, 'lines'> & { readonly lines: readonly DraftLine[] } | undefined
  readonly schedule: Schedule | undefined
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
    monitor: part(ownKeys.monitor, value['monitor']) ?? ownKeys.monitor.parse({}),
    support: draftSupport(value['support']),
    schedule: draftSchedule(value['schedule']),
  }
}

function draftPlace(value: unknown, at: Path): readonly DraftPlace[] {
  const place = part(placeSchema, value)
  if (place === undefined) return []
  if (typeof place === 'string') return [{ at, written: place, path: shortest(place) }]
  return [{ at, written: place.path, path: shortest(place.path), search: place.search, replace: place.replace ?? place.search }]
}

function draftSupport(value: unknown): Draft['support'] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const { lines, documents } = value as { readonly lines?: unknown; readonly documents?: unknown }
  return {
    lines: Array.isArray(lines) ? lines.flatMap((line: unknown, index) => draftLine(line, ['support', 'lines', index])) : [],
    documents: (part(ownKeys.support.unwrap().shape.documents, documents) ?? []).map(shortest),
  }
}

function draftSchedule(value: unknown): Schedule | undefined {
  const written = part(ownKeys.schedule, value)
  if (written === undefined) return undefined
  const { patch, minor, major, ...rest } = written
  return { cadences: { patch, minor, major }, ...rest }
}

function draftLine(value: unknown, at: Path): readonly DraftLine[] {
  if (value === null || typeof value !== 'object') return []
  const written = value as Readonly<Record<string, unknown>>
  const line = part(lineSchema.shape.line, written['line'])
  const last = (key: 'active' | 'security'): { readonly [Key in typeof key]?: LastDay } => written[key] === undefined ? {} : { [key]: part(lastDaySchema, written[key]) ?? 'tba' }
  return line === undefined ? [] : [{ at, line, ...last('active'), ...last('security') }]
}

function shortest(written: string): string {
  const read = repositoryPath(written)
  return 'path' in read ? read.path : written
}

function part<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}
