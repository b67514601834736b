// docs/targets.md: every target and kind, in the words of the code.
import type { AnyKind } from '../../src/model/kind.ts'
import type { AnyTarget } from '../../src/model/target.ts'
import { leaves } from '../../src/plan/directions.ts'
import { REVERSALS } from '../../src/report/words.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { code, GENERATED, page, sentence, table } from './markdown.ts'
import { CONTEXT, draftsOf, GROUND, settingsOf } from './release-shown.ts'

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
    ...TARGETS.flatMap(targetBlocks),
  )
}

function targetBlocks(target: AnyTarget): readonly string[] {
  const settings = settingsOf(target, { trial: true })
  const drafts = draftsOf(target)
  const kinds = target.kinds.toSorted((a, b) => order(drafts, a) - order(drafts, b))
  const needs = target.secrets(settings)
  const refusals = target.expects(CONTEXT, settings).map(({ otherwise }) => otherwise('…'))
  return [
    `## ${target.name}`,
    `${sentence(target.summary)} More in [its README](../src/targets/${target.name}/README.md).`,
    table(['Kind', 'Part of the release', 'Taken back', 'Seen within'], kinds.map((kind) => [
      `[${code(kind.kind)}](#${kind.kind.replaceAll('.', '')})`, partOf(drafts, kind), reversalText(kind), seenWithin(kind),
    ])),
    ...(refusals.length === 0 ? [] : [`Before a release begins, it is refused where one of these is so: ${refusals.map((each) => code(each.code)).join(', ')} (see [errors.md](errors.md)).`]),
    ...(needs.length === 0 ? [] : [`Secrets:\n\n${needs.map((need) => `- ${code(need.name)}: ${need.for}`).join('\n')}`]),
    ...kinds.flatMap(kindBlocks),
  ]
}

function kindBlocks(kind: AnyKind): readonly string[] {
  const [example] = kind.examples(GROUND) as readonly unknown[]
  if (example === undefined) throw new Error(`The kind ${kind.kind} has no example to describe.`)
  const words = kind.describe(example as never)
  const stays = leaves(kind)
  const lines = [
    `- ${kind.apply === undefined ? 'Waits' : 'Does'}: ${words.apply}`,
    `- Back: ${kind.reversal.is === 'final' ? sentence(kind.reversal.because) : words.undo}`,
    ...(stays === undefined || kind.reversal.is === 'final' ? [] : [`- Stays: ${sentence(stays)}`]),
  ]
  return [`### ${kind.kind}`, lines.join('\n')]
}

type Drafts = ReturnType<typeof draftsOf>

function partOf(drafts: Drafts, { kind }: AnyKind): string {
  const found = drafts.get(kind)
  if (found === undefined) throw new Error(`No settings in scripts/docs/release-shown.ts lead to a step of the kind ${kind}.`)
  return `${found.stage}: ${found.draft.phase}`
}

function order(drafts: Drafts, { kind }: AnyKind): number {
  return [...drafts.keys()].toReversed().indexOf(kind)
}

function reversalText({ reversal }: AnyKind): string {
  return `${REVERSALS.find(({ is }) => is === reversal.is)?.mark ?? ''} ${code(reversal.is)}`
}

function seenWithin({ settlesWithin, apply }: AnyKind): string {
  if (apply === undefined) return 'waits'
  return settlesWithin === undefined ? 'at once' : `${settlesWithin / 1000} s`
}
