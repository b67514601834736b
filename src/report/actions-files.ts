// The files in which a step of a job hands its outputs and its summary to the runner of GitHub Actions.
import { randomUUID } from 'node:crypto'
import { appendFileSync, statSync } from 'node:fs'

/** Bytes of a step's summary that GitHub shows; a larger one is refused whole. */
const LARGEST_SUMMARY = 1 << 20

/** Appends outputs. Each value stands between delimiters that nobody can foresee, so that no value can end early and begin another. */
export function writeOutputs(file: string, outputs: Readonly<Record<string, string>>): void {
  const text = Object.entries(outputs).map(([name, value]) => {
    const delimiter = `slipway-${randomUUID()}`
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
  }).join('')
  appendFileSync(file, text)
}

/** Appends to the step's summary as much as GitHub still takes. */
export function writeSummary(file: string, markdown: string): void {
  const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const text = cutTo(`${before === 0 ? '' : '\n'}${markdown}`, LARGEST_SUMMARY - before - 1)
  if (text !== '') appendFileSync(file, text)
}

const CUT = '\n</pre></details>\n\n… The rest is left out: a summary holds no more. It stands in the log.\n'

/** At most so many bytes, cut between lines. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  if (bytes < Buffer.byteLength(CUT)) return ''
  const kept = new TextDecoder().decode(Buffer.from(text).subarray(0, bytes - Buffer.byteLength(CUT)), { stream: true })
  return `${kept.slice(0, Math.max(0, kept.lastIndexOf('\n')))}${CUT}`
}
