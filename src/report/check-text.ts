// The requirements of a release for people, one line each.
import type { CheckLine } from './message.ts'
import { indented, problemsText, type Style } from './problems.ts'

/** What is met, and what is not with its problems. */
export function checkText(lines: readonly CheckLine[], style: Style): string {
  const { paint } = style
  return lines.map(({ title, ok, detail = [], problems }) => [
    `${ok ? paint.green('✓') : paint.red('✗')} ${ok ? title : paint.bold(title)}`,
    ...detail.map((line) => indented(paint.dim(line), 2)),
    ...(problems.length === 0 ? [] : [indented(problemsText(problems, style), 2)]),
  ].join('\n')).join('\n')
}
