// Pure: the bodies of pull requests and releases in GitHub's Markdown.
import { plainWords } from '../../model/markdown.ts'
import { cut, marker, withoutMarkers } from './marker.ts'

/** One thing that was proved, or could not be. */
export interface Proof {
  readonly title: string
  readonly passed: boolean
  readonly detail: string
}

/** A built artifact as the reviewer sees it. */
export interface Built {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly sha256: string
}

/** What the body of the release's pull request shows. */
export interface PullParts {
  readonly version: string
  readonly notes: string
  readonly evidence: readonly Proof[]
  readonly artifacts: readonly Built[]
  readonly key: string
}

// GitHub takes 65,536 characters for a pull request and 125,000 for a release; the rest of a body needs its room too.
const PULL_NOTES = 40_000
const RELEASE_NOTES = 120_000
const ROWS = 100

/**
 * The body of the release's pull request. The changelog stands last, because an unclosed code fence or comment in it would swallow
 * what follows; only the marker may follow, and that is found by its line.
 */
export function pullBody({ version, notes, evidence, artifacts, key }: PullParts): string {
  const proofs = evidence.map(({ title, passed, detail }) => [cell(title), passed ? 'passed' : '**not verified**', cell(detail)])
  const files = artifacts.map(({ name, size, sha256 }) => [cell(name), size.toLocaleString('en-US'), `\`${sha256.replace(/[^\w:]/g, '')}\``])
  return [
    `Release of version ${cell(version)}.`,
    section('Evidence', ['What', 'Result', 'Detail'], proofs),
    section('Artifacts', ['File', 'Bytes', 'Digest'], files),
    `## Changelog\n\n${cut(withoutMarkers(notes).trim(), PULL_NOTES)}`,
    marker(key),
  ].filter((part) => part !== '').join('\n\n') + '\n'
}

/** The body of a release: its notes as they were written, and the marker. */
export function releaseBody(notes: string, key: string): string {
  return `${cut(withoutMarkers(notes).trim(), RELEASE_NOTES)}\n\n${marker(key)}\n`
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const shown = rows.slice(0, ROWS).map(row)
  const more = rows.length > ROWS ? `\n\n… and ${rows.length - ROWS} more.` : ''
  return [`## ${title}\n`, row(head), row(head.map(() => '---')), ...shown].join('\n') + more
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** A text as plain words in a table's cell. */
function cell(text: string): string {
  return plainWords(text, 200)
}
