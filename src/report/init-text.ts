// What `slipway init` found, for people: one line for each setting and why, what became of other tools' settings, what disagrees, and what to know.
import type { Json } from '../model/json.ts'
import { placeText } from '../model/error.ts'
import type { InitMessage } from './message.ts'
import { commands } from './paint.ts'
import { titled } from './plan-text.ts'
import { indented, problemsText, type Style } from './problems.ts'

/** Everything that was found; with `print` the config alone, ready to be written to a file. */
export function initText({ initial, print }: InitMessage, style: Style): string {
  if (print) return initial.config.trimEnd()
  const { paint } = style
  const width = Math.max(...initial.guesses.map(({ setting }) => setting.length))
  const lines = initial.guesses.map(({ setting, value, because, place, isDefault }) => {
    const where = place === undefined || because.startsWith(place.file) ? '' : ` (${placeText(place)})`
    return `${setting.padEnd(width)}  ${paint.bold(valueText(value))}  ${paint.dim(`${because}${where}${isDefault === true ? '; the default, not written' : ''}`)}`
  })
  const { findings, remarks } = initial
  return [
    titled('Found', lines, paint),
    ...importedText(initial, style),
    ...(findings.length === 0 ? [] : [`${paint.bold(`To mend (${findings.length})`)}\n${indented(problemsText(findings, style), 2)}`]),
    ...(remarks.length === 0 ? [] : [`${paint.bold('To know')}\n${remarks.map((remark) => `  ${paint.yellow('·')} ${commands(paint, remark)}`).join('\n')}`]),
  ].join('\n\n')
}

/** One block for each tool, one line for each of its settings. */
function importedText({ imported }: InitMessage['initial'], { paint }: Style): readonly string[] {
  return [...Map.groupBy(imported, ({ tool }) => tool)].map(([tool, own]) => {
    const places = own.map(({ file, line }) => placeText({ file, line }))
    const [place, setting] = [places, own.map((each) => each.setting)].map((column) => Math.min(MOST_WIDTH, Math.max(...column.map((text) => text.length))))
    const lines = own.map(({ setting: name, outcome, what, why }, index) => {
      const became = outcome === 'became' ? `→ ${paint.bold(what.join(' and '))}${why === undefined ? '' : `; ${paint.yellow('not all:')} ${commands(paint, why)}`}` : undefined
      return `${(places[index] ?? '').padEnd(place ?? 0)}  ${name.padEnd(setting ?? 0)}  ${became ?? (outcome === 'anyway' ? paint.dim(`anyway: ${why ?? ''}`) : `${paint.yellow('left:')} ${commands(paint, why ?? '')}`)}`
    })
    return titled(`Settings of ${tool}`, lines, paint)
  })
}

/** A column is no wider than this. */
const MOST_WIDTH = 48

function valueText(value: Json): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map((each: Json) => valueText(each)).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.values(value).map((each) => valueText(each).replace(/^\n/, '')).join(': ')
}
