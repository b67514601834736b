// slipway.yaml's text to a Config in three passes (schema, normalise, rules), with every problem at once.
import type { Problem } from '../model/error.ts'
import { SlipwayError } from '../model/error.ts'
import type { Config, ConfigTarget, Path } from './config.ts'
import { problemsOf, unknownKey } from './issue.ts'
import { knownKeys } from './known-keys.ts'
import { withoutTokens } from './literal-secret.ts'
import { SMALLEST_CONFIG } from './missing.ts'
import { normalise } from './normalise.ts'
import { brokenRules, literalSecrets } from './rules.ts'
import { ownKeys, ownSchema } from './schema.ts'
import type { Source } from './source.ts'
import { readSource } from './source.ts'

/** The one target that is on without its key: every release has a commit and a tag. */
const ALWAYS_ON = 'git'

/** What `parseConfig` reads. */
export interface ConfigText {
  /** Shown in the places of problems. */
  readonly file: string
  readonly text: string
  /** Every target there is; one is on when its key is present. */
  readonly targets: readonly ConfigTarget[]
}

/** Reads a config. Throws SlipwayError `config-invalid` with all its problems, in the order of the text, each with line and column. */
export function parseConfig({ file, text, targets }: ConfigText): Config {
  const { source, problems } = readSource(file, text)
  if (source === undefined) throw invalid(problems)
  const { value } = source
  if (!isMapping(value)) throw invalid([noMapping(source)])

  const secrets = literalSecrets(source)
  const issues = [...unknownTopLevelKeys(value, targets, source), ...schemaProblems(ownSchema, { value, root: [], source })]
  const settings = new Map<string, unknown>()
  for (const target of targets.filter(({ name }) => name === ALWAYS_ON || Object.hasOwn(value, name))) {
    // A key with nothing behind it switches its target on, with every setting at its default.
    const written = value[target.name] ?? {}
    const parsed = target.settings.safeParse(written)
    if (parsed.success) settings.set(target.name, parsed.data)
    else issues.push(...schemaProblems(target.settings, { value: written, root: [target.name], source }))
  }
  const draft = normalise(value)
  const found = [...problems, ...issues, ...brokenRules(draft, source)].filter((problem) => !secrets.some(({ at }) => isSamePlace(problem, source, at)))
  if (found.length + secrets.length > 0) throw invalid([...found, ...secrets.map(({ problem }) => problem)])

  return {
    name: draft.name,
    places: draft.places.map(({ path, search, replace }) => ({ path, ...(search !== undefined && { search }), ...(replace !== undefined && { replace }) })),
    changelog: draft.changelog.path,
    journal: draft.journal,
    policy: draft.policy,
    monitor: draft.monitor,
    support: draft.support && { ...draft.support, lines: draft.support.lines.map(({ at: _, ...line }) => line) },
    schedule: draft.schedule,
    targets: settings,
    place: (path) => source.place(path),
  }
}

interface Part {
  readonly value: unknown
  readonly root: Path
  readonly source: Source
}

function schemaProblems(schema: ConfigTarget['settings'], { value, root, source }: Part): readonly Problem[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) => problemsOf(issue, { source, root, known: (path) => knownKeys(schema, path) }))
}

function unknownTopLevelKeys(value: Readonly<Record<string, unknown>>, targets: readonly ConfigTarget[], source: Source): readonly Problem[] {
  const known = [...Object.keys(ownKeys), ...targets.map(({ name }) => name)]
  return Object.keys(value).filter((key) => !known.includes(key)).map((key) => unknownKey(key, [], known, source))
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noMapping({ file, value }: Source): Problem {
  const found = value === undefined || value === null ? `${file} is empty` : `${file} holds ${Array.isArray(value) ? 'a list' : 'plain text'}`
  return {
    code: 'config-invalid',
    message: `${found}, but a config is a mapping of keys to values.`,
    hint: `Write "key: value" lines; this is enough to begin with:\n\n${SMALLEST_CONFIG}`,
    place: { file, line: 1, column: 1 },
  }
}

function isSamePlace({ place }: Problem, source: Source, at: Path): boolean {
  const other = source.place(at)
  return place?.line === other.line && place?.column === other.column
}

function invalid(problems: readonly Problem[]): SlipwayError {
  const ordered = problems
    .map((problem) => ({ ...problem, message: withoutTokens(problem.message), ...(problem.hint !== undefined && { hint: withoutTokens(problem.hint) }) }))
    .toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0))
  const [first, ...more] = ordered
  if (first === undefined) throw new Error('an invalid config without a problem')
  return new SlipwayError(first, ...more)
}
