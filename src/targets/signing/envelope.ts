// DSSE envelopes: what is signed, how it is written, and which entry of the log it becomes.
import { createHash, sign, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, type JsonObject } from '../../model/json.ts'

const envelope = z.object({ payload: z.string(), payloadType: z.string(), signatures: z.tuple([z.object({ sig: z.string() })]) })

/** The type of a statement: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'

/** The media type of a statement, signed or not. */
export const STATEMENT_MEDIA = 'application/vnd.in-toto+json'

/** An envelope in parts. */
export interface Opened {
  readonly payload: Buffer
  readonly payloadType: string
  readonly signature: Buffer
}

/** Signs a statement. The text of the envelope is final: its digest goes into the log. */
export function sealEnvelope(statement: string, key: KeyObject): string {
  const payload = Buffer.from(statement)
  const signature = sign('sha256', preAuthEncoding(STATEMENT_MEDIA, payload), key)
  return JSON.stringify({ payload: payload.toString('base64'), payloadType: STATEMENT_MEDIA, signatures: [{ sig: signature.toString('base64') }] })
}

/** Reads an envelope. Throws when it is none, or has not exactly one signature. */
export function openEnvelope(text: string): Opened {
  const { payload, payloadType, signatures: [{ sig }] } = envelope.parse(JSON.parse(text))
  return { payload: Buffer.from(payload, 'base64'), payloadType, signature: Buffer.from(sig, 'base64') }
}

/** The bytes that are signed: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload])
}

/** What is proposed to the log. The certificate is in PEM. */
export function proposedEntry(text: string, certificate: string): JsonObject {
  return { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent: { envelope: text, verifiers: [base64(certificate)] } } }
}

/** The body that the log makes of it (rekor:pkg/types/dsse/v0.0.1). */
export function loggedBody(text: string, certificate: string): string {
  const { payload, signature } = openEnvelope(text)
  return canonicalJson({
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(text) },
      payloadHash: { algorithm: 'sha256', value: sha256(payload) },
      signatures: [{ signature: signature.toString('base64'), verifier: base64(certificate) }],
    },
  })
}

/** The id under which the log has the entry in any of its shards: the leaf hash of RFC 6962, 64 hexadecimal digits. */
export function entryId(text: string, certificate: string): string {
  return createHash('sha256').update(Buffer.of(0)).update(loggedBody(text, certificate)).digest('hex')
}

/** A certificate in PEM as Go writes it, so that the log finds nothing to change in it. */
export function asPem(der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
