// The state of a package index: projects, releases, files, the names ever used, tokens, sessions and the lag of its pages.
import { createHash } from 'node:crypto'
import { blake2b256 } from './blake2b.ts'
import { canonicalVersion, compareVersions, fileNameParts, normalName } from './names.ts'

/** A stored distribution file. Never changes once stored. */
export interface IndexFile {
  readonly filename: string
  /** Version of its release. */
  readonly version: string
  readonly type: 'sdist' | 'bdist_wheel'
  readonly pythonTag: string
  readonly bytes: Uint8Array
  /** The wheel's METADATA, served beside it (PEP 658). */
  readonly metadata: Uint8Array | undefined
  readonly md5: string
  readonly sha256: string
  readonly blake2b256: string
  readonly uploadedAt: Date
  readonly requiresPython: string | undefined
  /** The attestations that came with it. */
  readonly provenance?: Provenance
}

/** Attestations of a file, each list with the publisher that sent it (https://docs.pypi.org/api/integrity/). */
export interface Provenance {
  readonly version: 1
  readonly attestation_bundles: readonly { readonly publisher: Readonly<Record<string, unknown>>; readonly attestations: readonly unknown[] }[]
}

/** A release: its metadata is that of the first file. A yank counts for all its files. */
export interface IndexRelease {
  readonly version: string
  readonly createdAt: Date
  readonly metadata: ReleaseMetadata
  /** The reason (maybe empty) while yanked, undefined otherwise. */
  yanked: string | undefined
  readonly files: IndexFile[]
}

/** Core metadata by the field names of the upload form; fields of many values hold lists. */
export type ReleaseMetadata = Readonly<Record<string, string | readonly string[]>>

/** A project and who may do what to it. */
export interface IndexProject {
  readonly name: string
  /** May upload, yank and delete. */
  readonly owners: readonly string[]
  /** May upload. */
  readonly maintainers: readonly string[]
  readonly status: 'active' | 'archived' | 'quarantined'
  /** By canonical version. */
  readonly releases: Map<string, IndexRelease>
  lastSerial: number
  /** The page that the caches still show while the index lags. */
  stale: { readonly page: ProjectPage | undefined; readsLeft: number; readonly until: number } | undefined
}

/** What the simple page of a project shows at one moment. */
export interface ProjectPage {
  readonly serial: number
  readonly files: readonly { readonly file: IndexFile; readonly yanked: string | undefined }[]
}

/** A job of GitHub Actions that may upload without a stored token. */
export interface Publisher {
  /** `owner/name` */
  readonly repository: string
  /** Name of the file in `.github/workflows`. */
  readonly workflow: string
  /** Any or none when missing. */
  readonly environment?: string
  /** The projects that it publishes. */
  readonly projects: readonly string[]
}

/** A publisher of a project that is not there yet. */
export interface PendingPublisher extends Omit<Publisher, 'projects'> {
  readonly project: string
  /** Who becomes the owner of the project. */
  readonly addedBy: string
}

/** An upload token. Without a user it is a trusted publisher's, which creates no projects. */
export interface UploadToken {
  readonly token: string
  readonly user?: string
  /** The projects that it is limited to; every project of the user when missing. */
  readonly projects?: readonly string[]
  readonly expires?: Date
  /** The trusted publisher that it was minted for. */
  readonly publisher?: Publisher
}

/** How long pages lag behind a change: for a number of reads, or for milliseconds of the state's clock. */
export type IndexLag = { readonly reads: number } | { readonly ms: number }

/** The whole state of one index. */
export interface PypiState {
  readonly now: () => Date
  /** By normalised name. */
  readonly projects: Map<string, IndexProject>
  /** Every file name ever used, deleted ones too: names are never given again. */
  readonly usedNames: Set<string>
  readonly tokens: UploadToken[]
  readonly publishers: Publisher[]
  readonly pending: PendingPublisher[]
  /** The ids (`jti`) of identity tokens that were shown: each counts once. */
  readonly shown: Set<string>
  /** Sessions of people in a browser, by cookie. */
  readonly sessions: Map<string, { readonly user: string; readonly csrf: string; flash: string | undefined }>
  /** Bytes: of one file, and of all files of a project. */
  readonly limits: { readonly file: number; readonly project: number }
  /** True while uploads are switched off. */
  readOnly: boolean
  lag: IndexLag | undefined
  /** When set, the next new file name to be uploaded turns out to be taken by somebody else's bytes. */
  foreignNext: boolean
  serial: number
}

/** What a fresh index holds. */
export interface PypiSetup {
  readonly now?: () => Date
  readonly tokens?: readonly UploadToken[]
  readonly publishers?: readonly Publisher[]
  readonly pending?: readonly PendingPublisher[]
  readonly projects?: readonly { readonly name: string; readonly owners: readonly string[]; readonly maintainers?: readonly string[]; readonly status?: IndexProject['status'] }[]
  readonly limits?: Partial<PypiState['limits']>
  readonly lag?: IndexLag
}

/** Makes an index that holds these projects, without releases. */
export function createPypiState(setup: PypiSetup = {}): PypiState {
  const state: PypiState = {
    now: setup.now ?? (() => new Date()),
    projects: new Map(),
    usedNames: new Set(),
    tokens: [...setup.tokens ?? []],
    publishers: [...setup.publishers ?? []],
    pending: [...setup.pending ?? []],
    shown: new Set(),
    sessions: new Map(),
    limits: { file: 100 * 2 ** 20, project: 10 * 2 ** 30, ...setup.limits },
    readOnly: false,
    lag: setup.lag,
    foreignNext: false,
    serial: 0,
  }
  for (const { name, owners, maintainers = [], status = 'active' } of setup.projects ?? []) addProject(state, { name, owners, maintainers, status })
  return state
}

/** Adds a project without releases. */
export function addProject(state: PypiState, project: Pick<IndexProject, 'name' | 'owners' | 'maintainers' | 'status'>): IndexProject {
  const added: IndexProject = { ...project, releases: new Map(), lastSerial: 0, stale: undefined }
  state.projects.set(normalName(project.name), added)
  return added
}

/** The project of this name in any spelling. */
export function findProject(state: PypiState, name: string): IndexProject | undefined {
  return state.projects.get(normalName(name))
}

/** The release of a version in any spelling. */
export function findRelease(project: IndexProject, version: string): IndexRelease | undefined {
  return project.releases.get(canonicalVersion(version))
}

/** Every file of the index with its project. */
export function allFiles(state: PypiState): readonly { readonly project: IndexProject; readonly file: IndexFile }[] {
  return [...state.projects.values()].flatMap((project) => [...project.releases.values()].flatMap((release) => release.files.map((file) => ({ project, file }))))
}

/** Bytes as a file of the index, digests computed. */
export function indexFile(file: Pick<IndexFile, 'filename' | 'version' | 'type' | 'pythonTag' | 'bytes' | 'metadata' | 'requiresPython'>, uploadedAt: Date): IndexFile {
  const hash = (algorithm: string): string => createHash(algorithm).update(file.bytes).digest('hex')
  return { ...file, md5: hash('md5'), sha256: hash('sha256'), blake2b256: blake2b256(file.bytes), uploadedAt }
}

/** Stores a file in its release, which is made when it is the first one. */
export function storeFile(state: PypiState, project: IndexProject, stored: { readonly file: IndexFile; readonly metadata: ReleaseMetadata }): void {
  const { file, metadata } = stored
  change(state, project, () => {
    const key = canonicalVersion(file.version)
    const release = project.releases.get(key) ?? { version: file.version, createdAt: file.uploadedAt, metadata, yanked: undefined, files: [] }
    project.releases.set(key, release)
    release.files.push(file)
    state.usedNames.add(file.filename)
  })
}

/** Changes a project: counts the change, and lets the old page live on while the index lags. */
export function change(state: PypiState, project: IndexProject, effect: () => void): void {
  const before = pageNow(project)
  const page = isStale(state, project) ? project.stale?.page : before.files.length === 0 ? undefined : before
  effect()
  state.serial += 1
  project.lastSerial = state.serial
  const { lag } = state
  if (lag === undefined) project.stale = undefined
  else if ('reads' in lag) project.stale = { page, readsLeft: lag.reads, until: Infinity }
  else project.stale = { page, readsLeft: Infinity, until: state.now().getTime() + lag.ms }
}

/** What a read of the simple page gets now, undefined when there is no page yet. Counts as a read of a lagging page. */
export function readPage(state: PypiState, project: IndexProject): ProjectPage | undefined {
  if (!isStale(state, project) || project.stale === undefined) return pageNow(project)
  project.stale.readsLeft -= 1
  return project.stale.page
}

function isStale(state: PypiState, project: IndexProject): boolean {
  return project.stale !== undefined && project.stale.readsLeft > 0 && state.now().getTime() < project.stale.until
}

function pageNow(project: IndexProject): ProjectPage {
  const releases = [...project.releases.values()].toSorted((one, other) => compareVersions(one.version, other.version))
  const files = releases.flatMap((release) => release.files.toSorted((one, other) => (one.filename < other.filename ? -1 : 1)).map((file) => ({ file, yanked: release.yanked })))
  return { serial: project.lastSerial, files: project.status === 'quarantined' ? [] : files }
}

/** A distribution file to put into an index before anything happens, e.g. the wheels that builds need. */
export interface SeedFile {
  readonly filename: string
  readonly bytes: Uint8Array
  readonly requiresPython?: string
  /** Owner of the project, when this is its first file. */
  readonly owner?: string
}

/** Puts files into the index as if uploaded just now; projects are made as needed. Throws when a name is no wheel's or sdist's. */
export function seed(state: PypiState, files: readonly SeedFile[]): void {
  for (const { filename, bytes, requiresPython, owner = 'somebody' } of files) {
    const parts = fileNameParts(filename)
    if (parts === undefined) throw new Error(`${filename} is the name of no wheel and no source distribution.`)
    const project = findProject(state, parts.name) ?? addProject(state, { name: parts.name, owners: [owner], maintainers: [], status: 'active' })
    const pythonTag = parts.type === 'sdist' ? 'source' : (filename.split('-').at(-3) ?? '')
    const file = indexFile({ filename, version: parts.version, type: parts.type, pythonTag, bytes, metadata: undefined, requiresPython }, state.now())
    storeFile(state, project, { file, metadata: { name: parts.name, version: parts.version, ...(requiresPython === undefined ? {} : { requires_python: requiresPython }) } })
    project.stale = undefined
  }
}

/** Puts somebody else's bytes under a file name, as if the name had been taken before. */
export function plantForeign(state: PypiState, filename: string): void {
  seed(state, [{ filename, bytes: new TextEncoder().encode(`somebody else's ${filename}`), owner: 'a-stranger' }])
}
