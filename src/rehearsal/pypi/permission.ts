// Who uploads, and whether this uploader may upload to this project.
import type { Reply } from '../service.ts'
import { refusal } from './html.ts'
import { normalName, pythonText } from './names.ts'
import type { Site } from './site.ts'
import { findProject } from './state.ts'
import type { IndexProject, PypiState, UploadToken } from './state.ts'

/** The token of a Basic authorization `__token__:…`; undefined when there is none, or it is unknown or expired. */
export function uploaderOf(state: PypiState, authorization: string | undefined): UploadToken | undefined {
  const basic = /^basic (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
  const [user, ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  const password = rest.join(':').trim()
  if (user !== '__token__') return undefined
  return state.tokens.find((one) => one.token === password && (one.expires === undefined || one.expires > state.now()))
}

/** What was found or may be made under a project name. */
export type ProjectLookup = { readonly project: IndexProject } | { readonly refused: Reply }

/** The project of an upload: the existing one, or a new one that is not yet in the state. */
export function projectFor(site: Site, uploader: UploadToken, name: string): ProjectLookup {
  const found = findProject(site.state, name)
  if (found !== undefined) return { project: found }
  if (uploader.user === undefined) {
    const why = "This was probably caused by successfully using a pending publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). Please ensure that both match."
    return { refused: refusal(400, `Non-user identities cannot create new projects. ${why} See: https://docs.pypi.org/trusted-publishers/troubleshooting/`) }
  }
  const alike = [...site.state.projects.values()].find((project) => lookAlike(project.name) === lookAlike(name))
  if (alike !== undefined) {
    return { refused: refusal(400, `The name ${pythonText(name)} is too similar to an existing project. See https://${site.host}/help/#project-name for more information.`) }
  }
  return { project: { name, owners: [uploader.user], maintainers: [], status: 'active', releases: new Map(), lastSerial: 0, stale: undefined } }
}

/** The refusal when the uploader has no right to upload to the project. */
export function mayUpload(site: Site, uploader: UploadToken, project: IndexProject): Reply | undefined {
  const scope = uploader.projects?.map(normalName)
  const inScope = scope === undefined || scope.includes(normalName(project.name))
  if (uploader.user !== undefined && !inScope) {
    return refusal(403, `Invalid API Token: project-scoped token is not valid for project: ${pythonText(project.name)}`)
  }
  const member = uploader.user === undefined ? scope !== undefined && inScope : [...project.owners, ...project.maintainers].includes(uploader.user)
  if (member && project.status !== 'archived') return undefined
  const who = uploader.user === undefined ? 'The given token' : `The user '${uploader.user}'`
  return refusal(403, `${who} isn't allowed to upload to project '${project.name}'. See https://${site.host}/help/#project-name for more information.`)
}

/** Names that read alike are one name to warehouse's `ultranormalize_name`. */
function lookAlike(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '').replace(/[l1i]/g, '1').replace(/o/g, '0')
}
