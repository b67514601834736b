// Identity tokens: what GitHub says of a job, signed, and how Fulcio checks that it is so.
import { randomUUID, sign, verify } from 'node:crypto'
import type { Call, Reply } from '../service.ts'
import { jsonReply } from '../service.ts'
import type { SigstoreState } from './state.ts'

/** Who issues the tokens. */
export const ISSUER = 'https://token.actions.githubusercontent.com'

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>

const MINUTES = 60

/** Answers a job that asks for its token (https://docs.github.com/actions/reference/security/oidc). */
export function giveToken(state: SigstoreState, { method, url, headers }: Call): Reply {
  if (method !== 'GET') return jsonReply(405, { message: 'Method Not Allowed' })
  const bearer = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer === undefined || !state.tokens.includes(bearer)) return jsonReply(401, { message: 'The token is not valid, or its job is over.' })
  return jsonReply(200, { count: 1, value: identityToken(state, { aud: url.searchParams.get('audience') ?? `https://github.com/${owner(state)}` }) })
}

/** A token of the job, with a number of its own. Claims given here stand in place of GitHub's. */
export function identityToken(state: SigstoreState, claims: Claims = {}): string {
  const { repository, workflow, ref, sha, run, attempt } = state.job
  const now = Math.floor(state.now().getTime() / 1000)
  const workflowRef = `${repository}/${workflow}@${ref}`
  const all = {
    jti: randomUUID(), iss: ISSUER, sub: `repo:${repository}:ref:${ref}`, aud: 'sigstore', iat: now, nbf: now - 5 * MINUTES, exp: now + 5 * MINUTES,
    actor: owner(state), actor_id: '1001', repository, repository_id: '2001', repository_owner: owner(state), repository_owner_id: '1001', repository_visibility: 'public',
    ref, ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch', ref_protected: 'true', base_ref: '', head_ref: '', sha,
    event_name: 'workflow_dispatch', workflow: 'Release', workflow_ref: workflowRef, workflow_sha: sha, job_workflow_ref: workflowRef, job_workflow_sha: sha,
    run_id: String(run), run_number: String(run), run_attempt: String(attempt), runner_environment: 'github-hosted',
    ...claims,
  }
  const signed = [{ typ: 'JWT', alg: 'ES256', kid: 'rehearsal' }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: state.issuerKey.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** The claims of a token that is good now and for this audience, else undefined. */
export function checkedClaims(state: SigstoreState, token: string, audience = 'sigstore'): Claims | undefined {
  const [head = '', payload = '', signature = '', ...more] = token.split('.')
  const key = { key: state.issuerKey.publicKey, dsaEncoding: 'ieee-p1363' } as const
  if (more.length > 0 || !verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))) return undefined
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  const now = state.now().getTime() / 1000
  return claims['iss'] === ISSUER && claims['aud'] === audience && Number(claims['exp']) > now && Number(claims['nbf']) <= now ? claims : undefined
}

function owner({ job }: SigstoreState): string {
  return job.repository.split('/')[0] ?? ''
}
