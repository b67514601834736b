// Trusted publishing: the identity token of a job for an upload token (warehouse:warehouse/oidc/views.py, utils.py, models/github.py).
import { randomBytes } from 'node:crypto'
import { jsonReply, type Call, type Reply } from '../service.ts'
import { checkedClaims, ISSUER, type Claims } from '../sigstore/tokens.ts'
import { normalName } from './names.ts'
import type { IndexName, Site } from './site.ts'
import { addProject, findProject, type PendingPublisher, type Publisher } from './state.ts'

const LIFE_SECONDS = 15 * 60

/** Answers `/_/oidc/audience` and `/_/oidc/mint-token`. The audience is the name of the index. */
export function exchange({ state, sigstore }: Site, audience: IndexName, { method, url: { pathname }, body }: Call): Reply {
  if (pathname === '/_/oidc/audience') return method === 'GET' ? jsonReply(200, { audience }) : jsonReply(405, { message: 'Method Not Allowed' })
  if (pathname !== '/_/oidc/mint-token') return jsonReply(404, { message: 'Not Found' })
  if (method !== 'POST') return jsonReply(405, { message: 'Method Not Allowed' })
  if (sigstore === undefined) return refused('not-enabled', 'Trusted publishing functionality not enabled')
  const token = tokenIn(body)
  if (token === undefined) return refused('invalid-payload', '1 validation error for TokenPayload\ntoken\n  Field required')
  const unverified = unverifiedClaims(token)
  if (unverified === undefined) return refused('invalid-payload', 'malformed JWT')
  if (unverified['iss'] !== ISSUER) return refused('invalid-payload', 'unknown trusted publishing issuer')
  const claims = checkedClaims(sigstore, token, audience)
  if (claims === undefined) return refused('invalid-token', 'malformed or invalid token')
  const shown = claimText(claims, 'jti')
  if (state.shown.has(shown)) return refused('invalid-reuse-token', 'invalid token: already used')

  const pending = state.pending.find((one) => isJob(one, claims))
  if (pending !== undefined) {
    state.pending.splice(0, Infinity, ...state.pending.filter((one) => normalName(one.project) !== normalName(pending.project)))
    if (findProject(state, pending.project) !== undefined) return refused('invalid-pending-publisher', 'valid token, but project already exists')
    const { project, addedBy, ...job } = pending
    addProject(state, { name: project, owners: [addedBy], maintainers: [], status: 'active' })
    state.publishers.push({ ...job, projects: [project] })
  }
  const publisher = claimText(claims, 'event_name') === 'pull_request_target' ? undefined : state.publishers.find((one) => isJob(one, claims))
  if (publisher === undefined) return refused('invalid-publisher', 'valid token, but no corresponding publisher (Publisher with matching claims was not found)')
  state.shown.add(shown)
  const expires = Math.floor(state.now().getTime() / 1000) + LIFE_SECONDS
  const minted = `pypi-${randomBytes(48).toString('base64url')}`
  state.tokens.push({ token: minted, projects: publisher.projects, expires: new Date(expires * 1000), publisher })
  return jsonReply(200, { success: true, token: minted, expires })
}

/** True for the job that was registered: repository and environment in any case of letters, the workflow's file to the letter. */
function isJob({ repository, workflow, environment }: Publisher | PendingPublisher, claims: Claims): boolean {
  const same = (name: string, wanted: string): boolean => claimText(claims, name).toLowerCase() === wanted.toLowerCase()
  return same('repository', repository) && claimText(claims, 'job_workflow_ref').startsWith(`${claimText(claims, 'repository')}/.github/workflows/${workflow}@`)
    && (environment === undefined || same('environment', environment))
}

function tokenIn(body: Uint8Array): string | undefined {
  try {
    const { token } = JSON.parse(new TextDecoder().decode(body)) as { readonly token?: unknown }
    return typeof token === 'string' ? token : undefined
  } catch {
    return undefined
  }
}

function unverifiedClaims(token: string): Claims | undefined {
  try {
    const [, payload = '', , ...more] = token.split('.')
    return more.length > 0 ? undefined : JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  } catch {
    return undefined
  }
}

function claimText(claims: Claims, name: string): string {
  const value = claims[name]
  return typeof value === 'string' ? value : ''
}

function refused(code: string, description: string): Reply {
  return jsonReply(422, { message: 'Token request failed', errors: [{ code, description }] })
}
