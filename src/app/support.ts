// Which versions are supported, and the documents that say so.
import { dayOf, isSameTable, lineHolds, lineOf, regionIn, standingOn, supportTable, withRegion, type Day, type Lifecycle, type ReleasedLine, type Standing, type SupportLine } from '../calendar/index.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Look } from '../model/world.ts'
import { readFiles } from '../survey/files.ts'
import { gitText } from '../survey/git.ts'
import { surveyDates, type DatedTag } from '../survey/tags.ts'
import { isPrerelease } from '../version/index.ts'
import type { App } from './app.ts'
import { projectHere, readHere } from './here.ts'
import { CONFIG_FILE, type Project } from './project.ts'

/** A line, how it stands, and what has been released of it. */
export interface SupportedLine extends ReleasedLine {
  readonly standing: Standing
}

/** A document, and the problem that keeps its table from being right. */
export interface SupportDocument {
  readonly path: string
  /** The document with the right table; undefined where its comments are broken. */
  readonly wanted: string | undefined
  readonly problem: Problem | undefined
}

/** Which versions are supported on a day. */
export interface SupportView {
  readonly name: string
  readonly day: Day
  readonly lines: readonly SupportedLine[]
  /** In Markdown. */
  readonly table: string
  readonly documents: readonly SupportDocument[]
  /** What does not fit together and stops nothing, a sentence each. */
  readonly remarks: readonly string[]
}

/** Looks at lines, tags and documents as the folder has them. Throws SlipwayError `support-missing`. */
export async function support(app: App): Promise<SupportView> {
  const project = await projectHere(app)
  const lines = linesIn(project)
  const day = dayOf(app.world.now())
  const released = await surveyDates(app.look, project.git.tag)
  const documents = await Promise.all((project.config.support?.documents ?? []).map(async (path) => documentOf({ path, text: await readHere(app, path), lines, day })))
  return {
    name: project.config.name,
    day,
    lines: lines.map((line) => ({ ...releasedOf(line, released), standing: standingOn(line, day) })),
    table: supportTable(lines, day),
    documents,
    remarks: remarksOn(lines, released, project.git.tag),
  }
}

/** The lines for other programs, dated by the last commit that changed slipway.yaml, or by now where the folder has another one. */
export async function lifecycle(app: App): Promise<Lifecycle> {
  const { name, day, lines } = await support(app)
  const changed = (await app.look.git(['status', '--porcelain', '--', CONFIG_FILE])).stdout.trim() !== ''
  const seconds = changed ? '' : (await gitText(app.look, ['log', '-1', '--format=%ct', '--', CONFIG_FILE])).trim()
  const updated = seconds === '' ? app.world.now() : new Date(Number(seconds) * 1000)
  return { name, day, updated: `${updated.toISOString().slice(0, 19)}Z`, lines: lines.map(({ standing: _, ...each }) => each) }
}

/** What is wrong with the tables of a commit on a day. */
export async function supportProblems(look: Look, commit: string, { config: { support: wanted }, day }: Pick<Project, 'config'> & { readonly day: Day }): Promise<readonly Problem[]> {
  if (wanted === undefined) return []
  const texts = await readFiles(look, commit, wanted.documents)
  return wanted.documents.flatMap((path) => documentOf({ path, text: texts.get(path), lines: wanted.lines, day }).problem ?? [])
}

function linesIn({ config }: Project): readonly SupportLine[] {
  if (config.support !== undefined) return config.support.lines
  throw new SlipwayError({
    code: 'support-missing',
    message: `${CONFIG_FILE} does not say which versions are supported.`,
    hint: 'Add the lines with their last days, the newest first:\n\nsupport:\n  lines:\n    - line: 2.x\n      active: 2027-01-31\n      security: 2027-07-31\n    - line: 1.x\n      security: 2026-12-31',
    place: { file: CONFIG_FILE },
  })
}

function documentOf({ path, text, lines, day }: { readonly path: string; readonly text: string | undefined; readonly lines: readonly SupportLine[]; readonly day: Day }): SupportDocument {
  const table = supportTable(lines, day)
  const region = text === undefined ? { is: 'missing' as const } : regionIn(text)
  if (region.is === 'broken') {
    const { line, why } = region
    return { path, wanted: undefined, problem: { code: 'support-broken', message: `The place of the table of supported versions in ${path} cannot be told: ${why}.`, hint: 'Mend the comments, or remove them all, then run `slipway support --write`.', place: { file: path, line, column: 1 } } }
  }
  const wanted = withRegion(text, table)
  if (region.is === 'there' && isSameTable(region.content, table)) return { path, wanted, problem: undefined }
  const message = text === undefined
    ? `There is no ${path}, which is to show which versions are supported.`
    : region.is === 'missing' ? `${path} does not show which versions are supported.` : `The table of supported versions in ${path} is not what ${CONFIG_FILE} says, as of ${day}.`
  return { path, wanted, problem: { code: 'support-stale', message, hint: 'Write it with `slipway support --write` and commit it; without such a table, take the file out of `support.documents`.' } }
}

function releasedOf(line: SupportLine, released: readonly DatedTag[]): ReleasedLine {
  const own = released.filter(({ parsed }) => !isPrerelease(parsed) && lineHolds(line.line, parsed)).map(({ version, day }) => ({ version, day }))
  const [latest, first] = [own[0], own.at(-1)]
  return { line, ...(first === undefined ? {} : { first }), ...(latest === undefined ? {} : { latest }) }
}

function remarksOn(lines: readonly SupportLine[], released: readonly DatedTag[], pattern: string): readonly string[] {
  const unmatched = lines.filter(({ line }) => !released.some(({ parsed }) => lineHolds(line, parsed)))
  // The newest of each major version is enough to name.
  const outside = [...new Map(released.filter(({ parsed }) => lineOf(lines, parsed) === undefined).toReversed().map((each) => [each.parsed.major, each])).values()].toReversed()
  return [
    ...unmatched.map(({ line }) => `No tag (${pattern}) is of the line ${line}: nothing has been released of it, or it is misspelt.`),
    ...outside.map(({ version, parsed }) => `${version} is released, and no line holds it: users cannot tell whether it is supported. Add the line ${parsed.major}.x.`),
  ]
}
