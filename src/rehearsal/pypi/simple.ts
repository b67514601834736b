// The simple repository API: https://packaging.python.org/en/latest/specifications/simple-repository-api/
import { createHash } from 'node:crypto'
import type { Call, Reply } from '../service.ts'
import { provenanceAddress } from './attestations.ts'
import { escapeHtml, refusal } from './html.ts'
import { compareVersions, normalName } from './names.ts'
import type { Site } from './site.ts'
import { findProject, readPage } from './state.ts'
import type { IndexFile, IndexProject, ProjectPage } from './state.ts'

const API_VERSION = '1.4'
const OFFERS = ['text/html', 'application/vnd.pypi.simple.v1+html', 'application/vnd.pypi.simple.v1+json'] as const

/** Answers `/simple/` and `/simple/NAME/`, in JSON or HTML as asked. Every read of a project's page counts for a lagging index. */
export function simple(site: Site, call: Call): Reply {
  const [, , name = '', slash] = call.url.pathname.split('/').map(decodeURIComponent)
  const type = offered(call.headers['accept'])
  if (name === '') return fresh(call, type, site.state.serial, type.endsWith('json') ? listJson(site) : listHtml(site, call))
  if (slash === undefined || name !== normalName(name)) {
    return { status: 301, headers: { location: call.address(`https://${site.host}/simple/${normalName(name)}/`) } }
  }
  const project = findProject(site.state, name)
  const page = project === undefined ? undefined : readPage(site.state, project)
  if (project === undefined && site.elsewhere !== undefined) return { status: 302, headers: { location: `${site.elsewhere}${name}/` } }
  if (project === undefined || page === undefined) return refusal(404, 'Not Found')
  const link = (file: IndexFile): string => call.address(fileAddress(site, file))
  return fresh(call, type, page.serial, type.endsWith('json') ? projectJson({ site, call, project }, page, link) : projectHtml(project, page, link))
}

/** The public address of a file: the path is made of its BLAKE2 digest. */
export function fileAddress(site: Pick<Site, 'filesHost'>, file: Pick<IndexFile, 'filename' | 'blake2b256'>): string {
  const hash = file.blake2b256
  return `https://${site.filesHost}/packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}/${file.filename}`
}

function listJson(site: Site): string {
  const projects = [...site.state.projects].map(([name, project]) => ({ '_last-serial': project.lastSerial, name }))
  return JSON.stringify({ meta: { '_last-serial': site.state.serial, 'api-version': API_VERSION }, projects })
}

function listHtml(site: Site, call: Call): string {
  const links = [...site.state.projects].map(([name, project]) => `    <a href="${call.address(`https://${site.host}/simple/${name}/`)}">${escapeHtml(project.name)}</a><br />`)
  return ['<!DOCTYPE html>', '<html>', '  <head>', `    <meta name="pypi:repository-version" content="${API_VERSION}">`, '    <title>Simple index</title>', '  </head>', '  <body>', ...links, '  </body>', '</html>', ''].join('\n')
}

function projectJson({ site, call, project }: { readonly site: Site; readonly call: Call; readonly project: IndexProject }, page: ProjectPage, link: (file: IndexFile) => string): string {
  const files = page.files.map(({ file, yanked }) => ({
    'core-metadata': metadataHash(file),
    'data-dist-info-metadata': metadataHash(file),
    filename: file.filename,
    hashes: { sha256: file.sha256 },
    provenance: file.provenance === undefined ? null : call.address(provenanceAddress(site, normalName(project.name), file)),
    'requires-python': file.requiresPython ?? null,
    size: file.bytes.length,
    'upload-time': file.uploadedAt.toISOString().replace('Z', '000Z'),
    url: link(file),
    // A yank without a reason is `true`: an empty reason would read as no yank.
    yanked: yanked === undefined ? false : yanked === '' ? true : yanked,
  }))
  const versions = [...new Set(page.files.map(({ file }) => file.version))].toSorted(compareVersions)
  const meta = { '_last-serial': page.serial, 'api-version': API_VERSION }
  return JSON.stringify({ 'alternate-locations': [], files, meta, name: normalName(project.name), 'project-status': { status: project.status }, versions })
}

function projectHtml(project: IndexProject, page: ProjectPage, link: (file: IndexFile) => string): string {
  const attribute = (name: string, value: string | undefined): string => (value === undefined ? '' : ` ${name}="${escapeHtml(value)}"`)
  const links = page.files.map(({ file, yanked }) => {
    const hash = metadataHash(file)
    const metadata = hash === false ? undefined : `sha256=${hash.sha256}`
    const attributes = [attribute('data-requires-python', file.requiresPython), attribute('data-dist-info-metadata', metadata), attribute('data-core-metadata', metadata), attribute('data-yanked', yanked)]
    return `    <a href="${link(file)}#sha256=${file.sha256}"${attributes.join('')}>${escapeHtml(file.filename)}</a><br />`
  })
  return [
    '<!DOCTYPE html>', '<html>', '  <head>',
    `    <meta name="pypi:repository-version" content="${API_VERSION}">`, `    <meta name="pypi:project-status" content="${project.status}">`,
    `    <title>Links for ${escapeHtml(normalName(project.name))}</title>`, '  </head>', '  <body>',
    `    <h1>Links for ${escapeHtml(normalName(project.name))}</h1>`, ...links, '  </body>', '</html>', `<!--SERIAL ${page.serial}-->`,
  ].join('\n')
}

function metadataHash(file: IndexFile): false | { readonly sha256: string } {
  return file.metadata === undefined ? false : { sha256: createHash('sha256').update(file.metadata).digest('hex') }
}

function fresh(call: Call, type: string, serial: number, body: string): Reply {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = {
    'cache-control': 'max-age=600, public', etag, vary: 'Accept', 'x-pypi-last-serial': String(serial),
    'content-type': type.endsWith('json') ? type : `${type}; charset=UTF-8`,
  }
  return call.headers['if-none-match'] === etag ? { status: 304, headers } : { status: 200, headers, body }
}

/** The offer that the caller likes best, by q; HTML when none is acceptable. */
function offered(accept: string | undefined): (typeof OFFERS)[number] {
  const ranges = (accept ?? '*/*').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return { type, q: Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1) }
  })
  const quality = (offer: string): number => {
    const matching = [offer, `${offer.split('/')[0]}/*`, '*/*'].map((type) => ranges.find((range) => range.type === type)).find((range) => range !== undefined)
    return matching?.q ?? 0
  }
  const best = OFFERS.toSorted((one, other) => quality(other) - quality(one))[0]
  return best === undefined || quality(best) === 0 ? 'text/html' : best
}
