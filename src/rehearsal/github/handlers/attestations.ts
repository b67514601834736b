// Attestations: signed statements kept by the digests of what they are about.
import type { Json, JsonObject } from '../../../model/json.ts'
import { jsonReply } from '../../service.ts'
import { cursorReply } from '../paging.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Attestation } from '../state.ts'

/** Words for types of statements, beside the types themselves. */
const SHORT: Readonly<Record<string, RegExp>> = {
  provenance: /^https:\/\/slsa\.dev\/provenance\/v1$/,
  sbom: /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)/,
  release: /^https:\/\/in-toto\.io\/attestation\/release\//,
}

/** Attestations. */
export const attestationRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/attestations',
    operation: 'repos/create-attestation',
    page: 'rest/repos/attestations#create-an-attestation',
    needs: { part: 'attestations', level: 'write' },
    handle: async ({ state, body }) => {
      if (!state.attestable) throw new Refusal(403, 'Feature not available for user-owned private repositories. To enable this feature, please make this repository public.')
      const attestation: Attestation = { id: state.nextId(), ...readBundle(body['bundle'] ?? null) }
      state.attestations.push(attestation)
      return jsonReply(201, { id: attestation.id })
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/attestations/{subject_digest}',
    operation: 'repos/list-attestations',
    page: 'rest/repos/attestations#list-attestations',
    needs: { part: 'attestations', level: 'read' },
    handle: async (ask) => {
      const type = ask.query.get('predicate_type')
      const found = ask.state.attestations.filter(({ subjects, predicateType }) => subjects.includes(ask.params['subject_digest'] ?? '') && (type === null || isOf(predicateType, type)))
      if (found.length === 0) throw notFound()
      return cursorReply(ask, found, (shown) => ({ attestations: shown.map((attestation) => attestationView(ask, attestation)) }))
    },
  },
]

function isOf(predicateType: string, asked: string): boolean {
  return Object.hasOwn(SHORT, asked) ? SHORT[asked]?.test(predicateType) === true : predicateType === asked
}

function attestationView({ call }: Ask, { id, bundle }: Attestation): Record<string, unknown> {
  return { bundle, repository_id: 1, bundle_url: call.address(`https://tmaproduction.blob.core.windows.net/attestations/1/${id}.json.sn`), initiator: 'user' }
}

/** Reads what a bundle is about. GitHub verifies the signature as well; the rehearsal leaves that to who signs and verifies. */
function readBundle(bundle: Json): Pick<Attestation, 'bundle' | 'subjects' | 'predicateType'> {
  const whole = objectIn(bundle)
  const material = objectIn(whole['verificationMaterial'])
  const { payload, signatures } = objectIn(whole['dsseEnvelope'])
  if (!/^application\/vnd\.dev\.sigstore\.bundle/.test(textIn(whole['mediaType'])) || Object.keys(material).length === 0 || !Array.isArray(signatures) || signatures.length !== 1) throw unreadable()
  const statement = statementIn(textIn(payload))
  const listed = statement['subject']
  const subjects = (Array.isArray(listed) ? (listed as readonly Json[]) : []).map((subject) => `sha256:${textIn(objectIn(objectIn(subject)['digest'])['sha256'])}`)
  if (subjects.length === 0) throw unreadable()
  return { bundle: whole, subjects, predicateType: textIn(statement['predicateType']) }
}

function statementIn(payload: string): JsonObject {
  try {
    return objectIn(JSON.parse(Buffer.from(payload, 'base64').toString()) as Json)
  } catch {
    throw unreadable()
  }
}

function objectIn(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable()
  return value as JsonObject
}

function textIn(value: Json | undefined): string {
  if (typeof value !== 'string') throw unreadable()
  return value
}

// GitHub begins so; its words for each fault are not published.
function unreadable(): Refusal {
  return new Refusal(422, 'Invalid Argument - the bundle holds no signed in-toto statement')
}
