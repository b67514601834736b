// docs/targets.md: every target and kind, in the words of the code.
import type { AnyKind } from '../../src/model/kind.ts'
import { PHASES, type AnyTarget, type Phase } from '../../src/model/target.ts'
import { REVERSALS } from '../../src/report/words.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { code, GENERATED, page, sentence, table } from './markdown.ts'
import { CONTEXT, GROUND, settingsOf, shownSteps, type Shown } from './release-shown.ts'

/** The page. */
export function targetsPage(): string {
  return page(
    GENERATED,
    '# Targets and kinds',
    'A target is a system that releases go to. A kind is one sort of effect that it offers. The sentences below are what Slipway itself says of each kind, here for the release of oneflow-ai 2.1.0 from the first branch to the last check.',
    '**Taken back** tells what a rollback does:',
    REVERSALS.map(({ mark, means, is }) => `- ${mark} ${code(is)}: ${means}`).join('\n'),
    '**Seen within** is how long the outside may still show nothing after a success: until then, absence proves nothing.',
    table(['Target', 'What it does', 'Its key'], TARGETS.map((target) => [`[${target.name}](#${target.name})`, target.summary, `[${code(target.name)}](config.md#${target.name})`])),
    ...TARGETS.flatMap((target, at) => targetBlocks(target, new Set(TARGETS.slice(0, at).flatMap(({ kinds }) => kinds)))),
  )
}

/** `told` are the kinds of targets before it: one that several have is told of once. */
function targetBlocks(target: AnyTarget, told: ReadonlySet<AnyKind>): readonly string[] {
  const settings = settingsOf(target, { trial: true })
  const steps = shownSteps(target)
  const kinds = target.kinds.map((kind) => ({ kind, step: stepOf(steps, kind) })).toSorted((a, b) => order(a.step) - order(b.step))
  const needs = target.secrets(settings)
  const refusals = new Set(target.expects(CONTEXT, settings).map(({ otherwise }) => otherwise('…').code))
  return [
    `## ${target.name}`,
    `${sentence(target.summary)} More in [its README](../src/targets/${target.name}/README.md).`,
    table(['Kind', 'Part of the release', 'Taken back', 'Seen within'], kinds.map(({ kind, step }) => [
      `[${code(kind.kind)}](#${kind.kind.replaceAll('.', '')})`, partOf(step), reversalText(kind), seenWithin(kind),
    ])),
    ...(refusals.size === 0 ? [] : [`A release is refused before it begins with ${[...refusals].map(code).join(' or ')} (see [errors.md](errors.md)).`]),
    ...(needs.length === 0 ? [] : [`Secrets:\n\n${needs.map((need) => `- ${code(need.name)}: ${need.for}`).join('\n')}`]),
    ...kinds.filter(({ kind }) => !told.has(kind)).flatMap(({ kind, step }) => kindBlocks(kind, step)),
  ]
}

function kindBlocks(kind: AnyKind, step: Shown): readonly string[] {
  const words = kind.describe(inputOf(kind, step))
  const back = kind.reversal.is === 'final' ? sentence(kind.reversal.because) : words.undo
  const stays = 'leaves' in kind.reversal ? kind.reversal.leaves : undefined
  const lines = [
    `- ${kind.apply === undefined ? 'Waits' : 'Does'}: ${words.apply}`,
    `- Back: ${back}`,
    ...(stays === undefined || sentence(stays) === back ? [] : [`- Stays: ${sentence(stays)}`]),
  ]
  return [`### ${kind.kind}`, lines.join('\n')]
}

/** The input of the shown step, or the kind's own example where that is not whole. */
function inputOf(kind: AnyKind, { input }: Shown): unknown {
  try {
    return kind.input.parse(input)
  } catch {
    const [example] = kind.examples(GROUND) as readonly unknown[]
    if (example === undefined) throw new Error(`The kind ${kind.kind} has no example to describe.`)
    return example
  }
}

function stepOf(steps: ReadonlyMap<string, Shown>, { kind }: AnyKind): Shown {
  const step = steps.get(kind)
  if (step === undefined) throw new Error(`No settings in scripts/docs/release-shown.ts lead to a step of the kind ${kind}.`)
  return step
}

function partOf({ stages, phase, only }: Shown): string {
  return `${stages.join(' and ')}: ${phase}${only === undefined ? '' : `, with ${code(only)}`}`
}

const IN_ORDER: readonly Phase[] = [...PHASES.prepare, ...PHASES.publish]

function order({ phase }: Shown): number {
  return IN_ORDER.indexOf(phase)
}

function reversalText({ reversal }: AnyKind): string {
  return `${REVERSALS.find(({ is }) => is === reversal.is)?.mark ?? ''} ${code(reversal.is)}`
}

function seenWithin({ settlesWithin, apply }: AnyKind): string {
  if (apply === undefined) return 'waits'
  return settlesWithin === undefined ? 'at once' : `${settlesWithin / 1000} s`
}
