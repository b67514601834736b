// What the comment on a pull request says of each step of a run, and what the run has proved and built.
import { z } from 'zod'
import type { StoryRun } from '../app/story.ts'

/** How far a step is, and the sentences that go with it: what failed, and what to do about it. */
export interface StepState {
  readonly is: 'open' | 'under way' | 'done' | 'taken back' | 'waits' | 'failed' | 'in doubt' | 'stuck'
  readonly words: readonly string[]
}

/** The state of every step of a run that something is written of; the last entry counts. */
export function stateOf({ entries }: StoryRun): ReadonlyMap<string, StepState> {
  const states = new Map<string, StepState>()
  for (const entry of entries) {
    if (!('step' in entry)) continue
    switch (entry.type) {
      case 'begun':
        states.set(entry.step, { is: 'under way', words: entry.way === 'undo' ? ['it is being taken back'] : [] })
        break
      case 'settled':
        states.set(entry.step, { is: entry.way === 'undo' ? 'taken back' : 'done', words: [] })
        break
      case 'failed':
        states.set(entry.step, { is: entry.certain ? 'failed' : 'in doubt', words: [entry.problem.message, ...(entry.problem.hint === undefined ? [] : [entry.problem.hint])] })
        break
      case 'stuck':
        states.set(entry.step, { is: 'stuck', words: [entry.why] })
    }
  }
  return states
}

/** One thing that was proved, or could not be, and how long that took, in words. */
export interface TimedProof {
  readonly title: string
  readonly passed: boolean
  readonly detail: string
  readonly took: string
}

const made = z.object({
  evidence: z.array(z.object({ title: z.string(), passed: z.boolean(), detail: z.string().default('') })).catch([]),
  artifacts: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string(), internal: z.boolean().optional() })).catch([]),
})

/** What the steps of a run returned: evidence, and artifacts that are files of the release. */
export function provedIn({ entries }: StoryRun): { readonly proofs: readonly TimedProof[]; readonly artifacts: readonly { readonly name: string; readonly size: number; readonly sha256: string }[] } {
  const begun = new Map<string, number>()
  const proofs: TimedProof[] = []
  const artifacts: z.infer<typeof made>['artifacts'] = []
  for (const entry of entries) {
    if (entry.type === 'begun' && entry.way === 'apply') begun.set(entry.step, Date.parse(entry.at))
    if (entry.type !== 'settled' || entry.way !== 'apply') continue
    const { data } = made.safeParse(entry.output)
    const since = entry.how === 'did' ? begun.get(entry.step) : undefined
    for (const proof of data?.evidence ?? []) proofs.push({ ...proof, took: since === undefined ? '' : lasted(Date.parse(entry.at) - since) })
    artifacts.push(...(data?.artifacts ?? []).filter(({ internal }) => internal !== true))
  }
  return { proofs, artifacts }
}

/** Milliseconds in words: `12 s`, `3 min 5 s`. */
function lasted(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
