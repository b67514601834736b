// Commands of other tools that are checks: they change nothing, and a release waits for them.
import { became, left } from './outcome.ts'
import type { Given, Outcome } from './outcome.ts'

const TOOLS: readonly (readonly [name: string, command: RegExp])[] = [
  ['types', /\b(?:mypy|pyright|tsc\b.*--noEmit|type-?check|types)\b/i],
  ['lint', /\b(?:lint\w*|eslint|ruff check|flake8|pylint|clippy|golangci-lint|go vet|fmt --check|prettier --check|staticcheck)\b/i],
  ['tests', /\b(?:tests?|pytest|unittest|tox|nox|jest|vitest|mocha|ava|check|verify)\b/i],
]

/** The check that a command is; undefined for what builds, writes or publishes. */
export function checkOf(command: string): Given | undefined {
  const run = command.trim()
  if (/[\n\r]|\$\{|\{\{|\b(?:build|publish|install|generate|push|sed|tidy|release|deploy|version)\b|[^-=]>/.test(run.replace(/\bnpm (?:ci|install) && /, ''))) return undefined
  const name = TOOLS.find(([, pattern]) => pattern.test(run))?.[0]
  return name === undefined ? undefined : { setting: 'checks', value: { name, run } }
}

/** What becomes of commands that another tool runs at some moment of a release. */
export function commandsOutcome(commands: readonly string[], moment: string): Outcome {
  const checks = commands.map(checkOf)
  const found = checks.filter((each) => each !== undefined)
  if (found.length === commands.length && found.length > 0) return became(...found)
  const other = commands.filter((_, index) => checks[index] === undefined).map((command) => `\`${command.split('\n')[0] ?? ''}\``)
  return left(`Slipway runs no command ${moment}${other.length === 0 ? '' : ` (${other.join(', ')})`}. What must pass goes under \`checks\`; what builds belongs to the package's own build.`)
}
