// docs/faults.md: the fault presets of the rehearsal.
import { faultText } from '../../src/rehearsal/faults.ts'
import { presets, type Preset } from '../../src/rehearsal/presets.ts'
import { code, GENERATED, page, table } from './markdown.ts'

/** The page. */
export function faultsPage(): string {
  return page(
    GENERATED,
    '# Fault presets',
    'A rehearsal may be anything but smooth. `slipway rehearse minor --faults NAME` plays one of these, and so does `slipway world --faults NAME` for real clients. The report of a rehearsal lists which faults fired, and how often.',
    table(['Preset', 'What goes wrong'], presets.map(({ name, summary }) => [code(name), summary])),
    ...presets.filter(({ rules }) => rules.length > 0).flatMap((preset) => [`## ${preset.name}`, rulesOf(preset)]),
    'A preset without a list above does not touch single requests: it changes the state of a service before the rehearsal begins.',
  )
}

function rulesOf({ rules }: Preset): string {
  return rules.map((rule) => `- ${faultText(rule)}${rule.skip === undefined ? '' : `, after ${rule.skip} went well`}`).join('\n')
}
