// Rekor v1: takes each entry once, and gives it to whoever asks (rekor:openapi.yaml).
import { createHash, createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto'
import { canonicalJson, type JsonObject } from '../../model/json.ts'
import { jsonReply, type Call, type Reply } from '../service.ts'
import { asPem } from './certificate.ts'
import type { SigstoreState } from './state.ts'

const PATH = '/api/v1/log/entries'

/** The number of the shard, which stands before the leaf hash in a whole id. */
const TREE = '108e9186e8c5677a'

/** Answers for the entries of the log. */
export async function serveLog(state: SigstoreState, call: Call): Promise<Reply> {
  const { method, url: { pathname } } = call
  if (pathname === PATH) return method === 'POST' ? enter(state, call) : refusal(405, `method ${method} is not allowed, but [POST] are`)
  if (!pathname.startsWith(`${PATH}/`)) return refusal(404, `path ${pathname} was not found`)
  return method === 'GET' ? find(state, pathname.slice(PATH.length + 1)) : refusal(405, `method ${method} is not allowed, but [GET] are`)
}

function find(state: SigstoreState, id: string): Reply {
  if (!/^(?:[0-9a-f]{64}|[0-9a-f]{80})$/.test(id)) return refusal(422, 'entryUUID in path should match \'^([0-9a-fA-F]{64}|[0-9a-fA-F]{80})$\'')
  const leaf = id.slice(-64)
  const entry = id.length === 80 && !id.startsWith(TREE) ? undefined : state.entries.get(leaf)
  return entry === undefined ? refusal(404, 'entry not found') : jsonReply(200, { [TREE + leaf]: entry })
}

async function enter(state: SigstoreState, call: Call): Promise<Reply> {
  const body = canonicalBody(call)
  if (typeof body === 'string') return refusal(400, body)
  const leaf = createHash('sha256').update(Buffer.of(0)).update(canonicalJson(body)).digest('hex')
  const location = { location: `${PATH}/${TREE}${leaf}` }
  const conflict = (): Reply => jsonReply(409, { code: 409, message: `an equivalent entry already exists in the transparency log with UUID ${TREE}${leaf}` }, location)
  if (state.entries.has(leaf)) return conflict()
  const entry = await (await state.authority()).enter(body)
  // Another may have come in the meantime.
  if (state.entries.has(leaf)) return conflict()
  state.entries.set(leaf, entry)
  return jsonReply(201, { [TREE + leaf]: entry }, location)
}

interface Proposed {
  readonly kind?: unknown
  readonly apiVersion?: unknown
  readonly spec?: { readonly proposedContent?: { readonly envelope?: string; readonly verifiers?: readonly string[] } }
}

interface Envelope {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly sig: string }[]
}

/** What the log keeps of a proposed DSSE envelope whose signatures hold (rekor:pkg/types/dsse/v0.0.1), or what is wrong with it. */
function canonicalBody({ body }: Call): JsonObject | string {
  try {
    const { kind, apiVersion, spec } = JSON.parse(new TextDecoder().decode(body)) as Proposed
    if (kind !== 'dsse' || apiVersion !== '0.0.1') return 'error processing entry: this rehearsal knows entries of the kind dsse 0.0.1 only'
    const { envelope = '', verifiers = [] } = spec?.proposedContent ?? {}
    const { payload, payloadType, signatures } = JSON.parse(envelope) as Envelope
    const bytes = Buffer.from(payload, 'base64')
    const signed = Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${bytes.length} `), bytes])
    const keys = verifiers.map((verifier) => readVerifier(Buffer.from(verifier, 'base64').toString()))
    const holding = signatures.map(({ sig }) => ({ sig, by: keys.find(({ key }) => verify('sha256', signed, key, Buffer.from(sig, 'base64'))) }))
    if (holding.length === 0 || holding.some(({ by }) => by === undefined)) return 'error processing entry: invalid signature: could not verify envelope'
    return {
      apiVersion,
      kind,
      spec: {
        envelopeHash: { algorithm: 'sha256', value: sha256(envelope) },
        payloadHash: { algorithm: 'sha256', value: sha256(bytes) },
        signatures: holding.map(({ sig, by }) => ({ signature: sig, verifier: Buffer.from(by?.pem ?? '').toString('base64') })),
      },
    }
  } catch (error) {
    return `error processing entry: ${error instanceof Error ? error.message : String(error)}`
  }
}

function readVerifier(pem: string): { readonly key: KeyObject; readonly pem: string } {
  if (!pem.includes('BEGIN CERTIFICATE')) {
    const key = createPublicKey(pem)
    return { key, pem: key.export({ type: 'spki', format: 'pem' }).toString() }
  }
  const { publicKey, raw } = new X509Certificate(pem)
  return { key: publicKey, pem: asPem(raw) }
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function refusal(status: number, message: string): Reply {
  return jsonReply(status, { code: status, message })
}
