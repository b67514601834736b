// Looks at every step of a plan without changing anything: what the world says of a release.
import type { Json } from '../model/json.ts'
import type { AnyKind, Probe } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { stepKey } from '../model/plan.ts'
import type { Look } from '../model/world.ts'
import { kindOf, parseInput } from './advance.ts'
import { readError } from './problem.ts'
import { resolveInput } from './resolve.ts'

/** A step as the world shows it. `input` is whole, or undefined while it depends on what does not exist. */
export interface Observation {
  readonly step: string
  readonly probe: Probe<Json>
  readonly input: Json | undefined
}

/** Probes every step in order. `known` gives outputs that the journal holds, for steps that the world cannot show. */
export async function observe(options: { plan: Plan; kinds: ReadonlyMap<string, AnyKind>; look: Look; known?: (step: string) => Json | undefined }): Promise<readonly Observation[]> {
  const { plan, kinds, look } = options
  const outputs = new Map<string, Json>()
  const result: Observation[] = []
  for (const step of plan.steps) {
    const kind = kindOf(kinds, step)
    let input: Json | undefined
    try {
      input = parseInput(kind, step, resolveInput(step.input, (id) => outputs.get(id) ?? options.known?.(id)))
    } catch {
      result.push({ step: step.id, probe: { state: 'absent', missing: 'what it is made from does not exist' }, input: undefined })
      continue
    }
    const probe = await probeOne(kind, look, { input, key: stepKey(plan, step), made: options.known?.(step.id) ?? step.made })
    if (probe.state === 'present') outputs.set(step.id, probe.output)
    result.push({ step: step.id, probe, input })
  }
  return result
}

async function probeOne(kind: AnyKind, look: Look, { input, key, made }: { input: Json; key: string; made: Json | undefined }): Promise<Probe<Json>> {
  try {
    return await kind.probe(look, input, key, made)
  } catch (error) {
    return { state: 'unknown', why: readError(error).problem.message, blind: false }
  }
}
