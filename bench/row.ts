// A measurement beside its limit, and the table that shows many.

/** One measured thing beside its limit, in the same unit and from the same run. */
export interface Row {
  readonly name: string
  readonly ours: number
  readonly limit: number
  /** `ours / limit`. */
  readonly ratio: number
  readonly unit: string
  /** What the limit is: a program that does the same with the least effort, or a goal. */
  readonly against: string
}

/** A row from its two numbers. */
export function row(name: string, { ours, limit, unit, against }: Pick<Row, 'ours' | 'limit' | 'unit' | 'against'>): Row {
  return { name, ours, limit, ratio: ours / limit, unit, against }
}

/** The middle of some numbers; of an even count the greater of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The rows as a Markdown table whose columns also line up on a terminal. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['what', 'ours', 'limit', 'ratio', 'unit', 'the limit is'],
    ...rows.map(({ name, ours, limit, ratio, unit, against }) => [name, figure(ours), figure(limit), ratio.toFixed(2), unit, against]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? []
  const numeric = new Set([1, 2, 3])
  const line = (texts: readonly string[]): string => `| ${texts.map((text, column) => numeric.has(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = widths.map((width, column) => numeric.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))
  return [line(cells[0] ?? []), line(rule), ...cells.slice(1).map(line)].join('\n')
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3)
}
