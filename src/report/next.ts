// What to run next, from where a release stands.
import type { RunStatus, Status } from '../app/status.ts'

/** Sentences with the exact commands, the likeliest first. */
export function nextCommands({ version, runs, lease }: Status): readonly string[] {
  if (version === undefined) return ['`slipway plan` shows what a release would do.']
  const back = `To take it back: \`slipway rollback ${version}\`.`
  const goingBack = runs.some(({ record }) => record.plan.stage === 'rollback' && record.closed === undefined) || lease?.bump === 'rollback'
  if (goingBack) return [`To go on with taking it back: \`slipway rollback ${version}\`.`]
  const last = runs.at(-1)
  if (last === undefined) return [`To take it up from what the world shows: \`slipway release ${version}\`.`, back]
  const { plan, closed } = last.record
  const [taken] = runs.filter(({ record }) => record.closed === undefined).flatMap(({ steps }) => steps.flatMap(({ title, world }) => world.state === 'conflict' ? [{ title, found: world.found }] : []))
  if (taken !== undefined) return [`Settle this first: ${taken.title}: ${taken.found}. Then go on: \`slipway release ${version}\`.`, back]
  const waiting = runs.find(waitsAtGate)
  if (waiting !== undefined) {
    return [`Approve the plan: \`slipway approve ${version} --digest ${waiting.record.plan.digest.slice('sha256:'.length, 'sha256:'.length + 12)}\`, then go on: \`slipway release ${version}\`.`, back]
  }
  if ((closed === 'rolled-back' || closed === 'failed') && lease?.version !== version) return ['It is over, and nothing is left to do. `slipway plan` shows what the next release would do.']
  if (closed === 'done' && plan.stage === 'publish') return [`It is released. ${back}`]
  return [`To go on: \`slipway release ${version}\`.`, back]
}

/** True when everything before the gate is done and nobody has given a word on it. */
function waitsAtGate({ record, steps, last }: RunStatus): boolean {
  if (record.closed !== undefined || last?.type === 'gate') return false
  const gated = record.plan.steps.filter(({ gate }) => gate !== undefined)
  const journal = new Map(steps.map(({ step, journal: word }) => [step, word]))
  const settled = (id: string): boolean => journal.get(id) === 'done' || journal.get(id) === 'found'
  return gated.length > 0 && gated.every(({ id, needs }) => journal.get(id) === 'not begun' && (needs.every(settled) || needs.some((need) => gated.some((other) => other.id === need))))
}
