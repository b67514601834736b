// What a package.json says.
import { parseJson } from '../../model/json.ts'
import type { Problem } from '../../model/error.ts'
import { found, lineOf, type Detected, type ProjectFacts } from './facts.ts'

/** The package of the root, as far as it is read. */
export interface NodePackage {
  readonly name: string | undefined
  readonly scripts: Readonly<Record<string, string>>
  /** True when something must be installed before its scripts can run. */
  readonly hasDependencies: boolean
  readonly isPrivate: boolean
}

/** Reads the package.json of the root; undefined where there is none. */
export function readNode(facts: ProjectFacts): { readonly package: NodePackage | undefined; readonly detected: Detected } | undefined {
  const text = facts.texts.get('package.json')
  if (text === undefined) return undefined
  const json = parseJson(text)
  if (!isObject(json)) return { package: undefined, detected: found({ findings: [unreadable('package.json', 'is no JSON object')] }) }
  const scripts = Object.fromEntries(Object.entries(isObject(json['scripts']) ? json['scripts'] : {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const isPrivate = json['private'] === true
  const hasDependencies = ['dependencies', 'devDependencies', 'optionalDependencies'].some((key) => isObject(json[key]) && Object.keys(json[key]).length > 0)
  const name = typeof json['name'] === 'string' ? json['name'] : undefined
  const remarks = isPrivate || name === undefined ? [] : [`package.json:${lineOf(text, '"name"')} names the npm package ${name}: Slipway writes its version, tags and releases it; what \`init\` writes does not publish it to npm.`]
  return { package: { name, scripts, hasDependencies, isPrivate }, detected: found({ remarks }) }
}

/** What to run before a script of the package on a clean copy, which has no node_modules; empty where nothing is to be installed. */
export function installFirst(node: NodePackage | undefined, { paths }: Pick<ProjectFacts, 'paths'>): string {
  if (node?.hasDependencies !== true) return ''
  return `npm ${paths.includes('package-lock.json') || paths.includes('npm-shrinkwrap.json') ? 'ci' : 'install'} && `
}

/** A file that would tell something if it could be read. */
export function unreadable(file: string, why: string): Problem {
  return { code: 'file-unreadable', message: `${file} ${why}, so nothing was taken from it.`, hint: 'Mend it, delete slipway.yaml and run `slipway init` again, or write by hand what it would have told.', place: { file } }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
