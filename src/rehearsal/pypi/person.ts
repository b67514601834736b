// A stand-in for the owner of a project, who does in a browser what no program can do.
import type { Call, Reply } from '../service.ts'
import { releasePage } from './manage.ts'
import { pypiService } from './service.ts'
import { siteOf } from './site.ts'
import type { IndexName } from './site.ts'
import { findProject } from './state.ts'
import type { PypiState } from './state.ts'

/** Which release, and why. */
export interface ReleaseAct {
  readonly project: string
  readonly version: string
  readonly reason?: string
}

/** What a person does on the pages of the index. Each throws when the page does not do as asked. */
export interface Person {
  yank(release: ReleaseAct): Promise<void>
  unyank(release: ReleaseAct): Promise<void>
  /** Deletes a release; its file names are spent for ever. */
  remove(release: ReleaseAct): Promise<void>
}

/** A person who signs in by the pages of the index, by default as the first owner of the project. */
export function person(state: PypiState, options: { readonly index?: IndexName; readonly user?: string } = {}): Person {
  const index = options.index ?? 'pypi'
  const site = siteOf(index, state)
  const service = pypiService({ index, state })
  const ask = async (method: string, url: string, more: { cookie?: string; form?: Record<string, string> } = {}): Promise<Reply> => {
    const body = new TextEncoder().encode(new URLSearchParams(more.form ?? {}).toString())
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...(more.cookie === undefined ? {} : { cookie: more.cookie }) }
    const call: Call = { method, url: new URL(url), headers, body, address: (address) => address }
    return service.handle(call)
  }

  const act = async (field: string, release: ReleaseAct): Promise<void> => {
    const user = options.user ?? findProject(state, release.project)?.owners[0] ?? ''
    const signedIn = await ask('POST', `https://${site.host}/account/login/`, { form: { username: user } })
    const cookie = String(signedIn.headers?.['set-cookie'] ?? '').split(';')[0] ?? ''
    const url = releasePage(site, release.project, release.version)
    const shown = await ask('GET', url, { cookie })
    const csrf = /name="csrf_token" value="([^"]+)"/.exec(String(shown.body))?.[1]
    if (csrf === undefined || !String(shown.body).includes(`name="${field}"`)) throw new Error(`The page ${url} offers ${user} no ${field}: ${shown.status} ${shown.reason ?? ''}`)
    const done = await ask('POST', url, { cookie, form: { csrf_token: csrf, [field]: release.version, yanked_reason: release.reason ?? '' } })
    if (!String(done.headers?.['location'] ?? '').endsWith('/releases/')) throw new Error(`${url} refused ${field}: ${done.status} ${done.reason ?? ''}`)
  }
  return {
    yank: (release) => act('confirm_yank_version', release),
    unyank: (release) => act('confirm_unyank_version', release),
    remove: (release) => act('confirm_delete_version', release),
  }
}
