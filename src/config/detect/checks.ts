// The commands that must pass before a release: tests, lint and types, each from the first file that names it.
import { found, lineOf, type Detected, type Guess, type ProjectFacts } from './facts.ts'
import { readIni } from '../read/ini.ts'
import { entriesOf } from '../read/node.ts'
import { installFirst, type NodePackage } from './node.ts'
import { readToml } from './toml.ts'
import type { WorkflowStep } from './workflows.ts'

/** What is known before the commands are looked for. */
export interface ChecksContext {
  readonly node: NodePackage | undefined
  /** The text of the Python packaging files; undefined where there is no Python. */
  readonly packaging: string | undefined
  readonly steps: readonly WorkflowStep[]
}

interface Command {
  readonly run: string
  readonly because: string
  readonly file: string
  readonly line: number
}

/** What a check is for, and the names that tasks for it go by, likeliest first. */
const ROLES = [
  { name: 'tests', tasks: ['test', 'tests', 'check', 'unit'], command: /^(?:(?:poetry|uv|pdm|hatch|pipenv) run )?(?:python3? -m )?(?:pytest|unittest|nose2|tox|nox|make (?:test|check)|npm (?:run )?test|npm t|cargo test|go test)\b[^|;&$>]*$/ },
  { name: 'lint', tasks: ['lint', 'linter', 'style', 'pre-commit'], command: /^(?:(?:poetry|uv|pdm|hatch|pipenv) run )?(?:python3? -m )?(?:ruff check|flake8|pylint|make lint|npm run lint|cargo clippy|golangci-lint run)\b[^|;&$>]*$/ },
  { name: 'types', tasks: ['types', 'typecheck', 'type-check', 'typing', 'mypy', 'pyright'], command: /^(?:(?:poetry|uv|pdm|hatch|pipenv) run )?(?:python3? -m )?(?:mypy|pyright|make (?:types|typecheck|mypy)|npm run (?:types|typecheck|type-check)|tsc --noEmit)\b[^|;&$>]*$/ },
] as const

type Role = (typeof ROLES)[number]

/** Guesses the checks. A command is told with the file and line that it was found in. */
export function detectChecks(facts: ProjectFacts, context: ChecksContext): Detected {
  const guesses = ROLES.flatMap((role): readonly Guess[] => {
    const command = SOURCES.map((source) => source(role, facts, context)).find((each) => each !== undefined)
    return command === undefined ? [] : [{ setting: 'checks', value: { name: role.name, run: command.run }, because: command.because, place: { file: command.file, line: command.line } }]
  })
  const remarks = guesses.some(({ value }) => (value as { name?: string }).name === 'tests') ? [] : ['No command for tests was found, so a release does not wait for any: add one under `checks`.']
  return found({ guesses, remarks })
}

type Source = (role: Role, facts: ProjectFacts, context: ChecksContext) => Command | undefined

const SOURCES: readonly Source[] = [fromMakefile, fromNox, fromTox, fromScripts, fromPackageJson, fromWorkflows, fromTools, fromTestFolder]

function fromMakefile({ tasks }: Role, { texts }: ProjectFacts): Command | undefined {
  const [file, text] = ['GNUmakefile', 'makefile', 'Makefile'].map((path) => [path, texts.get(path)] as const).find(([, content]) => content !== undefined) ?? []
  if (file === undefined || text === undefined) return undefined
  const task = tasks.find((each) => new RegExp(`^${each}[ \\t]*:(?!=)`, 'm').test(text))
  return task && { run: `make ${task}`, because: `${file} has the target ${task}`, file, line: lineOf(text, new RegExp(`^${task}[ \\t]*:(?!=)`, 'm')) }
}

function fromNox({ tasks }: Role, { texts }: ProjectFacts): Command | undefined {
  const text = texts.get('noxfile.py') ?? ''
  const task = tasks.find((each) => new RegExp(String.raw`@nox\.session[^\n]*\n(?:@[^\n]*\n)*def ${each.replace('-', '_')}\(`).test(text))
  return task && { run: `nox -s ${task.replace('-', '_')}`, because: `noxfile.py has the session ${task}`, file: 'noxfile.py', line: lineOf(text, `def ${task.replace('-', '_')}(`) }
}

function fromTox({ name, tasks }: Role, { texts }: ProjectFacts): Command | undefined {
  const sections = entriesOf(readIni('tox.ini', texts.get('tox.ini') ?? '').node)
  const section = sections.find(({ key }) => tasks.some((task) => key === `testenv:${task}`))
  if (section !== undefined) return { run: `tox -e ${section.key.slice('testenv:'.length)}`, because: `tox.ini has [${section.key}]`, file: 'tox.ini', line: section.place.line ?? 1 }
  const main = name === 'tests' ? sections.find(({ key }) => key === 'testenv') : undefined
  return main && { run: 'tox', because: 'tox.ini has [testenv]', file: 'tox.ini', line: main.place.line ?? 1 }
}

/** Tasks of hatch, pdm and poe in pyproject.toml. */
function fromScripts({ tasks }: Role, { texts }: ProjectFacts): Command | undefined {
  const toml = readToml(texts.get('pyproject.toml'))
  for (const [table, runner] of [['tool.hatch.envs.default.scripts', 'hatch run'], ['tool.pdm.scripts', 'pdm run'], ['tool.poe.tasks', 'poe']] as const) {
    const task = tasks.find((each) => toml.has(`${table}.${each}`))
    if (task !== undefined) return { run: `${runner} ${task}`, because: `[${table}] has ${task}`, file: 'pyproject.toml', line: toml.get(`${table}.${task}`)?.line ?? 1 }
  }
  return undefined
}

function fromPackageJson({ tasks }: Role, { texts, paths }: ProjectFacts, { node }: ChecksContext): Command | undefined {
  const task = tasks.find((each) => node?.scripts[each] !== undefined && !/no test specified/.test(node.scripts[each]))
  if (task === undefined || node === undefined) return undefined
  return { run: `${installFirst(node, { paths })}npm ${task === 'test' ? 'test' : `run ${task}`}`, because: `package.json has the script ${task}`, file: 'package.json', line: lineOf(texts.get('package.json') ?? '', `"${task}"`) }
}

function fromWorkflows({ command }: Role, _: ProjectFacts, { steps }: ChecksContext): Command | undefined {
  const [step] = steps.flatMap((each) => each.run.filter((line) => command.test(line)).map((run) => ({ ...each, run })))
  return step && { run: step.run, because: `${step.file} runs it`, file: step.file, line: step.line }
}

/** Tools whose settings stand in a file: then they are used. */
const TOOLS: readonly { readonly role: Role['name']; readonly sign: RegExp; readonly run: string }[] = [
  { role: 'tests', sign: /\[(?:tool\.pytest\.ini_options|tool:pytest|tool\.pytest)\]|^\s*["']?pytest\b/m, run: 'python3 -m pytest' },
  { role: 'lint', sign: /\[tool\.ruff[\].]/, run: 'ruff check .' },
  { role: 'lint', sign: /^\[flake8\]/m, run: 'flake8' },
  { role: 'types', sign: /\[(?:tool\.)?mypy\]/, run: 'mypy .' },
  { role: 'types', sign: /\[tool\.pyright\]/, run: 'pyright' },
]

function fromTools({ name }: Role, { texts }: ProjectFacts): Command | undefined {
  for (const { sign, run, role } of TOOLS) {
    const file = role === name ? ['pyproject.toml', 'setup.cfg', 'tox.ini'].find((path) => sign.test(texts.get(path) ?? '')) : undefined
    if (file !== undefined) return { run, because: `${file} holds its settings`, file, line: lineOf(texts.get(file) ?? '', sign) }
  }
  return undefined
}

function fromTestFolder({ name }: Role, { paths }: ProjectFacts, { packaging }: ChecksContext): Command | undefined {
  const file = name === 'tests' && packaging !== undefined ? paths.find((path) => /^tests?\/(?:.*\/)?test_[^/]*\.py$/.test(path)) : undefined
  if (file === undefined) return undefined
  const folder = file.slice(0, file.indexOf('/'))
  return { run: `python3 -m unittest discover -s ${folder}`, because: `${file} is there`, file, line: 1 }
}
