// The JSON API: https://docs.pypi.org/api/json/
import { jsonReply } from '../service.ts'
import type { Call, Reply } from '../service.ts'
import { compareVersions, normalName, pep440 } from './names.ts'
import { fileAddress } from './simple.ts'
import type { Site } from './site.ts'
import { findProject, findRelease } from './state.ts'
import type { IndexFile, IndexProject, IndexRelease } from './state.ts'

/** Answers `/pypi/NAME/json` and `/pypi/NAME/VERSION/json`. Never lags: only the simple pages come out of caches. */
export function json(site: Site, call: Call): Reply {
  const [, , name = '', ...rest] = call.url.pathname.split('/').map(decodeURIComponent)
  const version = rest.length > 1 ? rest[0] : undefined
  if (name !== normalName(name)) {
    return { status: 301, headers: { location: call.address(`https://${site.host}/pypi/${[normalName(name), ...rest].join('/')}`) } }
  }
  const project = findProject(site.state, name)
  const release = project === undefined ? undefined : version === undefined ? latest(project) : findRelease(project, version)
  if (project === undefined || release === undefined) return jsonReply(404, { message: 'Not Found' })
  const urls = (one: IndexRelease): unknown => one.files.map((file) => fileJson(site, call, { file, release: one }))
  const all = Object.fromEntries([...project.releases.values()].map((one) => [one.version, urls(one)]))
  return jsonReply(200, {
    info: info(site, project, release),
    last_serial: project.lastSerial,
    ownership: { roles: project.owners.map((user) => ({ role: 'Owner', user })), organization: null },
    ...(version === undefined ? { releases: all } : {}),
    urls: urls(release),
    vulnerabilities: [],
  }, { 'cache-control': 'max-age=900, public', 'x-pypi-last-serial': String(project.lastSerial) })
}

function latest(project: IndexProject): IndexRelease | undefined {
  const newest = [...project.releases.values()].toSorted((one, other) => compareVersions(other.version, one.version))
  return newest.find((release) => release.yanked === undefined && pep440(release.version)?.prerelease === false) ?? newest.find((release) => release.yanked === undefined) ?? newest[0]
}

function info(site: Site, project: IndexProject, release: IndexRelease): Record<string, unknown> {
  const { metadata } = release
  const text = (name: string): unknown => metadata[name] ?? null
  const page = `https://${site.host}/project/${normalName(project.name)}/`
  const links = typeof metadata['project_urls'] === 'object' ? metadata['project_urls'] : []
  return {
    ...Object.fromEntries(['author', 'author_email', 'description', 'description_content_type', 'home_page', 'keywords', 'license', 'license_expression', 'maintainer', 'maintainer_email', 'requires_dist', 'requires_python', 'summary'].map((name) => [name, text(name)])),
    classifiers: metadata['classifiers'] ?? [],
    downloads: { last_day: -1, last_month: -1, last_week: -1 },
    name: project.name,
    package_url: page,
    project_url: page,
    project_urls: Object.fromEntries(links.map((link) => [link.slice(0, link.indexOf(',')), link.slice(link.indexOf(',') + 1).trim()])),
    release_url: `${page}${release.version}/`,
    version: release.version,
    yanked: release.yanked !== undefined,
    yanked_reason: release.yanked === undefined || release.yanked === '' ? null : release.yanked,
  }
}

function fileJson(site: Site, call: Call, { file, release }: { file: IndexFile; release: IndexRelease }): Record<string, unknown> {
  const time = file.uploadedAt.toISOString()
  return {
    digests: { blake2b_256: file.blake2b256, md5: file.md5, sha256: file.sha256 },
    downloads: -1,
    filename: file.filename,
    has_sig: false,
    md5_digest: file.md5,
    packagetype: file.type,
    python_version: file.pythonTag,
    requires_python: file.requiresPython ?? null,
    size: file.bytes.length,
    upload_time: time.slice(0, 19),
    upload_time_iso_8601: time.replace('Z', '000Z'),
    url: call.address(fileAddress(site, file)),
    yanked: release.yanked !== undefined,
    yanked_reason: release.yanked === undefined || release.yanked === '' ? null : release.yanked,
  }
}
