// Messages as plain data: fields picked by hand, so that nothing internal leaks and every name is stable.
import type { Problem } from '../model/error.ts'
import type { RunEvent } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { DirectionLine, Directions } from '../plan/directions.ts'
import type { Examined } from '../app/doctor.ts'
import { endOf } from '../calendar/index.ts'
import type { Monitoring } from '../app/monitor.ts'
import type { RunStatus, Status } from '../app/status.ts'
import type { ScheduleView } from '../app/schedule.ts'
import type { SupportView } from '../app/support.ts'
import { isRunEvent, type Whole } from './message-text.ts'
import type { InitMessage, Message, PlanMessage, ProposalMessage } from './message.ts'

/** A message as an object that JSON holds whole. */
export function jsonOf(message: Message): object {
  return isRunEvent(message) ? ofRun(message) : ofWhole(message)
}

function ofRun(event: RunEvent): object {
  switch (event.type) {
    case 'run': return { type: 'run', run: event.run, resumed: event.resumed, ...headOf(event.plan), steps: event.plan.steps.map(({ id, title, reversal, gate }) => ({ step: id, title, reversal, gate })) }
    case 'entry': return { type: 'entry', entry: event.entry, title: event.step?.title }
    case 'progress': return { type: 'progress', step: event.step, done: event.done, total: event.total }
    case 'output': return { type: 'output', step: event.step, line: event.line }
    case 'waiting': return { type: 'waiting', step: event.step, way: event.way, for: event.for }
    case 'by-hand': return { type: 'by-hand', step: event.step, page: event.instructions.page, steps: event.instructions.steps, done: event.instructions.done }
    case 'verdict': return { type: 'verdict', run: event.run, verdict: event.verdict }
  }
}

function ofWhole(message: Whole): object {
  switch (message.type) {
    case 'proposal': return ofProposal(message)
    case 'plan': return ofPlan(message)
    case 'check': return { type: 'check', lines: message.lines.map(({ title, ok, detail, problems }) => ({ title, ok, detail, problems: problems.map(ofProblem) })) }
    case 'init': return ofInit(message)
    case 'doctor': return { type: 'doctor', lines: message.lines.map(ofExamined), done: message.done }
    case 'status': return ofStatus(message.status)
    case 'approved': return { type: 'approved', run: message.run, gate: message.gate, verdict: message.verdict, by: message.by }
    case 'rehearsal': {
      const { version, preset, release, rollback, verified, faults, calls, unproved } = message.summary
      return { type: 'rehearsal', version, preset, release, rollback, verified, faults, calls, unproved }
    }
    case 'serving': return { type: 'serving', origin: message.origin, settings: message.settings }
    case 'support': return ofSupport(message.view)
    case 'schedule': return ofSchedule(message.view)
    case 'monitor': return ofMonitoring(message.monitoring)
    case 'document': return { type: 'document', mediaType: message.mediaType, text: message.text }
    case 'part': return { type: 'part', title: message.title }
    case 'note': return { type: 'note', text: message.text }
    case 'problems': return { type: 'problems', problems: message.problems.map(ofProblem) }
    case 'end': return { type: 'end', text: message.text, next: message.next, exit: message.exit }
  }
}

function ofMonitoring({ version, since, verdict, watched }: Monitoring): object {
  return {
    type: 'monitor', version, since, verdict,
    signals: watched.map(({ source, title, at, reading }) => ({ source, title, at, ...reading })),
  }
}

function ofInit({ initial, print }: InitMessage): object {
  const { config, files, guesses, imported, findings, remarks } = initial
  return {
    type: 'init',
    config,
    files: print ? [] : files.map(({ path }) => path),
    guesses: guesses.map(({ setting, value, because, place, isDefault }) => ({ setting, value, because, place, written: isDefault !== true })),
    imported: imported.map(({ tool, file, line, setting, outcome, what, why }) => ({ tool, place: { file, line }, setting, outcome, became: what, why })),
    findings: findings.map(ofProblem),
    remarks,
  }
}

function ofExamined({ group, of, title, finding }: Examined): object {
  const { detail, why, hint, problem } = { detail: undefined, why: undefined, hint: undefined, problem: undefined, ...finding }
  return { group, of, title, is: finding.is, detail: detail === '' ? undefined : detail, why, hint, problems: problem === undefined ? [] : [ofProblem(problem)] }
}

function ofProposal({ proposal, prepare, diff, forward, publish, announcements, outline, unseen, underWay }: ProposalMessage): object {
  const { context, base, commit, edits, mentions } = proposal
  const { name, from, to, because } = context.release
  return {
    type: 'proposal',
    name,
    from,
    to,
    because,
    exceptions: proposal.exceptions,
    underWay,
    date: context.date,
    tag: context.tag,
    prerelease: context.prerelease,
    base,
    commit: commit.commit,
    tree: commit.tree,
    edits: edits.map(({ path }) => path),
    diff,
    notes: context.notes,
    mentions,
    unseen: unseen.map(ofProblem),
    prepare: { digest: prepare.digest, ...ofDirections(forward) },
    publish: { outline, ...ofDirections(publish) },
    ...(announcements.length === 0 ? {} : { announcements: announcements.map(ofLine) }),
  }
}

function ofPlan({ plan, directions, recovered }: PlanMessage): object {
  return {
    type: 'plan',
    ...headOf(plan),
    recovered: recovered === true,
    exceptions: plan.exceptions ?? [],
    artifacts: plan.artifacts.map(({ name, mediaType, size, sha256 }) => ({ name, mediaType, size, sha256 })),
    ...ofDirections(directions),
  }
}

function headOf({ stage, digest, releases }: Plan): object {
  return { stage, digest, releases: releases.map(({ name, from, to }) => ({ name, from, to })) }
}

function ofDirections({ forward, pointOfNoReturn, back, stays }: Directions): object {
  return { forward: forward.map(ofLine), pointOfNoReturn: pointOfNoReturn ?? null, back: back.map(ofLine), stays: stays.map(({ step, why }) => ({ step, why })) }
}

function ofLine({ step, title, reversal, back, gate, starts }: DirectionLine): object {
  return { step, title, reversal, back, gate, ...(starts.length === 0 ? {} : { starts }) }
}

function ofStatus({ version, lease, runs }: Status): object {
  return { type: 'status', version: version ?? null, lease: lease ?? null, runs: runs.map(ofRunStatus) }
}

function ofRunStatus({ record, way, steps, last }: RunStatus): object {
  return {
    run: record.run,
    ...headOf(record.plan),
    openedAt: record.openedAt,
    closed: record.closed ?? null,
    way,
    steps: steps.map(({ step, title, journal, world }) => ({ step, title, journal, world })),
    last: last ?? null,
  }
}

function ofSupport({ name, day, lines, documents, remarks }: SupportView): object {
  return {
    type: 'support',
    name,
    day,
    lines: lines.map(({ line, standing, first, latest }) => ({ line: line.line, standing, active: line.active, security: line.security, end: endOf(line), first: first ?? null, latest: latest ?? null })),
    documents: documents.map(({ path, problem }) => ({ path, right: problem === undefined, problems: problem === undefined ? [] : [ofProblem(problem)] })),
    remarks,
  }
}

function ofSchedule({ name, day, last, next, levels, blockers }: ScheduleView): object {
  return {
    type: 'schedule',
    name,
    day,
    last: last ?? null,
    next: next ?? null,
    levels: levels.map((each) => ({ level: each.level, cadence: each.cadence, next: each.next ?? null, last: each.last ?? null, due: each.due ?? null, free: each.free ?? null, overdue: each.overdue ?? null, waits: each.waits })),
    blockers: blockers.map(({ is, text }) => ({ is, text })),
  }
}

function ofProblem({ code, message, hint, place, detail }: Problem): object {
  return { code, message, hint, place, detail }
}
