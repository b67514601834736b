// What a rehearsal's signatures are verified against.
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../model/json.ts'
import { REKOR } from './authority.ts'
import type { SigstoreState } from './state.ts'
import { TIMESTAMPS } from './timestamp-authority.ts'

const validFor = { start: '2020-01-01T00:00:00Z' }

/** A TrustedRoot document (https://github.com/sigstore/protobuf-specs) with this state's authorities and logs, and no others. */
export async function trustedRoot(state: SigstoreState): Promise<Json> {
  const { root, keys, timestamps } = await state.authority()
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(REKOR, keys.log)],
    certificateAuthorities: [{
      subject: { commonName: 'sigstore', organization: 'sigstore.mock' },
      uri: 'https://fulcio.sigstore.dev',
      certChain: { certificates: [{ rawBytes: base64(root) }] },
      validFor,
    }],
    ctlogs: [logOf('https://ctfe.sigstore.dev', keys.certificateLog)],
    timestampAuthorities: [{
      subject: { commonName: 'tsa signing', organization: 'sigstore.mock' },
      uri: TIMESTAMPS,
      certChain: { certificates: timestamps.chain.map((rawBytes) => ({ rawBytes: base64(rawBytes) })) },
      validFor,
    }],
  }
}

function logOf(baseUrl: string, key: Uint8Array): JsonObject {
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(key), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: createHash('sha256').update(key).digest('base64') },
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
