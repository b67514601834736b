// The one comment on a release's pull request, in GitHub's Markdown: what is released and why, each step and its state, evidence, digests, who is waited for, and what to run next.
import { COMMENT_LIMIT, type Story, type StoryRun } from '../app/story.ts'
import { fold } from '../engine/fold.ts'
import { pointOfNoReturn } from '../plan/directions.ts'
import { exceptionWords } from './exception-words.ts'
import { provedIn, stateOf, type StepState } from './release-comment-state.ts'
import { code, table, words } from './markdown-text.ts'
import { bytesText, stageWord } from './words.ts'

/** How much of each list and of each text is shown, tried until all of it fits. */
const SIZES: readonly Size[] = [{ rows: 200, longest: 400 }, { rows: 60, longest: 300 }, { rows: 25, longest: 200 }, { rows: 10, longest: 120 }, { rows: 4, longest: 60 }]

interface Size {
  readonly rows: number
  /** Characters of a text. */
  readonly longest: number
}

/** The comment, of at most as many characters as GitHub takes; lists that had to be cut say so. */
export function releaseComment(story: Story): string {
  for (const size of SIZES) {
    const text = written(story, size)
    if (text.length <= COMMENT_LIMIT) return text
  }
  return [headingOf(story, 60), nextPart(story), 'The rest is too long for a comment. `slipway status` shows it.'].join('\n\n')
}

function written(story: Story, size: Size): string {
  return [
    headingOf(story, size.longest),
    nextPart(story),
    waitsPart(story, size),
    whyPart(story, size),
    exceptionsPart(story, size),
    story.runs.length > RUNS ? `${story.runs.length - RUNS} earlier runs are not shown.` : '',
    ...story.runs.slice(-RUNS).map((run) => runPart(run, story, size)),
    story.runs.some(({ plan }) => plan.stage !== 'prepare') ? '' : 'What will be published is planned from what is merged; its steps and its point of no return will be shown here.',
    evidencePart(story, size),
    artifactsPart(story, size),
    '<sub>Slipway keeps this comment up to date. It shows what the journal knows; `slipway status` also looks at the world.</sub>',
  ].filter((part) => part !== '').join('\n\n')
}

function headingOf(story: Story, longest: number): string {
  const { name, from, to } = story.release
  return `## ${words(`${name} ${from === null ? to : `${from} → ${to}`}`, longest)}: ${stateWord(story)}`
}

function stateWord({ runs, verdict, waits }: Story): string {
  const last = runs.at(-1)
  if (last === undefined) return 'begun'
  const { plan, entries } = last
  const { closed, way } = fold(plan, entries)
  if (closed === 'rolled-back') return plan.stage === 'rollback' ? 'rolled back' : 'taken back'
  if (closed === 'failed') return 'failed'
  if (closed === 'done') return plan.stage === 'publish' ? 'released' : 'prepared'
  if (verdict?.is === 'failed') return 'failed'
  if (verdict?.is === 'stuck') return 'stopped, a person must look'
  if (waits.some(({ gate }) => gate !== undefined)) return 'waiting for an approval of its plan'
  if (way === 'undo') return waits.length > 0 ? 'being taken back, waiting' : 'being taken back'
  if (waits.length > 0) return 'waiting'
  if (verdict?.is === 'interrupted') return 'interrupted'
  return plan.stage === 'publish' ? 'being published' : 'being prepared'
}

/** The exact command that comes next. */
function nextPart({ release, runs, verdict, waits }: Story): string {
  const last = runs.at(-1)
  if (last === undefined) return ''
  const [go, back, look] = ['release', 'rollback', 'status'].map((command) => `\`slipway ${command} ${release.to.replace(/[^\w.+-]/g, '')}\``)
  const { closed, way } = fold(last.plan, last.entries)
  const going = last.plan.stage === 'rollback' ? back : go
  if (closed === 'rolled-back') return last.plan.stage === 'publish' ? `What was merged is kept. → Mend what stopped it, then ${go}. To take back the rest: ${back}.` : 'Nothing is left to do.'
  if (closed === 'failed') return `→ Mend it, then ${go}.`
  if (closed === 'done' && last.plan.stage === 'publish') return `→ To take it back: ${back}.`
  const gate = waits.find((each) => each.gate !== undefined)
  if (gate !== undefined) return `→ \`slipway approve ${release.to.replace(/[^\w.+-]/g, '')} --digest ${last.plan.digest.slice(7, 19)}\`, then ${go}. To take it back: ${back}.`
  if (verdict?.is === 'stuck') return `→ ${look} shows journal and world side by side. When it is settled: ${going}.`
  if (verdict?.is === 'failed') return `→ Mend it, then ${going}: it goes on where it stopped.${way === 'undo' ? '' : ` To take it back: ${back}.`}`
  if (waits.length > 0) return `→ When that is done: ${going}, unless it is still at it.${way === 'undo' ? '' : ` To take it back: ${back}.`}`
  if (closed === 'done') return `→ To publish it: ${go}. To take it back: ${back}.`
  return verdict === undefined ? `It is being worked on. Should that stop, it goes on with ${going}.` : `→ To go on: ${going}.`
}

function waitsPart({ runs, waits }: Story, { rows, longest }: Size): string {
  const titles = new Map(runs.flatMap(({ plan }) => plan.steps.map(({ id, title }) => [id, title] as const)))
  return section('Waiting, and for whom', cutTable(['Step', 'Waits for'], waits.map((each) => [words(titles.get(each.step) ?? each.step, longest), words(each.for, longest)]), rows))
}

function whyPart({ release }: Story, { rows, longest }: Size): string {
  const { because } = release
  const more = because.length > rows ? [`- … and ${because.length - rows} more, which do not fit into a comment.`] : []
  return section('Why this version', [...because.slice(0, rows).map((each) => `- ${words(each, longest)}`), ...more].join('\n'))
}

function exceptionsPart({ runs }: Story, { longest }: Size): string {
  const all = new Set(runs.flatMap(({ plan }) => exceptionWords(plan.exceptions ?? [])))
  return section('Exceptions', [...all].map((each) => `- ${words(each, longest)}`).join('\n'))
}

/** Runs that are shown; there are three of a release that nothing happens to and that is taken back. */
const RUNS = 5

const MARKS: Readonly<Record<StepState['is'], string>> = { open: '·', 'under way': '▶️ under way', done: '✅ done', 'taken back': '↩ taken back', waits: '⏳ waits', failed: '❌ failed', 'in doubt': '❓ in doubt', stuck: '❌ a person must look' }

function runPart(run: StoryRun, { waits, runs }: Story, { rows, longest }: Size): string {
  const { plan } = run
  const final = plan.stage === 'rollback' ? undefined : pointOfNoReturn(plan)
  const states = stateOf(run)
  const waiting = new Map(run === runs.at(-1) ? waits.map((each) => [each.step, each.for] as const) : [])
  const lines = plan.steps.map(({ id, title }, at) => {
    const wait = waiting.get(id)
    const state: StepState = wait === undefined ? states.get(id) ?? { is: 'open', words: [] } : { is: 'waits', words: [wait] }
    return [`${at === final ? '**point of no return** ↓ ' : ''}${words(title, longest)}`, MARKS[state.is], state.words.map((each) => words(each, longest)).join(' → ')]
  })
  return `${section(stageWord(plan.stage), cutTable(['Step', 'State', ''], lines, rows))}\n\nPlan ${code(plan.digest)}`
}

function evidencePart({ runs }: Story, { rows, longest }: Size): string {
  const proofs = new Map(runs.flatMap((run) => provedIn(run).proofs.map((proof) => [proof.title, proof] as const)))
  return section('Evidence', cutTable(['What', 'Result', 'Took', 'Detail'], [...proofs.values()].map(({ title, passed, detail, took }) => [words(title, longest), passed ? '✅ passed' : '⚠️ not verified', took, words(detail, longest)]), rows))
}

function artifactsPart({ runs }: Story, { rows, longest }: Size): string {
  const made = new Map(runs.flatMap((run) => provedIn(run).artifacts.map((artifact) => [artifact.name, artifact] as const)))
  return section('Artifacts', cutTable(['File', 'Size', 'Digest'], [...made.values()].map(({ name, size, sha256 }) => [words(name, longest), bytesText(size), code(sha256)]), rows))
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`
}

function cutTable(head: readonly string[], rows: readonly (readonly string[])[], most: number): string {
  return `${table(head, rows.slice(0, most))}${rows.length > most ? `\n\n… and ${rows.length - most} more, which do not fit into a comment. \`slipway status\` shows them.` : ''}`
}
