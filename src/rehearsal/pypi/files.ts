// The file host: distribution files, and each wheel's METADATA beside it (PEP 658).
import type { Call, Reply } from '../service.ts'
import { fileAddress } from './simple.ts'
import type { Site } from './site.ts'
import { allFiles } from './state.ts'

/** Answers `/packages/AA/BB/REST/FILENAME` and the same with `.metadata`. Yanked files are served, deleted ones are not. */
export function files(site: Site, call: Call): Reply {
  const path = decodeURIComponent(call.url.pathname)
  for (const { file } of allFiles(site.state)) {
    const own = new URL(fileAddress(site, file)).pathname
    if (path === own) return { status: 200, headers: { 'content-type': 'application/octet-stream', etag: `"${file.md5}"` }, body: file.bytes }
    if (path === `${own}.metadata` && file.metadata !== undefined) {
      return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file.metadata }
    }
  }
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' }
}
