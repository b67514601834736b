// A release as it stands, in GitHub's Markdown: why this version, what the plan does, what was proved, digests, and who is waited for.
import type { Directions } from '../plan/directions.ts'
import { exceptionWords } from './exception-words.ts'
import { code, folded, table, verbatim, words } from './markdown-text.ts'
import type { ReleaseRecord, RunTold } from './release-record.ts'
import { lastDigest } from './release-record.ts'
import { bytesText, markOf, REVERSALS, stageWord } from './words.ts'

/** Rows of a table; a release of more says how many more there are. */
const ROWS = 200

/** The release in sections, its heading first; empty when nothing was said of one. */
export function releaseMarkdown(record: ReleaseRecord, outcome: string): string {
  const { end, name, version } = record
  return [
    `## ${words(name === undefined && version === undefined ? 'Slipway' : `${name ?? ''} ${fromTo(record)}`)}: ${words(outcome)}`,
    ...(end === undefined ? [] : [`${paragraphs(end.text)}${end.next === undefined ? '' : `\n\n→ ${withCode(end.next)}`}`]),
    problemsPart(record),
    waitsPart(record),
    whyPart(record),
    exceptionsPart(record),
    digestPart(record),
    checksPart(record),
    proofsPart(record),
    artifactsPart(record),
    ...record.runs.map(runPart),
    ...record.plans.map(({ title, digest, directions }) => folded(`Plan: ${title}${digest === '' ? '' : ` (${digest})`}`, directionsPart(directions))),
    record.notes.trim() === '' ? '' : folded('Changelog', verbatim(record.notes)),
  ].filter((part) => part !== '').join('\n\n') + '\n'
}

function fromTo({ from, version }: ReleaseRecord): string {
  return from === null || from === undefined ? version ?? '' : `${from} → ${version ?? ''}`
}

function whyPart({ because }: ReleaseRecord): string {
  return because.length === 0 ? '' : `### Why this version\n\n${because.slice(0, ROWS).map((each) => `- ${words(each)}`).join('\n')}`
}

function exceptionsPart({ exceptions }: ReleaseRecord): string {
  return exceptions.length === 0 ? '' : `### Exceptions\n\n${exceptionWords(exceptions).map((each) => `- ${words(each)}`).join('\n')}`
}

function digestPart(record: ReleaseRecord): string {
  const digest = lastDigest(record)
  return digest === undefined ? '' : `Plan ${code(digest)}`
}

function problemsPart({ problems }: ReleaseRecord): string {
  const once = [...new Map(problems.map((problem) => [problem.message, problem])).values()]
  return once.slice(0, ROWS).map(({ message, hint, place, detail }) => [
    `❌ ${place === undefined ? '' : `${code(`${place.file}${place.line === undefined ? '' : `:${place.line}`}`)} `}${withCode(message)}`,
    ...(hint === undefined ? [] : [`→ ${withCode(hint)}`]),
    ...(detail === undefined || detail.trim() === '' ? [] : [folded('What the tool said', verbatim(detail))]),
  ].join('\n\n')).join('\n\n')
}

function waitsPart({ runs }: ReleaseRecord): string {
  const rows = runs.flatMap(({ plan, steps, why }) => plan.steps.flatMap(({ id, title }) => {
    const word = steps.get(id) ?? 'not begun'
    return why.has(id) && word !== 'failed' && word !== 'done' ? [[words(title), words(why.get(id) ?? '')]] : []
  }))
  return rows.length === 0 ? '' : `### What is waiting, and for whom\n\n${cutTable(['Step', 'Waits for'], rows)}`
}

function checksPart({ checks }: ReleaseRecord): string {
  const rows = checks.map(({ title, ok, detail, problems }) => [words(title), ok ? '✅' : '❌', words([...detail ?? [], ...problems.map(({ message }) => message)].join(' '))])
  return rows.length === 0 ? '' : `### Looked at\n\n${cutTable(['What', '', 'Seen'], rows)}`
}

function proofsPart({ proofs }: ReleaseRecord): string {
  const rows = [...proofs.values()].map(({ title, passed, detail }) => [words(title), passed ? '✅' : '⚠️ not verified', words(detail)])
  return rows.length === 0 ? '' : `### Evidence\n\n${cutTable(['What', 'Result', 'Detail'], rows)}`
}

function artifactsPart({ artifacts }: ReleaseRecord): string {
  const rows = [...artifacts.values()].map(({ name, size, sha256 }) => [words(name), bytesText(size), code(sha256)])
  return rows.length === 0 ? '' : `### Artifacts\n\n${cutTable(['File', 'Size', 'Digest'], rows)}`
}

const MARKS: Readonly<Record<string, string>> = { 'not begun': '·', done: '✅', found: '✅ found', 'taken back': '↩', waits: '⏳', failed: '❌', 'in doubt': '❓', 'a person must look': '❌ a person must look' }

function runPart({ plan, steps, why }: RunTold): string {
  const rows = plan.steps.map(({ id, title }) => [words(title), MARKS[steps.get(id) ?? 'not begun'] ?? '', words(why.get(id) ?? '')])
  return folded(`${stageWord(plan.stage)} ${plan.releases[0].to}, step by step`, cutTable(['Step', '', ''], rows))
}

function directionsPart({ forward, pointOfNoReturn, stays }: Directions): string {
  const lines = forward.flatMap((line, index) => [
    ...(line.gate === undefined || line.gate === forward[index - 1]?.gate ? [] : ['- **gate: the plan is approved by its digest**']),
    ...(index === pointOfNoReturn ? ['- **point of no return**'] : []),
    [`- ${markOf(line.reversal)} ${words(line.title)}`, ...line.starts.map((title) => `  - sets off: ${words(title)}`)].join('\n'),
  ])
  const titleOf = (id: string): string => forward.find(({ step }) => step === id)?.title ?? id
  const kept = stays.map(({ step, why }) => `- ${words(titleOf(step))}: ${words(why)}`)
  return [
    lines.slice(0, ROWS).join('\n'),
    ...(kept.length === 0 ? [] : [`What cannot be undone, and why:\n\n${kept.slice(0, ROWS).join('\n')}`]),
    REVERSALS.map(({ mark, means }) => `${mark} ${means}`).join(' · '),
  ].join('\n\n')
}

function cutTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${table(head, rows.slice(0, ROWS))}${rows.length > ROWS ? `\n\n… and ${rows.length - ROWS} more.` : ''}`
}

function paragraphs(text: string): string {
  return text.split('\n').map((line) => line.startsWith('  ') ? `- ${withCode(line)}` : withCode(line)).join('\n')
}

/** Words in which what stands between backticks is code. */
function withCode(text: string): string {
  return text.split(/(`[^`\n]+`)/).map((part) => /^`[^`]+`$/.test(part) && !part.includes('<') ? part : spaced(part)).join('')
}

function spaced(part: string): string {
  return `${/^\s/.test(part) ? ' ' : ''}${words(part, 2_000)}${/\S\s$/.test(part) ? ' ' : ''}`
}
