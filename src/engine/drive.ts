// Drives one run as far as it goes now: to its end, to a wait, or to a stop. Knows no target.
import type { Claim, Entry, Journal, NewEntry } from '../model/entry.ts'
import type { RunEvent, Verdict, Waiting } from '../model/event.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { Clock, Look, World } from '../model/world.ts'
import type { Problem } from '../model/error.ts'
import { leadsToFinal } from '../plan/directions.ts'
import { advance, type Bench, type Move } from './advance.ts'
import type { Waited } from './decide.ts'
import { close } from './close.ts'
import { fold, isOutside, record } from './fold.ts'
import { ready, stepState } from './ready.ts'

/** How patient and how bold a drive is. */
export interface Policy {
  /** What a refusal before the first final step does: take everything back, or stop where it is. */
  readonly onFailure: 'turn' | 'stop'
  /** Steps worked on at once. */
  readonly concurrency: number
  /** Attempts of one step, each way, in one drive. */
  readonly attempts: number
  /** Milliseconds to go on looking for what a person or the outside must do first. */
  readonly patience: { readonly person: number; readonly world: number; /** For machines at work, such as a workflow; that of the world when missing. */ readonly machine?: number }
}

/** A person's word on a gate. */
export interface Approval {
  readonly verdict: 'approved' | 'denied'
  readonly by: string
}

/** What a drive needs. */
export interface Drive {
  readonly run: string
  readonly plan: Plan
  readonly kinds: ReadonlyMap<string, AnyKind>
  readonly world: World
  readonly look: Look
  readonly clock: Clock
  readonly journal: Journal
  readonly claim: Claim
  readonly policy: Policy
  /** Aborted: begin nothing more, let what is in flight finish. */
  readonly signal: AbortSignal
  /** Asks for an approval; undefined means that nobody answered. */
  ask?(gate: string, plan: Plan): Promise<Approval | undefined>
  tell(event: RunEvent): void
}

interface Wait {
  readonly from: Waited
  readonly for: string
  readonly since: number
  readonly until: number
  readonly looks: number
}

/**
 * Drives a run. Every outside effect is preceded by a probe and a durable `begun`, and followed by a durable `settled`, so a run
 * that was killed anywhere is driven on by calling this again. Rejects only when the journal does.
 */
export async function drive(options: Drive): Promise<Verdict> {
  const { plan, journal, run, claim, clock, policy, signal, tell } = options
  const entries = await journal.read(run)
  const state = fold(plan, entries)
  let known = entries.at(-1)?.seq ?? 0
  const ours = new Set<number>()
  const byId = new Map(plan.steps.map((step) => [step.id, step]))
  const now = () => clock.now().getTime()

  const append = async (entry: NewEntry): Promise<void> => {
    const written = await journal.append(claim, entry)
    ours.add(written.seq)
    if (entry.type === 'begun') tries.set(`${entry.way} ${entry.step}`, (tries.get(`${entry.way} ${entry.step}`) ?? 0) + 1)
    learn(written)
  }
  const learn = (entry: Entry): void => {
    record(state, plan, entry)
    tell({ type: 'entry', entry, step: 'step' in entry ? byId.get(entry.step) : undefined })
  }
  /** Learns what others wrote meanwhile. */
  const catchUp = async (): Promise<void> => {
    for (const entry of await journal.read(run, known)) {
      known = entry.seq
      if (!ours.delete(entry.seq)) learn(entry)
    }
  }

  const flying = new Map<string, Promise<void>>()
  const waits = new Map<string, Wait>()
  const tries = new Map<string, number>()
  const doubts = new Map<string, string>()
  const guided = new Set<string>()
  const stops: { step: string; why: string }[] = []
  const problems: Problem[] = []
  let turning: string | undefined

  const note = (step: Step, wait: Omit<Wait, 'since' | 'looks'>): void => {
    const before = waits.get(step.id)
    if (before?.for !== wait.for && wait.until > now()) tell({ type: 'waiting', step: step.id, way: state.way, for: wait.for })
    const same = before?.from === wait.from ? before : undefined
    waits.set(step.id, { ...wait, since: same?.since ?? now(), looks: (same?.looks ?? 0) + 1 })
  }

  const hear = (step: Step, move: Move): void => {
    switch (move.is) {
      case 'settled':
        waits.delete(step.id)
        return
      case 'held':
        return
      case 'wait':
        if (move.guide !== undefined && !guided.has(step.id)) tell({ type: 'by-hand', step: step.id, instructions: move.guide })
        if (move.guide !== undefined) guided.add(step.id)
        note(step, { from: move.from, for: move.for, until: move.until ?? now() + pause(move.from, waits.get(step.id)?.looks ?? 0) })
        return
      case 'doubt':
        doubts.set(step.id, move.problem.message)
        note(step, { from: 'world', for: move.problem.message, until: now() + pause('world', waits.get(step.id)?.looks ?? 0) })
        return
      case 'refused':
        if (state.way === 'undo' || move.afterDoubt) stops.push({ step: step.id, why: move.problem.message })
        else if (policy.onFailure === 'turn' && !finalBegun()) turning ??= `${step.title}: ${move.problem.message}`
        problems.push(move.problem)
        return
      case 'broken':
        problems.push(move.problem)
        return
      case 'stop':
        stops.push({ step: step.id, why: move.why })
    }
  }

  const finalBegun = () => plan.steps.some((step) => leadsToFinal(plan, step) && isOutside(stepState(state, step.id)))
  const halted = () => stops.length > 0 || problems.length > 0 || turning !== undefined || signal.aborted
  const isGated = (step: Step) => state.way === 'apply' && step.gate !== undefined && state.gates.get(step.gate) !== 'approved'
  const tired = (step: string) => {
    const count = tries.get(`${state.way} ${step}`) ?? 0
    return count < policy.attempts ? undefined : `${count} attempts did not do it: ${doubts.get(step) ?? 'they seemed to, but a look shows otherwise'}`
  }
  const bench: Bench = { ...options, state, now, halted, tired, append, signal: new AbortController().signal }

  if (state.closed !== undefined) return close({ plan, state, kinds: options.kinds, append })
  for (;;) {
    const open = ready(plan, state)
    if (!halted()) {
      for (const step of open) {
        if (flying.size >= policy.concurrency) break
        if (flying.has(step.id) || isGated(step) || (waits.get(step.id)?.until ?? -Infinity) > now()) continue
        flying.set(step.id, advance(bench, step).then((move) => { hear(step, move) }).finally(() => flying.delete(step.id)))
      }
    }
    if (flying.size > 0) {
      try {
        await Promise.race(flying.values())
      } catch (error) {
        // Whoever hears of the journal's failure may end the process: not under an attempt.
        await Promise.allSettled(flying.values())
        throw error
      }
      continue
    }
    // A final step may have begun while the failed one was under way.
    if (finalBegun()) turning = undefined
    if (turning !== undefined && stops.length === 0) {
      await append({ type: 'turned', why: turning })
      turning = undefined
      problems.length = 0
      waits.clear()
      doubts.clear()
      continue
    }
    if (stops.length > 0) return { is: 'stuck', steps: stops }
    if (problems.length > 0) return { is: 'failed', problems, over: false }
    if (signal.aborted) return { is: 'interrupted' }
    if (open.length === 0) return close({ plan, state, kinds: options.kinds, append })
    const [gate] = open
    if (gate?.gate !== undefined && open.every(isGated)) {
      await catchUp()
      if (state.gates.get(gate.gate) === undefined) {
        const approval = await options.ask?.(gate.gate, plan)
        if (approval !== undefined) await append({ type: 'gate', gate: gate.gate, plan: plan.digest, ...approval })
        else if (!signal.aborted) return { is: 'waiting', for: [{ step: gate.id, for: 'an approval of this plan', gate: gate.gate }] }
      }
      if (state.gates.get(gate.gate) === 'denied') {
        problems.push(...state.problems.filter(({ code }) => code === 'denied'))
        if (policy.onFailure === 'turn' && !finalBegun()) turning = `the gate ${gate.gate} was denied`
      }
      continue
    }
    const outcome = await waitLonger(open.flatMap((step) => { const wait = waits.get(step.id); return wait === undefined ? [] : [{ step, wait }] }))
    if (outcome !== undefined) return outcome
  }

  /** Sleeps until the next look is due, or says that patience has run out. */
  async function waitLonger(waiting: readonly { step: Step; wait: Wait }[]): Promise<Verdict | undefined> {
    const willing = waiting.filter(({ wait }) => now() - wait.since < (policy.patience[wait.from] ?? policy.patience.world))
    if (willing.length === 0 && waiting.length > 0) {
      const lagging = waiting.filter(({ wait }) => wait.from === 'world')
      if (lagging.length > 0) return { is: 'stuck', steps: lagging.map(({ step, wait }) => ({ step: step.id, why: wait.for })) }
      return { is: 'waiting', for: waiting.map(({ step, wait }): Waiting => ({ step: step.id, for: wait.for })) }
    }
    const until = Math.min(...willing.map(({ wait }) => wait.until))
    await clock.sleep(Math.max(0, until - now()), signal)
    return undefined
  }
}

/** Milliseconds until the next look: 1 s doubling to 30 s; for people and machines at work 2 s to 30 s. */
function pause(from: Waited, looks: number): number {
  return Math.min(30_000, (from === 'world' ? 1_000 : 2_000) * 2 ** Math.min(looks, 5))
}
