// The checks that an index makes of the core metadata in an upload form: https://packaging.python.org/specifications/core-metadata
import type { UploadFields } from './fields.ts'
import { pep440, pythonText } from './names.ts'
import type { ReleaseMetadata } from './state.ts'

const VERSIONS = ['1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4', '2.5']
const CONTENT_TYPES = ['text/plain', 'text/x-rst', 'text/markdown']
const CLASSIFIER_ROOTS = ['Development Status', 'Environment', 'Framework', 'Intended Audience', 'License', 'Natural Language', 'Operating System', 'Programming Language', 'Topic', 'Typing']
const LISTS = [
  'classifiers', 'requires_dist', 'provides_dist', 'obsoletes_dist', 'requires', 'provides', 'obsoletes', 'requires_external',
  'provides_extra', 'project_urls', 'platform', 'supported_platform', 'license_file', 'dynamic', 'import_name', 'import_namespace',
]
const TEXTS = [
  'metadata_version', 'name', 'version', 'summary', 'description', 'description_content_type', 'keywords', 'home_page', 'download_url', 'author', 'author_email',
  'maintainer', 'maintainer_email', 'license', 'license_expression', 'requires_python',
]
const FIRST = ['metadata-version', 'name', 'version']

type Fault = readonly [field: string, message: string]

/** The message that refuses the metadata, the most telling one first; undefined when there is none. */
export function metadataProblem(fields: UploadFields): string | undefined {
  const faults = [...identity(fields), ...texts(fields), ...people(fields), ...links(fields), ...dependencies(fields)]
  const rank = ([field]: Fault): string => `${FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length}${field}`
  const worst = faults.toSorted((one, other) => rank(one).localeCompare(rank(other)))[0]
  if (worst === undefined) return undefined
  const message = worst[1]
  return `${message}${message.endsWith('.') ? '' : '.'} See https://packaging.python.org/specifications/core-metadata for more information.`
}

/** The metadata as the first file of a release gives it to the release. */
export function releaseMetadata(fields: UploadFields): ReleaseMetadata {
  const metadata: Record<string, string | readonly string[]> = {}
  for (const name of fields.names) {
    if (TEXTS.includes(name)) metadata[name] = fields.first(name) ?? ''
    else if (LISTS.includes(name)) metadata[name] = fields.all(name)
  }
  return metadata
}

function* identity(fields: UploadFields): Generator<Fault> {
  const metadataVersion = fields.first('metadata_version')
  if (metadataVersion === undefined) yield ['metadata-version', "'metadata-version' is a required field"]
  else if (!VERSIONS.includes(metadataVersion)) yield ['metadata-version', `${pythonText(metadataVersion)} is not a valid metadata version`]
  const text = fields.first('version')
  const version = text === undefined ? undefined : pep440(text)
  if (text === undefined) yield ['version', "'version' is a required field"]
  else if (version === undefined) yield ['version', `${pythonText(text)} is invalid for 'version'`]
  else if (version.local !== undefined) yield ['version', `The use of local versions in '${version.text}' is not allowed.`]
}

function* texts(fields: UploadFields): Generator<Fault> {
  const summary = fields.first('summary') ?? ''
  if (summary.includes('\n')) yield ['summary', "'summary' must be a single line"]
  else if ([...summary].length > 512) yield ['summary', "'summary' field must be 512 characters or less."]
  const type = fields.first('description_content_type')
  const mediaType = type?.split(';')[0]?.trim().toLowerCase()
  if (type !== undefined && !CONTENT_TYPES.includes(mediaType ?? '')) {
    yield ['description-content-type', `'description-content-type' must be one of [${CONTENT_TYPES.map(pythonText).join(', ')}], not ${pythonText(type)}`]
  }
  if (fields.first('license') !== undefined && fields.first('license_expression') !== undefined) {
    yield ['license', 'License is deprecated when License-Expression is present. Only License-Expression should be present.']
  }
  for (const classifier of fields.all('classifiers').toSorted()) {
    if (!CLASSIFIER_ROOTS.includes(classifier.split(' :: ')[0] ?? '')) yield ['classifier', `${pythonText(classifier)} is not a valid classifier.`]
  }
}

function* people(fields: UploadFields): Generator<Fault> {
  for (const field of ['author_email', 'maintainer_email']) {
    const value = fields.first(field)
    const address = /<([^>]*)>/.exec(value ?? '')?.[1] ?? value?.split(',')[0]?.trim()
    if (address === undefined || address === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) continue
    const because = address.includes('@') ? 'The part after the @-sign is not valid.' : 'An email address must have an @-sign.'
    yield [field.replace('_', '-'), `${pythonText(address)} is not a valid email address: ${because}`]
  }
}

function* links(fields: UploadFields): Generator<Fault> {
  for (const field of ['home_page', 'download_url']) {
    const value = fields.first(field)
    if (value !== undefined && !isLink(value)) yield [field.replace('_', '-'), `${pythonText(value)} is not a valid url.`]
  }
  for (const entry of fields.all('project_urls')) {
    const comma = entry.indexOf(',')
    const label = (comma < 0 ? entry : entry.slice(0, comma)).trim()
    const url = comma < 0 ? '' : entry.slice(comma + 1).trim()
    if (label === '') yield ['project-url', 'Must have a label']
    else if (label.length > 32) yield ['project-url', `${pythonText(label)} must be 32 characters or less.`]
    else if (url === '') yield ['project-url', 'Must have a URL']
    else if (!isLink(url)) yield ['project-url', `${pythonText(url)} is not a valid url`]
  }
}

function* dependencies(fields: UploadFields): Generator<Fault> {
  for (const [form, field] of [['requires_dist', 'requires-dist'], ['provides_dist', 'provides-dist'], ['obsoletes_dist', 'obsoletes-dist']] as const) {
    for (const requirement of fields.all(form)) {
      const [before = ''] = requirement.split(';')
      if (/^\s*[\w.-]+\s*(\[[^\]]*\])?\s*@/.test(before)) yield [field, `Can't have direct dependency: ${form === 'requires_dist' ? requirement : pythonText(requirement)}`]
      else if (!/^\s*[a-z0-9]([\w.-]*[a-z0-9])?\s*(\[[^\]]*\])?\s*(\(?\s*(([<>=!~]=?|===)\s*[^\s,;()]+\s*,?\s*)+\)?)?\s*$/i.test(before)) yield [field, `${pythonText(requirement)} is invalid for ${pythonText(field)}`]
    }
  }
  const python = fields.first('requires_python')
  if (python !== undefined && !/^\s*(([<>]=?|[=!~]=|===)\s*[^\s,]+\s*(,\s*|$))+$/.test(python)) yield ['requires-python', `${pythonText(python)} is invalid for 'requires-python'`]
}

function isLink(text: string): boolean {
  return /^https?:\/\/[^\s/]+/i.test(text) && URL.canParse(text)
}
