// A package index as a service: PyPI or TestPyPI at their public hosts, over one state.
import type { Call, Reply, Service } from '../service.ts'
import { integrity } from './attestations.ts'
import { exchange } from './exchange.ts'
import { files } from './files.ts'
import { page, refusal } from './html.ts'
import { json } from './json.ts'
import { login, manage } from './manage.ts'
import { simple } from './simple.ts'
import { siteOf } from './site.ts'
import type { IndexName, Site } from './site.ts'
import type { PypiState } from './state.ts'
import { upload } from './upload.ts'

/** PyPI serves upload.pypi.org, pypi.org and files.pythonhosted.org; TestPyPI serves test.pypi.org and test-files.pythonhosted.org. */
export function pypiService({ index, state, ...more }: { readonly index: IndexName; readonly state: PypiState } & Pick<Site, 'elsewhere' | 'sigstore'>): Service {
  const site = siteOf(index, state, more)
  return {
    hosts: [...new Set([site.uploadHost, site.host, site.filesHost])],
    handle: async (call) => route(site, call.method === 'HEAD' ? { ...call, method: 'GET' } : call, index),
  }
}

async function route(site: Site, call: Call, index: IndexName): Promise<Reply> {
  const { host, pathname } = call.url
  if (host === site.uploadHost && /^\/legacy\/?$/.test(pathname)) return upload(site, call)
  if (host === site.host && pathname.startsWith('/_/oidc/')) return exchange(site, index, call)
  if (host === site.host && pathname.startsWith('/account/login/')) return login(site, call)
  if (host === site.host && pathname.startsWith('/manage/')) return manage(site, call)
  if (call.method !== 'GET') return refusal(405, 'Method Not Allowed', { allow: 'GET, HEAD' })
  if (host === site.host && /^\/integrity\/[^/]+\/[^/]+\/[^/]+\/provenance$/.test(pathname)) return integrity(site, call)
  if (host === site.filesHost) return files(site, call)
  if (host === site.host && /^\/simple(\/|$)/.test(pathname)) return simple(site, call)
  if (host === site.host && /^\/pypi\/[^/]+\/([^/]+\/)?json\/?$/.test(pathname)) return json(site, call)
  if (host === site.host && pathname === '/') return page('The Python Package Index, rehearsed', '<p>Try /simple/, /pypi/NAME/json or <a href="account/login/">log in</a>.</p>')
  return refusal(404, 'Not Found')
}
