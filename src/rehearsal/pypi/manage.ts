// The pages on which a person signs in, yanks, un-yanks and deletes. They take a session, never a token: there is no API for it.
import { randomUUID } from 'node:crypto'
import type { Call, Reply } from '../service.ts'
import { escapeHtml, page, refusal } from './html.ts'
import { canonicalVersion, normalName, pythonText } from './names.ts'
import type { Site } from './site.ts'
import { change, findProject, findRelease } from './state.ts'
import type { IndexProject, IndexRelease, PypiState } from './state.ts'

type Session = NonNullable<ReturnType<PypiState['sessions']['get']>>

/** The page of one release, where a person acts on it. */
export function releasePage(site: Pick<Site, 'host'>, project: string, version: string): string {
  return `https://${site.host}/manage/project/${normalName(project)}/release/${version}/`
}

/** Answers `/account/login/`. A rehearsal knows no passwords: the name of an owner or maintainer is enough. */
export async function login(site: Site, call: Call): Promise<Reply> {
  const next = call.url.searchParams.get('next') ?? ''
  if (call.method !== 'POST') {
    return page('Log in', `<form method="POST"><label>Username <input name="username"></label> <button>Log in</button></form>`)
  }
  const user = (await form(call)).get('username') ?? ''
  const known = [...site.state.projects.values()].some((project) => project.owners.includes(user) || project.maintainers.includes(user))
  if (!known) return page('Log in', `<p>No user found with that username</p>`)
  const cookie = randomUUID()
  site.state.sessions.set(cookie, { user, csrf: randomUUID(), flash: undefined })
  const path = /^\/[^/\\]/.test(next) ? next : '/manage/projects/'
  return { status: 303, headers: { location: call.address(`https://${site.host}${path}`), 'set-cookie': `session_id=${cookie}; HttpOnly; Path=/; SameSite=Lax` } }
}

/** Answers `/manage/projects/`, `/manage/project/NAME/releases/` and `/manage/project/NAME/release/VERSION/`. */
export async function manage(site: Site, call: Call): Promise<Reply> {
  if (call.headers['authorization'] !== undefined) return refusal(403, 'API tokens are not valid for permission: projects:write!')
  const session = sessionOf(site.state, call)
  if (session === undefined) return { status: 303, headers: { location: call.address(`https://${site.host}/account/login/?next=${encodeURIComponent(call.url.pathname)}`) } }
  const [, , , name = '', kind, version = ''] = call.url.pathname.split('/').map(decodeURIComponent)
  if (name === '') return projectList(site, call, session)
  const project = findProject(site.state, name)
  if (project === undefined) return refusal(404, 'Not Found')
  if (!project.owners.includes(session.user)) return refusal(403, 'Forbidden')
  if (kind === 'releases') return releaseList(site, call, { session, project })
  const release = findRelease(project, version)
  if (kind !== 'release' || release === undefined) return refusal(404, 'Not Found')
  return call.method === 'POST' ? act(site, call, { session, project, release }) : releaseForm(session, release)
}

interface Subject {
  readonly session: Session
  readonly project: IndexProject
  readonly release: IndexRelease
}

async function act(site: Site, call: Call, subject: Subject): Promise<Reply> {
  const { session, project, release } = subject
  const sent = await form(call)
  if (sent.get('csrf_token') !== session.csrf) return refusal(400, 'Bad CSRF Token')
  const effect = ACTIONS.find((action) => sent.has(action.field))
  if (effect === undefined) return refusal(404, 'Not Found')
  const confirmed = sent.get(effect.field) ?? ''
  const expected = effect.field === 'confirm_project_name' ? project.name : release.version
  const back = (to: 'releases' | 'release'): Reply => {
    const path = to === 'releases' ? `https://${site.host}/manage/project/${normalName(project.name)}/releases/` : releasePage(site, project.name, release.version)
    return { status: 303, headers: { location: call.address(path) } }
  }
  if (confirmed !== expected) {
    session.flash = confirmed === '' ? 'Confirm the request' : `Could not ${effect.verb} - ${pythonText(confirmed)} is not the same as ${pythonText(expected)}`
    return back('release')
  }
  session.flash = effect.make(site.state, subject, sent)
  return back(effect.field === 'confirm_project_name' ? 'release' : 'releases')
}

interface Action {
  /** The form field that confirms the action and so chooses it. */
  readonly field: string
  readonly verb: string
  /** Makes the effect; gives the words that the next page shows. */
  make(state: PypiState, subject: Subject, sent: URLSearchParams): string
}

const ACTIONS: readonly Action[] = [
  {
    field: 'confirm_yank_version', verb: 'yank release',
    make(state, { project, release }, sent) {
      change(state, project, () => { release.yanked = sent.get('yanked_reason') ?? '' })
      return `Yanked release ${pythonText(release.version)}`
    },
  },
  {
    field: 'confirm_unyank_version', verb: 'un-yank release',
    make(state, { project, release }) {
      change(state, project, () => { release.yanked = undefined })
      return `Un-yanked release ${pythonText(release.version)}`
    },
  },
  {
    field: 'confirm_delete_version', verb: 'delete release',
    make(state, { project, release }) {
      change(state, project, () => { project.releases.delete(canonicalVersion(release.version)) })
      return `Deleted release ${pythonText(release.version)}`
    },
  },
  {
    field: 'confirm_project_name', verb: 'delete file',
    make(state, { project, release }, sent) {
      const at = release.files.findIndex((file) => file.sha256 === sent.get('file_id'))
      const file = release.files[at]
      if (file === undefined) return 'Could not find file'
      change(state, project, () => { release.files.splice(at, 1) })
      return `Deleted file ${pythonText(file.filename)}`
    },
  },
]

function projectList(site: Site, call: Call, session: Session): Reply {
  const own = [...site.state.projects.values()].filter((project) => project.owners.includes(session.user))
  const links = own.map((project) => `<li><a href="${call.address(`https://${site.host}/manage/project/${normalName(project.name)}/releases/`)}">${escapeHtml(project.name)}</a></li>`)
  return page('Your projects', `${flash(session)}<ul>${links.join('')}</ul>`)
}

function releaseList(site: Site, call: Call, { session, project }: Omit<Subject, 'release'>): Reply {
  const links = [...project.releases.values()].map((release) => {
    const label = `${release.version}${release.yanked === undefined ? '' : ' (yanked)'}`
    return `<li><a href="${call.address(releasePage(site, project.name, release.version))}">${escapeHtml(label)}</a></li>`
  })
  return page(`Releases of ${project.name}`, `${flash(session)}<ul>${links.join('')}</ul>`)
}

function releaseForm(session: Session, release: IndexRelease): Reply {
  const csrf = `<input type="hidden" name="csrf_token" value="${session.csrf}">`
  const version = escapeHtml(release.version)
  const confirm = (field: string, label: string, more = ''): string => `<form method="POST">${csrf}${more}<label>Confirm ${version} <input name="${field}"></label> <button>${label}</button></form>`
  const forms = release.yanked === undefined
    ? [confirm('confirm_yank_version', 'Yank release', '<label>Reason <input name="yanked_reason"></label> '), confirm('confirm_delete_version', 'Delete release')]
    // A yanked release must be un-yanked before the page offers to delete it.
    : [`<p>Yanked: ${escapeHtml(release.yanked)}</p>`, confirm('confirm_unyank_version', 'Un-yank release')]
  return page(`Manage ${release.version}`, [flash(session), ...forms].join('\n'))
}

function flash(session: Session): string {
  const words = session.flash
  session.flash = undefined
  return words === undefined ? '' : `<p role="status">${escapeHtml(words)}</p>`
}

function sessionOf(state: PypiState, call: Call): Session | undefined {
  const cookie = /(?:^|;\s*)session_id=([^;]+)/.exec(call.headers['cookie'] ?? '')?.[1]
  return cookie === undefined ? undefined : state.sessions.get(cookie)
}

async function form(call: Call): Promise<URLSearchParams> {
  const type = call.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/')) return new URLSearchParams(new TextDecoder().decode(call.body))
  const sent = await new Response(call.body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } }).formData()
  return new URLSearchParams([...sent].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
