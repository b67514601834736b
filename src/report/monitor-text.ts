// How a release fares, for people: one line for each signal, what asks for something first.
import type { Monitoring, Watched } from '../app/monitor.ts'
import { indented, type Style } from './problems.ts'

const ORDER: readonly Watched['reading']['standing'][] = ['act', 'watch', 'unknown', 'fine', 'untold']

/** The signals, each with its source and the time of the look. */
export function monitorText({ version, since, watched }: Monitoring, style: Style): string {
  const { paint } = style
  const sorted = ORDER.flatMap((standing) => watched.filter(({ reading }) => reading.standing === standing))
  return [`${paint.bold(version)}, released ${since}`, ...sorted.map((each) => indented(line(each, style), 2))].join('\n')
}

function line({ source, title, at, reading }: Watched, { paint }: Style): string {
  const from = paint.dim(`(${source}, ${at.slice(11, 16)} UTC)`)
  switch (reading.standing) {
    case 'act': return [`${paint.red('✗')} ${paint.bold(title)}: ${reading.seen} ${from}`, ...links(reading.links)].join('\n')
    case 'watch': return [`${paint.yellow('!')} ${paint.bold(title)}: ${reading.seen} ${from}`, ...links(reading.links)].join('\n')
    case 'fine': return `${paint.green('✓')} ${title}: ${reading.seen} ${from}`
    case 'unknown': return `${paint.yellow('?')} ${paint.bold(title)}: not known, ${decapitated(reading.why)} ${from}`
    case 'untold': return paint.dim(`· ${title}: ${reading.why}`)
  }
}

function links(all: readonly string[] = []): readonly string[] {
  return all.map((link) => indented(link, 2))
}

/** A sentence that goes on from another one; names keep their capitals. */
function decapitated(sentence: string): string {
  return /^(?:The|There|It|No|Nobody|Nothing|What) /.test(sentence) ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence
}
