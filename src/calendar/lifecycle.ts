// Support lines in the forms that other programs read: endoflife.date and OpenEoX.
import type { Day } from './day.ts'
import { endOf, standingOn, type LastDay, type SupportLine } from './line.ts'

/** The forms, by the names that the command takes. */
export const LIFECYCLE_FORMATS = ['endoflife', 'openeox'] as const

/** One of the forms. */
export type LifecycleFormat = (typeof LIFECYCLE_FORMATS)[number]

/** A version and the day of its release. */
export interface DatedVersion {
  readonly version: string
  readonly day: Day
}

/** A line with the first and the newest final version of it; neither where nothing has been released of it. */
export interface ReleasedLine {
  readonly line: SupportLine
  readonly first?: DatedVersion
  readonly latest?: DatedVersion
}

/** What is told of a project. */
export interface Lifecycle {
  readonly name: string
  /** Newest first. */
  readonly lines: readonly ReleasedLine[]
  readonly day: Day
  /** When the lines were last changed: ISO 8601, UTC, whole seconds. */
  readonly updated: string
}

/** The lines as a JSON document of this form. */
export function lifecycleText(format: LifecycleFormat, lifecycle: Lifecycle): string {
  return `${JSON.stringify(format === 'endoflife' ? endOfLife(lifecycle) : openEox(lifecycle), null, 2)}\n`
}

/**
 * A product as https://endoflife.date/api/v1/products/{product} answers (https://endoflife.date/docs/api/v1/): its dates are last days, too.
 * Lines without a release are left out, since a release there has a date. What only endoflife.date knows (category, tags, links) is left out.
 */
function endOfLife({ name, lines, day, updated }: Lifecycle): object {
  return {
    schema_version: '1.0.0',
    last_modified: updated,
    result: {
      name: name.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^-+|-+$/g, ''),
      label: name,
      labels: { eoas: 'Active support', eol: 'Security support' },
      releases: lines.flatMap(({ line, first, latest }) => first === undefined ? [] : [{
        name: line.line.replace(/\.x$/, ''),
        label: line.line,
        releaseDate: first.day,
        isLts: false,
        ltsFrom: null,
        isEoas: standingOn(line, day) !== 'active',
        eoasFrom: dateOrNull(line.active),
        isEol: standingOn(line, day) === 'ended',
        eolFrom: dateOrNull(endOf(line)),
        isMaintained: standingOn(line, day) !== 'ended',
        latest: latest === undefined ? null : { name: latest.version, date: latest.day, link: null },
      }]),
    },
  }
}

const EOX_SCHEMA = 'https://docs.oasis-open.org/openeox/eox-core/v1.0/schema/core.json'

/**
 * One statement for each line, with its core as OpenEoX Core 1.0 (CSD01) has it: https://docs.oasis-open.org/openeox/eox-core/v1.0/. An end
 * is the last second of the last day. What surrounds the cores has no schema yet; its names are those of the drafts of OpenEoX Shell.
 */
function openEox({ name, lines, updated }: Lifecycle): object {
  return {
    statements: lines.map(({ line, first }) => ({
      product_name: name,
      product_version: line.line,
      core: {
        $schema: EOX_SCHEMA,
        ...(first === undefined ? {} : { general_availability: `${first.day}T00:00:00Z` }),
        end_of_security_support: lastSecond(endOf(line)),
        end_of_life: lastSecond(endOf(line)),
        last_updated: updated,
      },
    })),
  }
}

function dateOrNull(day: LastDay | undefined): Day | null {
  return day === undefined || day === 'tba' ? null : day
}

function lastSecond(day: LastDay): string {
  return day === 'tba' ? 'tba' : `${day}T23:59:59Z`
}
