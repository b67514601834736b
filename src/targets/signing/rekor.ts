// Rekor v1: the public log that a signature is entered in once and for ever.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { bodyJson } from '../../model/http.ts'
import { parseJson } from '../../model/json.ts'
import type { HttpAnswer, Look, World } from '../../model/world.ts'
import { entryId, openEnvelope, proposedEntry } from './envelope.ts'
import { doubted, troubleOf } from './trouble.ts'

const hex = z.string().regex(/^[0-9a-f]+$/)

const entryShape = z.object({
  /** Base64 of the canonical body. */
  body: z.base64(),
  /** Seconds since 1970. */
  integratedTime: z.int(),
  logID: hex,
  logIndex: z.int(),
  verification: z.object({
    signedEntryTimestamp: z.base64(),
    inclusionProof: z.object({ checkpoint: z.string(), hashes: z.array(hex), logIndex: z.int(), rootHash: hex, treeSize: z.int() }),
  }),
})
const answerShape = z.record(hex, entryShape)
const bodyShape = z.object({ kind: z.literal('dsse'), spec: z.object({ payloadHash: z.object({ value: z.string() }), signatures: z.tuple([z.object({ signature: z.string() })]) }) })

/** An entry as the log gives it, with its id: https://github.com/sigstore/rekor/blob/main/openapi.yaml */
export type LogEntry = z.infer<typeof entryShape> & { readonly uuid: string }

/** What is to be found in the log. */
export interface Logged {
  /** The text of the envelope. */
  readonly envelope: string
  /** In PEM. */
  readonly certificate: string
}

/** The entry of a signature, undefined when the log has none. Throws Refused `request-refused`, or a plain Error where there was no answer. */
export async function findEntry(look: Look, rekor: string, logged: Logged): Promise<LogEntry | undefined> {
  return entryAt(look, rekor, { id: entryId(logged.envelope, logged.certificate), logged })
}

/** Enters a signature: one POST. An entry that is there already is given as it is. Throws like `findEntry`. */
export async function enter(world: World, rekor: string, logged: Logged): Promise<LogEntry> {
  const answer = await world.http({
    method: 'POST',
    url: `${rekor}/api/v1/log/entries`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(proposedEntry(logged.envelope, logged.certificate)),
  })
  if (answer.status === 201) return entryIn(answer, rekor, logged)
  if (answer.status !== 409) throw troubleOf(answer, { of: hostOf(rekor), to: 'enter the signature' })
  const id = /([0-9a-f]{64,80})\/?$/.exec(answer.headers['location'] ?? '')?.[1] ?? entryId(logged.envelope, logged.certificate)
  const found = await entryAt(world, rekor, { id, logged }).catch(doubted)
  if (found === undefined) throw new Error(`${hostOf(rekor)} says that it has the signature already, but does not show it.`)
  return found
}

async function entryAt(look: Look, rekor: string, { id, logged }: { readonly id: string; readonly logged: Logged }): Promise<LogEntry | undefined> {
  const answer = await look.http({ method: 'GET', url: `${rekor}/api/v1/log/entries/${id}`, headers: { accept: 'application/json' } })
  if (answer.status === 404) return undefined
  if (answer.status !== 200) throw troubleOf(answer, { of: hostOf(rekor), to: 'look for the signature' })
  return entryIn(answer, rekor, logged)
}

/** Reads an entry, and makes sure that it is about this signature. */
function entryIn(answer: HttpAnswer, rekor: string, { envelope }: Logged): LogEntry {
  const read = answerShape.safeParse(bodyJson(answer))
  const [uuid, entry] = Object.entries(read.data ?? {})[0] ?? []
  if (uuid === undefined || entry === undefined) throw new Error(`${hostOf(rekor)} gave an answer without an entry.`)
  const { payload, signature } = openEnvelope(envelope)
  const body = bodyShape.safeParse(parseJson(Buffer.from(entry.body, 'base64').toString('utf8')))
  const same = body.data?.spec.signatures[0].signature === signature.toString('base64')
    && body.data.spec.payloadHash.value === createHash('sha256').update(payload).digest('hex')
  if (!same) throw new Error(`${hostOf(rekor)} gave the entry ${uuid}, which is about another signature.`)
  return { ...entry, uuid }
}

function hostOf(address: string): string {
  return new URL(address).host
}
