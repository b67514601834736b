// What the workflows of GitHub Actions do: their commands, and those that publish.
import { parse } from 'yaml'
import { found, lineOf, type Detected, type ProjectFacts } from './facts.ts'
import { unreadable } from './node.ts'

/** One step of a workflow. */
export interface WorkflowStep {
  readonly file: string
  readonly line: number
  /** The action, without its version; '' for a command. */
  readonly uses: string
  readonly inputs: Readonly<Record<string, string>>
  /** Its commands, one for each line; a variable of the workflow is left as it is written. */
  readonly run: readonly string[]
}

/** Every step of every workflow, and which workflows publish. */
export function readWorkflows(facts: ProjectFacts): { readonly steps: readonly WorkflowStep[]; readonly detected: Detected } {
  const files = [...facts.texts].filter(([path]) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
  const read = files.map(([file, text]) => ({ file, steps: stepsOf(file, text) }))
  const steps = read.flatMap((each) => each.steps ?? [])
  const remarks = read.flatMap(({ file, steps: own }) => {
    const publishing = (own ?? []).flatMap(publishes)
    return publishing.length === 0 ? [] : [`${file} publishes today (${[...new Set(publishing)].join(', ')}): switch that off before Slipway's first release, or both will publish.`]
  })
  return { steps, detected: found({ remarks, findings: read.filter((each) => each.steps === undefined).map(({ file }) => unreadable(file, 'is no YAML')) }) }
}

const PUBLISHING_ACTIONS = /^(?:pypa\/gh-action-pypi-publish|JS-DevTools\/npm-publish|softprops\/action-gh-release|ncipollo\/release-action|actions\/create-release|goreleaser\/goreleaser-action|google(?:apis|-github-actions)\/release-please-action|cycjimmy\/semantic-release-action|python-semantic-release\/.*|changesets\/action)$/i
const PUBLISHING_COMMAND = /\b(?:twine upload|(?:npm|pnpm|yarn|poetry|flit|hatch|pdm|uv|cargo|lerna) publish|semantic-release|release-it|changeset publish|docker push|gh release create|goreleaser release)\b/

function publishes({ uses, inputs, run }: WorkflowStep): readonly string[] {
  if (PUBLISHING_ACTIONS.test(uses) || (uses === 'docker/build-push-action' && (inputs['push'] ?? 'false') !== 'false')) return [uses]
  return run.flatMap((line) => PUBLISHING_COMMAND.exec(line)?.[0] ?? [])
}

function stepsOf(file: string, text: string): readonly WorkflowStep[] | undefined {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 100 })
  } catch {
    return undefined
  }
  return Object.values(mapping(mapping(document)['jobs'])).flatMap((job) => {
    const list = mapping(job)['steps']
    return (Array.isArray(list) ? list as readonly unknown[] : []).map((each): WorkflowStep => {
      const { uses, run, with: inputs } = mapping(each)
      const action = typeof uses === 'string' ? uses.replace(/@.*$/, '') : ''
      const commands = typeof run === 'string' ? run.split('\n').map((line) => line.trim()).filter((line) => line !== '') : []
      const texts = Object.entries(mapping(inputs)).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value) ?? ''] as const)
      return { file, line: lineOf(text, commands[0] ?? (action === '' ? 'steps:' : action)), uses: action, run: commands, inputs: Object.fromEntries(texts) }
    })
  })
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : {}
}
