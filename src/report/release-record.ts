// What is known of a release from the messages of one command: the facts that summaries and outputs are made of.
import { z } from 'zod'
import type { RunEvent } from '../model/event.ts'
import type { Exception } from '../model/exception.ts'
import { announces, type Artifact, type Plan } from '../model/plan.ts'
import type { Problem } from '../model/error.ts'
import type { Directions } from '../plan/directions.ts'
import type { CheckLine, Message } from './message.ts'

/** How far a step of a run is. */
export type StepWord = 'not begun' | 'done' | 'found' | 'taken back' | 'waits' | 'failed' | 'in doubt' | 'a person must look'

/** One run and where its steps stand. */
export interface RunTold {
  readonly run: string
  readonly plan: Plan
  readonly steps: Map<string, StepWord>
  /** What a step waits for, or why it stopped. */
  readonly why: Map<string, string>
}

/** One thing that was proved, or could not be. */
export interface Proof {
  readonly title: string
  readonly passed: boolean
  readonly detail: string
}

/** What was heard so far. */
export interface ReleaseRecord {
  version: string | undefined
  name: string | undefined
  from: string | null | undefined
  tag: string | undefined
  because: readonly string[]
  /** What the release goes past, and why. */
  exceptions: readonly Exception[]
  notes: string
  /** The plans that were shown, with what they do, the newest last. */
  readonly plans: { readonly title: string; readonly digest: string; readonly directions: Directions }[]
  readonly runs: RunTold[]
  readonly proofs: Map<string, Proof>
  readonly artifacts: Map<string, Artifact>
  readonly checks: CheckLine[]
  problems: readonly Problem[]
  end: { readonly text: string; readonly next?: string } | undefined
}

/** A record of nothing. */
export function emptyRecord(): ReleaseRecord {
  return { version: undefined, name: undefined, from: undefined, tag: undefined, because: [], exceptions: [], notes: '', plans: [], runs: [], proofs: new Map(), artifacts: new Map(), checks: [], problems: [], end: undefined }
}

/** The digest of the plan that was shown or run last, announcements apart. */
export function lastDigest({ plans, runs }: Pick<ReleaseRecord, 'plans' | 'runs'>): string | undefined {
  return runs.findLast(({ plan }) => !announces(plan))?.plan.digest ?? plans.at(-1)?.digest
}

/** Takes one more message into the record. */
export function hear(record: ReleaseRecord, message: Message): void {
  switch (message.type) {
    case 'proposal': {
      const { context } = message.proposal
      about(record, context.release)
      record.tag = context.tag
      record.because = context.release.because
      record.exceptions = message.proposal.exceptions
      record.notes = context.notes
      record.plans.push({ title: 'Prepare', digest: message.prepare.digest, directions: message.forward })
      record.plans.push({ title: message.outline ? 'Publish, as an outline: nothing is built yet' : 'Publish', digest: '', directions: message.publish })
      return
    }
    case 'plan': {
      about(record, message.plan.releases[0])
      record.exceptions = message.plan.exceptions ?? record.exceptions
      for (const artifact of message.plan.artifacts) keep(record, artifact)
      record.plans.push({ title: message.plan.stage === 'rollback' ? 'Roll back' : 'Publish', digest: message.plan.digest, directions: message.directions })
      return
    }
    case 'check':
      record.checks.push(...message.lines)
      return
    case 'doctor':
      record.checks.push(...message.lines.map(({ title, finding }) => ({
        title,
        ok: finding.is !== 'unmet',
        detail: finding.is === 'met' ? [finding.detail].filter((text) => text !== '') : finding.is === 'untested' ? [`not tested: ${finding.why}`] : [],
        problems: finding.is === 'unmet' ? [finding.problem] : [],
      })))
      return
    case 'status':
      record.version ??= message.status.version
      return
    case 'problems':
      record.problems = [...record.problems, ...message.problems]
      return
    case 'end':
      record.end = { text: message.text, ...(message.next === undefined ? {} : { next: message.next }) }
      return
    case 'run': case 'entry': case 'waiting': case 'verdict':
      hearRun(record, message)
      return
    case 'approved': case 'by-hand': case 'init': case 'note': case 'output': case 'part': case 'progress': case 'rehearsal': case 'serving': case 'support': case 'schedule': case 'monitor': case 'document':
  }
}

function hearRun(record: ReleaseRecord, event: Extract<RunEvent, { type: 'run' | 'entry' | 'waiting' | 'verdict' }>): void {
  if (event.type === 'run') {
    about(record, event.plan.releases[0])
    record.exceptions = event.plan.exceptions ?? record.exceptions
    for (const artifact of event.plan.artifacts) keep(record, artifact)
    record.runs.push({ run: event.run, plan: event.plan, steps: new Map(event.plan.steps.map(({ id }) => [id, 'not begun'])), why: new Map() })
    return
  }
  const run = record.runs.at(-1)
  if (run === undefined) return
  if (event.type === 'waiting') {
    run.steps.set(event.step, 'waits')
    run.why.set(event.step, event.for)
    return
  }
  if (event.type === 'verdict') {
    if (event.verdict.is === 'waiting') for (const each of event.verdict.for) run.why.set(each.step, each.for)
    if (event.verdict.is === 'failed') record.problems = [...record.problems, ...event.verdict.problems]
    return
  }
  const { entry } = event
  if (entry.type === 'settled') {
    run.steps.set(entry.step, entry.way === 'undo' ? 'taken back' : entry.how === 'found' && run.steps.get(entry.step) !== 'waits' ? 'found' : 'done')
    run.why.delete(entry.step)
    const made = madeShape.safeParse(entry.output)
    if (made.success && entry.way === 'apply') {
      for (const proof of made.data.evidence ?? []) record.proofs.set(proof.title, proof)
      for (const artifact of made.data.artifacts ?? []) keep(record, artifact as unknown as Artifact)
    }
  } else if (entry.type === 'failed') {
    run.steps.set(entry.step, entry.certain ? 'failed' : 'in doubt')
    run.why.set(entry.step, entry.problem.message)
  } else if (entry.type === 'stuck') {
    run.steps.set(entry.step, 'a person must look')
    run.why.set(entry.step, entry.why)
  }
}

const madeShape = z.object({
  evidence: z.array(z.object({ title: z.string(), passed: z.boolean(), detail: z.string() })).optional(),
  artifacts: z.array(z.looseObject({ name: z.string(), size: z.number(), sha256: z.string() })).optional(),
})

function about(record: ReleaseRecord, { name, from, to }: Plan['releases'][0]): void {
  record.name = name
  record.from = from
  record.version = to
}

function keep(record: ReleaseRecord, artifact: Artifact): void {
  if (artifact.internal !== true) record.artifacts.set(artifact.name, artifact)
}
