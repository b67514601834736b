// Words that several reports share: of digests, bytes, verdicts and probes.
import type { Verdict } from '../model/event.ts'
import type { Json } from '../model/json.ts'
import type { Probe } from '../model/kind.ts'
import type { ReversalClass, Stage } from '../model/plan.ts'

/** A digest short enough for a line, long enough for `approve --digest`. */
export function shortDigest(digest: string): string {
  return digest.length > 23 ? `${digest.slice(0, 19)}…` : digest
}

/** Bytes in decimal units: `12.3 MB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return unit === 0 ? `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}` : `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** A part of a whole in percent, rounded down so that 100 means all. */
export function percent(done: number, total: number): number {
  return total <= 0 ? 100 : Math.min(100, Math.floor(done / total * 100))
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** How a drive ended, in a word or two. */
export function verdictWord(verdict: Verdict): string {
  switch (verdict.is) {
    case 'done': return 'done'
    case 'failed': return 'failed'
    case 'rolled-back': return 'rolled back'
    case 'waiting': return 'waiting'
    case 'stuck': return 'stopped where a person must look'
    case 'interrupted': return 'interrupted'
  }
}

/** What a look at the world said of a step. */
export function probeWords(probe: Probe<Json>): string {
  switch (probe.state) {
    case 'absent': return probe.missing === undefined ? 'not there' : `waits: ${probe.missing}`
    case 'present': return 'there'
    case 'withdrawn': return 'taken back'
    case 'conflict': return `taken by something else: ${probe.found}`
    case 'unknown': return `${probe.blind ? 'can never be told' : 'cannot be told now'}: ${probe.why}`
  }
}

/** What a plan does, at the head of what it says. */
export function stageWord(stage: Stage): string {
  switch (stage) {
    case 'prepare': return 'Prepare'
    case 'publish': return 'Publish'
    case 'rollback': return 'Roll back'
    case 'announce': return 'Announce'
    case 'recall': return 'Take back the announcements of'
  }
}

/** The mark of a reversal class and what it means, in the order of a legend. */
export const REVERSALS: readonly { readonly is: ReversalClass; readonly mark: string; readonly means: string }[] = [
  { is: 'reversible', mark: '↩', means: 'can be undone' },
  { is: 'compensable', mark: '≈', means: 'can be taken back, but leaves a trace' },
  { is: 'by-hand', mark: '✋', means: 'only a person can take it back' },
  { is: 'final', mark: '■', means: 'cannot be taken back' },
  { is: 'none', mark: '·', means: 'changes nothing that users see' },
]

/** The mark of a reversal class. */
export function markOf(reversal: ReversalClass): string {
  return REVERSALS.find(({ is }) => is === reversal)?.mark ?? '·'
}
