// The release that is proposed: its version, its edits and its one commit, all known before anything is done.
import { SlipwayError, type Place } from '../model/error.ts'
import type { Exception } from '../model/exception.ts'
import type { PrepareContext, ReleaseCommit, ReleaseContext } from '../model/target.ts'
import { notesFromCommits, notesOf, parseChangelog, releaseChangelog, sectionOf, unreleasedOf } from '../changelog/index.ts'
import { readFiles, surveyMentions } from '../survey/files.ts'
import { gitText } from '../survey/git.ts'
import { surveyHistory } from '../survey/history.ts'
import { surveyTags } from '../survey/tags.ts'
import { editedTree, type Edit } from '../survey/tree.ts'
import { compareSemVer, editPlace, heldVersion, isPrerelease, parseSemVer, tryPep440, type SemVer } from '../version/index.ts'
import { commitId } from '../targets/git/index.ts'
import type { App } from './app.ts'
import { CONFIG_FILE, named, readProject, type Project } from './project.ts'
import { chooseVersion, type VersionRequest } from './version.ts'

/** What a proposal is made from: the same basis gives the same proposal, on any machine. */
export interface ProposalBasis {
  /** The head of the main branch. */
  readonly base: string
  readonly request: VersionRequest
  /** ISO 8601, UTC, whole seconds. */
  readonly date: string
  /** `Name <mail>` */
  readonly author: string
  /** Why this version, when that was decided before. */
  readonly because?: readonly string[]
  /** What it goes past, when that was said before. */
  readonly exceptions?: readonly Exception[] | undefined
}

/** A release that could be made. */
export interface Proposal {
  readonly project: Project
  readonly base: string
  readonly context: ReleaseContext
  readonly edits: readonly Edit[]
  /** The commit that carries the edits; the base itself when the version and the changelog are in place already. */
  readonly commit: ReleaseCommit
  /** False when nothing has to be edited: the base already is what is released. */
  readonly edited: boolean
  /** Other tracked files that still name the old version. */
  readonly mentions: readonly Place[]
  /** What the release goes past because somebody said so. */
  readonly exceptions: readonly Exception[]
}

/** Proposes a release. Throws SlipwayError for everything that keeps the version, its places or the changelog from being right. */
export async function propose({ world, look, targets }: Pick<App, 'world' | 'look' | 'targets'>, basis: ProposalBasis): Promise<Proposal> {
  const { base, date, author } = basis
  const project = await readProject(look, base, targets)
  const { config, git } = project
  const { last, versions, commits, texts } = await surveyBase(look, base, project)
  const changelog = changelogText(texts.get(config.changelog), config.changelog)
  const document = parseChangelog(config.changelog, changelog)
  const current = currentVersion(project, texts)
  const chosen = chooseVersion(basis.request, { last: last?.version, current, commits, unreleased: unreleasedOf(document) })
  const { to } = chosen
  const parsed = parseSemVer(to)
  const pep440 = tryPep440(to)

  const day = date.slice(0, 10)

  const after = new Map(texts)
  for (const place of config.places) {
    const content = after.get(place.path)
    if (content === undefined) throw missingPlace(place.path, project)
    after.set(place.path, editPlace({ path: place.path, content, place, from: current, to, date: day, ...(pep440 === undefined ? {} : { pep440 }) }))
  }
  const present = sectionOf(document, to)
  let notes = present === undefined ? '' : notesOf(document, to)
  if (present === undefined) {
    const released = releaseChangelog({ file: config.changelog, content: changelog, version: to, date: day, tag: (version) => named(git.tag, version), notes: notesFromCommits(commits) })
    after.set(config.changelog, released.content)
    notes = released.notes
  }
  const edits = [...after].flatMap(([path, text]): Edit[] => {
    const before = texts.get(path) ?? ''
    return before === text ? [] : [{ path, before, after: text }]
  })
  const known = new Set([CONFIG_FILE, config.changelog, ...config.places.map(({ path }) => path)])
  const edited = edits.length > 0
  const [tree, mentions] = await Promise.all([
    editedTree(world, base, edits),
    edited && current !== to ? surveyMentions(look, { commit: base, version: current, known }) : [],
  ])
  const message = `chore: bump version to ${to}\n`
  const parts = { tree, parent: base, message, author, date }
  const commit: ReleaseCommit = { ...parts, commit: edited ? commitId(parts) : base, files: edits.map((edit) => ({ path: edit.path, text: edit.after })) }
  return {
    project,
    base,
    edits,
    edited,
    commit,
    mentions,
    exceptions: basis.exceptions ?? [],
    context: {
      release: { name: config.name, from: last?.version ?? null, to, because: basis.because ?? chosen.because },
      project: config.name,
      tag: named(git.tag, to),
      releaseBranch: named(git.releaseBranch, to),
      mainBranch: git.branch,
      remote: git.remote,
      date,
      prerelease: isPrerelease(parsed),
      ...newestAmong(parsed, versions),
      notes,
      author,
    },
  }
}

/** What targets plan their share of the prepare plan from. */
export function prepareContext(proposal: Proposal, repository: string): PrepareContext {
  return { ...proposal.context, commit: proposal.commit, repository }
}

/** The address that a plan's subject names: as it is written down, since where git goes for it differs from machine to machine. */
export async function repositoryName({ look }: Pick<App, 'look'>, remote: string): Promise<string> {
  return publicName((await gitText(look, ['config', '--get', `remote.${remote}.url`])).trim())
}

/** A remote's address without the credentials in it. */
export function publicName(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1')
}

/** Whether no final version is higher: of all, and of its own major and minor line. */
function newestAmong(version: SemVer, released: readonly SemVer[]): Pick<ReleaseContext, 'newest' | 'newestIn'> {
  const higher = released.filter((other) => !isPrerelease(other) && compareSemVer(other, version) > 0)
  const major = higher.filter((other) => other.major === version.major)
  return { newest: higher.length === 0, newestIn: { major: major.length === 0, minor: !major.some((other) => other.minor === version.minor) } }
}

/** Everything committed between two releases: the tags, the commits since the last one, and the files that carry the version. */
async function surveyBase(look: App['look'], base: string, { config, git }: Project) {
  const since = async () => {
    const { last, versions } = await surveyTags(look, { pattern: git.tag, commit: base })
    const commits = await surveyHistory(look, { since: last === undefined ? undefined : `refs/tags/${last.tag}`, commit: base })
    return { last, versions, commits }
  }
  const [released, texts] = await Promise.all([since(), readFiles(look, base, [...new Set([...config.places.map(({ path }) => path), config.changelog])])])
  return { ...released, texts }
}

function currentVersion({ config }: Project, texts: ReadonlyMap<string, string>): string {
  const [first] = config.places
  if (first === undefined) throw new Error('a config has at least one place')
  const content = texts.get(first.path)
  if (content === undefined) throw new SlipwayError({ code: 'place-missing', message: `${first.path} carries the version by slipway.yaml, but no such file is committed.`, hint: 'Commit it, or take it out of `version.places`.', place: config.place(['version', 'places', 0]) })
  return heldVersion({ path: first.path, content, place: first })
}

function missingPlace(path: string, { config }: Project): SlipwayError {
  const index = config.places.findIndex((place) => place.path === path)
  return new SlipwayError({ code: 'place-missing', message: `${path} carries the version by slipway.yaml, but no such file is committed.`, hint: 'Commit it, or take it out of `version.places`.', place: config.place(['version', 'places', index]) })
}

function changelogText(text: string | undefined, file: string): string {
  if (text !== undefined) return text
  throw new SlipwayError({
    code: 'changelog-missing',
    message: `There is no ${file} in the repository.`,
    hint: `Commit one that begins with "# Changelog", an empty line and "## [Unreleased]" (https://keepachangelog.com/en/1.1.0/), or name another with \`changelog:\` in slipway.yaml.`,
    place: { file },
  })
}

