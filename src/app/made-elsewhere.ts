// What the run that published a release made besides its artifacts, for a machine that did not run it.
import { z } from 'zod'
import type { AnyKind } from '../model/kind.ts'
import type { Json } from '../model/json.ts'
import { stepKey, type Plan, type Step } from '../model/plan.ts'
import { publishedText } from '../targets/github/index.ts'
import type { App } from './app.ts'

const text = z.string()

/** A file of the GitHub release whose bytes another step makes. */
const file = z.object({ repository: text, api: text, token: z.object({ $secret: text }), name: text, sha256: z.object({ $from: text }) })

/** Whose release it is. */
export interface Making {
  readonly plan: Plan
  readonly kinds: ReadonlyMap<string, AnyKind>
  /** The release's tag. */
  readonly tag: string
}

/**
 * The outputs of the steps that write and sign provenance. A statement is written again, since the same facts give the same bytes. A signature is another
 * one each time, so its bundle is taken from the GitHub release and kept here; what it is worth is for `provenance.verify` to say, by its signature alone.
 * A bundle that is not there is left out. Changes nothing outside.
 */
export async function madeElsewhere(app: App, { plan, kinds, tag }: Making): Promise<ReadonlyMap<string, Json>> {
  const outputs = new Map<string, Json>()
  for (const step of plan.steps) {
    if (step.kind === 'provenance.statement') outputs.set(step.id, await writtenAgain(app, plan, { step, kind: kinds.get(step.kind) }))
    const read = file.safeParse(step.input)
    if (step.kind !== 'github.asset' || !read.success) continue
    const { name, sha256: { $from: maker }, ...access } = read.data
    if (plan.steps.find(({ id }) => id === maker)?.kind !== 'provenance.log') continue
    const bundle = await publishedText(app.look, access, { tag, name })
    if (bundle !== undefined) outputs.set(maker, { ...await kept(app, bundle), entry: '' })
  }
  return outputs
}

async function writtenAgain(app: App, plan: Plan, { step, kind }: { readonly step: Step; readonly kind: AnyKind | undefined }): Promise<Json> {
  if (kind?.apply === undefined) throw new Error(`${step.kind} is not a kind that can be applied`)
  return await kind.apply(app.world, kind.input.parse(step.input) as never, { key: stepKey(plan, step), signal: app.signal, progress: () => undefined, say: () => undefined }) as Json
}

async function kept({ world }: Pick<App, 'world'>, bundle: string): Promise<{ readonly sha256: string; readonly size: number }> {
  const { sha256, size } = await world.scratch(async (scratch) => {
    await scratch.write('bundle.json', bundle)
    return scratch.keep('bundle.json')
  })
  return { sha256, size }
}
