// The legacy upload API: https://docs.pypi.org/api/upload/ with warehouse's order of checks and its words.
import type { Call, Reply } from '../service.ts'
import { archiveProblem, wheelMetadata } from './archive.ts'
import { provenanceOf } from './attestations.ts'
import { uploadFields } from './fields.ts'
import type { UploadFields } from './fields.ts'
import { fileTypeProblem, nameProblem } from './filename.ts'
import { refusal } from './html.ts'
import { metadataProblem, releaseMetadata } from './metadata.ts'
import { pep440, pythonText } from './names.ts'
import { mayUpload, projectFor, uploaderOf } from './permission.ts'
import type { Site } from './site.ts'
import { addProject, allFiles, findProject, findRelease, indexFile, plantForeign, storeFile } from './state.ts'
import type { IndexFile, IndexProject, PypiState, UploadToken } from './state.ts'

const DAY = 24 * 60 * 60 * 1000
const SUPPORT_DAYS = 14
const LIMITS = 'https://docs.pypi.org/project-management/storage-limits'

/** Answers a call to `/legacy` or `/legacy/`. Nothing changes unless the answer is 200. */
export async function upload(site: Site, call: Call): Promise<Reply> {
  if (call.method !== 'POST') return refusal(405, 'Method Not Allowed', { allow: 'POST' })
  if (call.url.pathname === '/legacy') {
    const location = call.address(`https://${site.uploadHost}/legacy/`)
    return refusal(308, 'An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)', { location })
  }
  const fields = await uploadFields(call.headers['content-type'] ?? '', call.body)
  const action = fields?.first(':action')
  if (action === 'submit' || action === 'submit_pkg_info') {
    return refusal(410, 'Project pre-registration is no longer required or supported, upload your files instead.')
  }
  if (action === 'doc_upload') return refusal(410, 'Uploading documentation is no longer supported, we recommend using https://readthedocs.org/.')
  if (fields === undefined || action !== 'file_upload') return refusal(404, 'Not Found')
  return fileUpload(site, call, fields)
}

async function fileUpload(site: Site, call: Call, fields: UploadFields): Promise<Reply> {
  const { state } = site
  const help = (anchor: string): string => `See https://${site.host}/help/#${anchor} for more information.`
  if (state.readOnly) return refusal(403, 'Read-only mode: Uploads are temporarily disabled.')
  const uploader = uploaderOf(state, call.headers['authorization'])
  if (uploader === undefined) return refusal(403, `Invalid or non-existent authentication information. ${help('invalid-auth')}`)
  const bad = formProblem(fields) ?? metadataProblem(fields)
  if (bad !== undefined) return refusal(400, bad)
  const { content } = fields
  if (content === undefined) return refusal(400, 'Upload payload does not have a file.')

  const found = projectFor(site, uploader, fields.first('name') ?? '')
  if ('refused' in found) return found.refused
  const denied = mayUpload(site, uploader, found.project)
  return denied ?? store(site, { fields, content, uploader, project: found.project, help })
}

interface Upload {
  readonly fields: UploadFields
  readonly content: NonNullable<UploadFields['content']>
  readonly uploader: UploadToken
  /** Not yet in the state when it is new. */
  readonly project: IndexProject
  readonly help: (anchor: string) => string
}

async function store(site: Site, { fields, content, uploader, project, help }: Upload): Promise<Reply> {
  const { state } = site
  const type = fields.first('filetype') === 'sdist' ? 'sdist' : 'bdist_wheel'
  const version = pep440(fields.first('version') ?? '')?.text ?? ''
  const badType = fileTypeProblem(content.filename, type)
  if (badType !== undefined) return refusal(400, badType)
  if (content.type === '' || content.type.startsWith('image/')) return refusal(400, 'Invalid distribution file.')
  const tooBig = sizeProblem(state, project, content.bytes.length)
  if (tooBig !== undefined) return refusal(400, tooBig)

  const pythonTag = fields.first('pyversion') ?? 'source'
  const file = indexFile({ filename: content.filename, version, type, pythonTag, bytes: content.bytes, metadata: undefined, requiresPython: fields.first('requires_python') }, state.now())
  if (!digestsMatch(fields, file)) return refusal(400, 'The digest supplied does not match a digest calculated from the uploaded file.')
  if (state.foreignNext && !state.usedNames.has(file.filename)) {
    state.foreignNext = false
    plantForeign(state, file.filename)
  }
  const taken = duplicate(state, file)
  if (taken === 'same') return { status: 200 }
  if (taken === 'other') {
    return refusal(400, `File already exists (${pythonText(file.filename)}, with blake2_256 hash ${pythonText(file.blake2b256)}). ${help('file-name-reuse')}`)
  }
  if (state.usedNames.has(file.filename)) {
    return refusal(400, `This filename was previously used by a file that has since been deleted. Use a different version. ${help('file-name-reuse')}`)
  }
  const release = findRelease(project, version)
  if (release !== undefined && state.now().getTime() - release.createdAt.getTime() > SUPPORT_DAYS * DAY) {
    return refusal(400, `Uploading new files to releases older than ${SUPPORT_DAYS} days is not allowed.`)
  }
  if (type === 'sdist' && release?.files.some((one) => one.type === 'sdist') === true) return refusal(400, 'Only one sdist may be uploaded per release.')
  const bad = archiveProblem(file.filename, file.bytes) ?? nameProblem(file, project.name)
  if (bad !== undefined) return refusal(400, bad)
  const inside = type === 'sdist' ? { metadata: undefined } : wheelMetadata(file.filename, file.bytes)
  if ('problem' in inside) return refusal(400, inside.problem)
  const attestations = fields.first('attestations')
  const provenance = attestations === undefined ? undefined : await provenanceOf(site, attestations, { file, publisher: uploader.publisher })
  if (provenance !== undefined && 'problem' in provenance) return refusal(400, `Invalid attestations supplied during upload: ${provenance.problem}`)
  const known = findProject(state, project.name) ?? addProject(state, project)
  storeFile(state, known, { file: { ...file, metadata: inside.metadata, ...(provenance === undefined ? {} : { provenance }) }, metadata: releaseMetadata(fields) })
  return { status: 200 }
}

function formProblem(fields: UploadFields): string | undefined {
  if ((fields.first('protocol_version') ?? '1') !== '1') return 'Unknown protocol version.'
  if (fields.fileField !== undefined) return `${fields.fileField}: Should not be a tuple.`
  const name = fields.first('name')
  if (name === undefined || !/^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$/i.test(name)) {
    const why = name === undefined ? 'This field is required.' : "Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'."
    return `${pythonText(name ?? '')} is an invalid value for Name. Error: ${why} See https://packaging.python.org/specifications/core-metadata for more information.`
  }
  for (const [field, algorithm] of [['blake2_256_digest', 'BLAKE2'], ['sha256_digest', 'SHA256']] as const) {
    if (!/^[a-f0-9]{64}$/i.test(fields.first(field) ?? '0'.repeat(64))) return `Invalid value for ${field}. Error: Use a valid, hex-encoded, ${algorithm} message digest.`
  }
  const type = fields.first('filetype')
  if (type === undefined) return 'Invalid value for filetype. Error: This field is required.'
  if (type !== 'sdist' && type !== 'bdist_wheel') return 'Invalid value for filetype. Error: Use a known file type.'
  const tag = fields.first('pyversion')
  if (type !== 'sdist' && tag === undefined) return 'Error: Python version is required for binary distribution uploads.'
  if (type === 'sdist' && (tag ?? 'source') !== 'source') return "Error: Use 'source' as Python version for an sdist."
  if (!DIGESTS.some(([field]) => fields.first(field) !== undefined)) return 'Error: Include at least one message digest.'
  return undefined
}

const DIGESTS = [['md5_digest', 'md5'], ['sha256_digest', 'sha256'], ['blake2_256_digest', 'blake2b256']] as const

function digestsMatch(fields: UploadFields, file: IndexFile): boolean {
  return DIGESTS.every(([field, digest]) => (fields.first(field) ?? file[digest]).toLowerCase() === file[digest])
}

/** A file is a duplicate by its name or by its bytes, in any project. */
function duplicate(state: PypiState, file: IndexFile): 'same' | 'other' | undefined {
  const found = allFiles(state).find((one) => one.file.filename === file.filename || one.file.blake2b256 === file.blake2b256)
  if (found === undefined) return undefined
  return found.file.filename === file.filename && found.file.sha256 === file.sha256 ? 'same' : 'other'
}

function sizeProblem(state: PypiState, project: IndexProject, size: number): string | undefined {
  const { limits } = state
  if (size > limits.file) {
    return `File too large. Limit for project ${pythonText(project.name)} is ${Math.floor(limits.file / 2 ** 20)} MB. See ${LIMITS}#requesting-a-file-size-limit-increase for more information.`
  }
  const total = [...project.releases.values()].flatMap((release) => release.files).reduce((sum, file) => sum + file.bytes.length, 0)
  if (size + total <= limits.project) return undefined
  return `Project size too large. Limit for project ${pythonText(project.name)} total size is ${Math.floor(limits.project / 2 ** 30)} GB. See ${LIMITS}#requesting-a-project-size-limit-increase for more information.`
}
