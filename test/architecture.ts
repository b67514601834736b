// The rules of the house as tables, and the pure function that finds what breaks them.
import { posix } from 'node:path'
import ts from 'typescript'

interface FolderRule {
  /** The folders it may import; itself always. */
  readonly may: readonly string[]
  /** The npm packages it may import; any that ship when left out. */
  readonly packages?: readonly string[]
  /** The modules of Node it may import, where that is less than what touches nothing outside. */
  readonly builtins?: readonly string[]
  readonly because: string
}

/** Which folder may import which. A folder that is not in the table is an error, so that each new one gets its place. */
const FOLDERS: Readonly<Record<string, FolderRule>> = {
  model: { may: [], packages: [], builtins: [], because: 'the model holds the nouns that everything else is made of' },
  version: { may: ['model'], packages: ['yaml'], builtins: [], because: 'versions are pure functions of texts' },
  changelog: { may: ['model', 'version'], packages: [], builtins: [], because: 'changelogs are pure functions of texts, versions and commits' },
  calendar: { may: ['model', 'version'], packages: [], builtins: [], because: 'the calendar is counted from days and versions that it is given, never from the clock' },
  config: { may: ['model', 'version', 'changelog', 'calendar'], packages: ['yaml', 'zod'], builtins: [], because: 'a config is a pure function of texts and of the targets that it is given' },
  plan: { may: ['model'], packages: ['zod'], builtins: ['node:crypto'], because: 'planning is pure: the same facts give the same digest' },
  targets: { may: ['model', 'version'], because: 'a target must not know that it is being planned, resumed or rehearsed' },
  survey: { may: ['model', 'version', 'changelog'], because: 'a survey only reads, through the world that it is given' },
  engine: { may: ['model', 'plan'], because: 'the engine knows steps and kinds, never a target, a store or the real world' },
  world: { may: ['model'], because: 'the world is a port: what it is used for is no business of it' },
  rehearsal: { may: ['model'], because: 'a fake that shares code with its client hides the bug that they share' },
  storage: { may: ['model'], because: 'a journal stores entries and does not judge them' },
  app: { may: ['model', 'config', 'version', 'changelog', 'calendar', 'survey', 'plan', 'engine', 'targets', 'world', 'rehearsal', 'storage'], because: 'the app returns data, and its callers show it' },
  report: { may: ['model', 'version', 'changelog', 'calendar', 'plan', 'engine', 'app'], because: 'a report is made of what the app returns and the run tells' },
  server: { may: ['model', 'config', 'version', 'changelog', 'calendar', 'plan', 'engine', 'storage', 'app', 'report'], because: 'the server is an edge like the command line, beside it' },
  cli: { may: ['model', 'config', 'version', 'changelog', 'calendar', 'survey', 'plan', 'engine', 'targets', 'world', 'rehearsal', 'storage', 'app', 'report', 'server'], because: 'the command line is the outermost edge' },
}

/** The only folders that may touch processes, sockets, files, the clock or the environment. */
const OUTSIDE = ['world', 'cli', 'report', 'server', 'storage', 'rehearsal']

/** Modules of Node that compute and touch nothing outside. */
const INSIDE_BUILTINS = /^node:(?:assert|buffer|crypto|events|path|querystring|stream|string_decoder|url|util|zlib)(?:\/|$)/

/** Folders whose functions give the same answer to the same question, for ever. */
const PURE = ['model', 'version', 'changelog', 'calendar', 'config', 'plan']

/** The folders beside theirs that targets may use, and what for. */
const SHARED: Readonly<Record<string, string>> = { checks: 'evidence and what steps hand on', signing: 'identities and signatures', workflow: 'being published by a workflow' }

/** What such a folder is made on: a workflow is asked for through GitHub's one client, and a discussion is found by the same markers. */
const SHARED_ON: Readonly<Record<string, string>> = { workflow: 'github', announce: 'github' }

/** Globals that reach outside, by what they reach. */
const REACHING: Readonly<Record<string, string>> = {
  process: 'the process', fetch: 'the network', WebSocket: 'the network', performance: 'the clock',
  setTimeout: 'the clock', setInterval: 'the clock', setImmediate: 'the clock', 'Date.now': 'the clock', 'AbortSignal.timeout': 'the clock',
}

const CHANCE = ['Math.random', 'randomUUID', 'randomBytes', 'randomInt', 'getRandomValues']

/** Folder and file names that say nothing about what is in them. */
const EMPTY_NAMES = /(?:^|\/)(?:utils?|helpers?|misc|common)(?:\/|\.ts$)/

/** Tests and what only tests use: they may import anything, and nothing that ships may import them. */
const TEST_FILE = /[.-](?:test|fixture|child|rig)\.ts$/

/** The sources by their path from the root (`src/plan/order.ts`), and the packages that ship with the program. */
export interface House {
  readonly sources: ReadonlyMap<string, string>
  readonly packages: readonly string[]
}

interface Import {
  /** Undefined when it is computed. */
  readonly of: string | undefined
  readonly line: number
}

interface Reading {
  readonly imports: readonly Import[]
  readonly touches: readonly { readonly name: string; readonly line: number }[]
  readonly defaultExport: number | undefined
}

/** One sentence for each broken rule, with file and line and the reason of the rule. */
export function brokenRules(house: House): readonly string[] {
  const readings = [...house.sources].map(([file, text]) => ({ file, text, reading: read(file, text) }))
  const shipping = readings.filter(({ file }) => !TEST_FILE.test(file))
  return [
    ...readings.flatMap(({ file, text, reading }) => ofEveryFile(file, text, reading)),
    ...shipping.flatMap(({ file, reading }) => [...ofImports(file, reading, house), ...ofTouches(file, reading)]),
    ...cycles(shipping.flatMap(({ file, reading }) => edges(file, reading))),
  ]
}

function ofEveryFile(file: string, text: string, { defaultExport }: Reading): readonly string[] {
  const broken: string[] = []
  if (!/^\/\/ \S/.test(text)) broken.push(`${file}:1 does not begin with a comment: the first line says what the file is, so that nobody has to guess.`)
  if (defaultExport !== undefined) broken.push(`${file}:${defaultExport} has a default export: a thing has one name, the same where it is made and where it is used.`)
  if (EMPTY_NAMES.test(file)) broken.push(`${file} has a name that says nothing: a thing without a home of its own has not found its idea yet.`)
  return broken
}

function ofImports(file: string, { imports }: Reading, { packages }: House): readonly string[] {
  const folder = folderOf(file)
  const rule = folder === undefined ? undefined : FOLDERS[folder]
  if (folder !== undefined && rule === undefined) return [`${file} is in the folder ${folder}, which has no place in the house: add it to the table with what it may import, and why.`]
  return imports.flatMap(({ of, line }) => {
    const at = `${file}:${line}`
    if (of === undefined) return [`${at} imports a computed name: nobody can read from it what depends on what.`]
    if (of.startsWith('.')) return ofRelative({ file, at, folder, rule }, posix.join(posix.dirname(file), of))
    if (of.startsWith('node:')) return ofBuiltin({ at, folder, rule }, of)
    const name = of.split('/').slice(0, of.startsWith('@') ? 2 : 1).join('/')
    if (!packages.includes(name)) return [`${at} imports ${name}, which does not ship: whoever installs the program gets its dependencies, not what it is developed with.`]
    if (rule?.packages !== undefined && !rule.packages.includes(name)) return [`${at} imports the package ${name}, but ${folder} may import ${listed(rule.packages)} of npm: ${rule.because}.`]
    return []
  })
}

interface From {
  readonly file: string
  readonly at: string
  readonly folder: string | undefined
  readonly rule: FolderRule | undefined
}

function ofRelative({ file, at, folder, rule }: From, target: string): readonly string[] {
  if (TEST_FILE.test(target)) return [`${at} imports ${target}, but what ships may not depend on tests.`]
  if (!target.startsWith('src/')) return target === 'package.json' ? [] : [`${at} imports ${target}, but what ships is made of src alone.`]
  const to = folderOf(target)
  if (rule === undefined || folder === undefined) return []
  if (to === undefined) return [`${at} imports ${target}, but the root of src is made of the folders and not the other way round.`]
  if (to === folder) return folder === 'targets' ? betweenTargets({ file, at }, target) : []
  return rule.may.includes(to) ? [] : [`${at} imports ${target}, but ${folder} may import ${listed(rule.may)} of ours: ${rule.because}.`]
}

function betweenTargets({ file, at }: Pick<From, 'file' | 'at'>, target: string): readonly string[] {
  const [own, other] = [file, target].map((path) => path.split('/').slice(2, -1)[0])
  if (own === undefined || own === other) return []
  if (other === undefined) return [`${at} imports ${target}, but a target does not know the list that it stands in.`]
  return Object.hasOwn(SHARED, other) || SHARED_ON[own] === other ? [] : [`${at} imports ${target}, but a target stands alone: it may use another folder only for ${Object.entries(SHARED).map(([folder, what]) => `${what} (${folder})`).join(' and ')}.`]
}

function ofBuiltin({ at, folder, rule }: Pick<From, 'at' | 'folder' | 'rule'>, name: string): readonly string[] {
  if (rule?.builtins !== undefined && !rule.builtins.includes(name)) return [`${at} imports ${name}, but ${folder} may import ${listed(rule.builtins)} of Node: ${rule.because}.`]
  if (OUTSIDE.includes(folder ?? '') || INSIDE_BUILTINS.test(name)) return []
  return [`${at} imports ${name}, but ${outsideOnly('processes, sockets and files')}`]
}

function ofTouches(file: string, { touches }: Reading): readonly string[] {
  const folder = folderOf(file) ?? ''
  return touches.flatMap(({ name, line }) => {
    if (CHANCE.includes(name)) return PURE.includes(folder) ? [`${file}:${line} uses ${name}, but ${folder} is pure: the same question has the same answer, for ever.`] : []
    return OUTSIDE.includes(folder) ? [] : [`${file}:${line} uses ${name}, but ${outsideOnly(REACHING[name] ?? 'the clock')}`]
  })
}

function outsideOnly(what: string): string {
  return `only ${OUTSIDE.join(', ')} may touch ${what}: everything else must run the same in a rehearsal.`
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : `only ${names.join(', ')}`
}

/** The folder under src, undefined for a file at its root. */
function folderOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts[0] === 'src' && parts.length > 2 ? parts[1] : undefined
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly at: string
}

function edges(file: string, { imports }: Reading): readonly Edge[] {
  const from = folderOf(file)
  return imports.flatMap(({ of, line }) => {
    const to = of?.startsWith('.') ? folderOf(posix.join(posix.dirname(file), of)) : undefined
    return from !== undefined && to !== undefined && from !== to ? [{ from, to, at: `${file}:${line}` }] : []
  })
}

/** Each circle of folders once, told with one import for each of its arrows. */
function cycles(all: readonly Edge[]): readonly string[] {
  const found = new Map<string, string>()
  const walk = (way: readonly Edge[], folder: string): void => {
    for (const edge of new Map(all.filter(({ from }) => from === folder).map((next) => [next.to, next])).values()) {
      const start = way.findIndex(({ from }) => from === edge.to)
      const circle = [...way, edge].slice(Math.max(start, 0))
      if (start === -1 && edge.to !== folder && !way.some(({ to }) => to === edge.to)) walk([...way, edge], edge.to)
      if (start === -1) continue
      const key = circle.map(({ from }) => from).toSorted().join(' ')
      if (!found.has(key)) found.set(key, `The folders import each other in a circle, so none can be understood alone: ${circle.map(({ from, to, at }) => `${from} → ${to} (${at})`).join(', ')}.`)
    }
  }
  for (const folder of new Set(all.map(({ from }) => from))) walk([], folder)
  return [...found.values()]
}

function read(file: string, text: string): Reading {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
  const imports: Import[] = []
  const touches: { name: string; line: number }[] = []
  const declared = new Set<string>()
  let defaultExport: number | undefined
  const visit = (node: ts.Node): void => {
    const specifier = importedName(node)
    if (specifier !== undefined) imports.push({ of: ts.isStringLiteralLike(specifier) ? specifier.text : undefined, line: lineOf(node) })
    if (isDefaultExport(node)) defaultExport ??= lineOf(node)
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isBindingElement(node)) && node.name && ts.isIdentifier(node.name)) declared.add(node.name.text)
    const name = touched(node)
    if (name !== undefined) touches.push({ name, line: lineOf(node) })
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return { imports, defaultExport, touches: touches.filter(({ name }) => !declared.has(name)) }
}

function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0]
  return undefined
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false)
}

/** The global that a node uses, if it is one of those that reach outside or leave something to chance. */
function touched(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) return 'new Date()'
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.expression.getText() === 'globalThis' ? node.name.text : node.getText()
    return name in REACHING || CHANCE.includes(name) ? name : undefined
  }
  if (!ts.isIdentifier(node) || !(node.text in REACHING || CHANCE.includes(node.text))) return undefined
  return isName(node) ? undefined : node.text
}

/** True when an identifier only names a member, a type's part or a declaration, and refers to no global. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isQualifiedName(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)
    || ts.isPropertyDeclaration(parent) || ts.isBindingElement(parent)) && (parent.name === node || ('propertyName' in parent && parent.propertyName === node))
}
