// A timestamp: an authority (RFC 3161) says when it was shown a signature.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { HttpAnswer, Look, World } from '../../model/world.ts'
import { evidenceKey, recordEvidence } from '../checks/evidence.ts'
import { bundleText } from './bundle.ts'
import { openEnvelope } from './envelope.ts'
import type { Kept, Recipe } from './signature.ts'
import { troubleOf } from './trouble.ts'
import { verifyParts } from './verified.ts'

/** Where Sigstore's own authority gives timestamps. */
export const SIGSTORE_TIMESTAMPS = 'https://timestamp.sigstore.dev/api/v1/timestamp'

/** A timestamp that was kept: the answer of the authority in base64. */
export const timestamp = z.object({ timestamp: z.base64() })

/** How a signature is timestamped by this authority. */
export type Stamping = Recipe & { readonly timestamps: string }

/** The timestamp of a signature that was kept here, undefined where there is none. */
export async function keptTimestamp(look: Look, { by, timestamps }: Stamping, { id }: Kept): Promise<string | undefined> {
  const found = await look.evidence.find(keyOf(by, timestamps, id))
  return timestamp.safeParse(found?.output).data?.timestamp
}

/**
 * Asks for the timestamp of a signature, verifies it against the trusted root, and keeps it. Nobody else sees it, so a lost answer is asked for
 * again. Throws Refused `request-refused` or `signature-invalid`, and a plain Error where there was no answer.
 */
export async function askTimestamp(world: World, recipe: Stamping, kept: Kept): Promise<string> {
  const { by, what, timestamps } = recipe
  const answer = await ask(world, recipe, kept)
  const text = Buffer.from(answer.body).toString('base64')
  const unlogged = await bundleText(kept, { timestamp: text })
  await verifyParts(unlogged, {
    what, trustedRoot: await world.trustedRoot(), timestamped: true, unlogged: true,
    hint: `Nothing is in the public log yet. Let "timestamps" under "provenance" in slipway.yaml name an authority that the trusted root knows (SLIPWAY_TRUSTED_ROOT for one of your own), or set it to false to do without.`,
  })
  await recordEvidence(world, { key: keyOf(by, timestamps, kept.id), title: `timestamp of the ${what}`, passed: true, output: { timestamp: text } })
  return text
}

async function ask(world: World, { what, timestamps }: Stamping, { envelope }: Kept): Promise<HttpAnswer> {
  const { host } = new URL(timestamps)
  const request = { method: 'POST' as const, url: timestamps, headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }, body: queryOf(openEnvelope(envelope).signature) }
  const later = 'nothing is in the public log yet, so run the same command again, or set "timestamps: false" under "provenance" in slipway.yaml'
  const answer = await world.http(request).catch((error: unknown) => {
    if (error instanceof Refused) throw error
    throw new Error(`${host} did not attest the time of the ${what} (${error instanceof Error ? error.message : String(error)}); ${later}.`, { cause: error })
  })
  const remedy = 'Nothing is in the public log yet. See what it says, and look at "timestamps" under "provenance" in slipway.yaml: an authority that anybody may ask, or false to do without.'
  if (answer.status !== 200 && answer.status !== 201) throw troubleOf(answer, { of: host, to: `attest the time of the ${what}`, remedy, later })
  const status = statusIn(answer.body)
  if (status === undefined) throw new Error(`${host} gave an answer without a timestamp of the ${what}; ${later}.`)
  // Granted, or granted with changes: https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
  if (status > 1) throw new Refused({ code: 'request-refused', message: `${host} refused to attest the time of the ${what} (PKI status ${status}).`, hint: remedy })
  return answer
}

/** A query about the SHA-256 of a signature (https://www.rfc-editor.org/rfc/rfc3161#section-2.4.1). It needs no nonce: no older answer can be about a new signature. */
function queryOf(signature: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('30360201013031300d060960864801650304020105000420', 'hex'), createHash('sha256').update(signature).digest()])
}

/** The PKI status of an answer in DER, undefined for what is none. */
function statusIn(der: Uint8Array): number | undefined {
  const inside = (at: number): number => at + 2 + ((der[at + 1] ?? 0) < 0x80 ? 0 : (der[at + 1] ?? 0) & 0x7f)
  const status = inside(inside(0))
  return der[0] === 0x30 && der[inside(0)] === 0x30 && der[status] === 0x02 && der[status + 1] === 1 ? der[status + 2] : undefined
}

function keyOf(by: string, timestamps: string, id: string): string {
  return evidenceKey(`${by}.timestamp`, { timestamps, id })
}
