// The Sigstore bundle: envelope, certificate, log entry and timestamp in one file that can be verified without asking anybody.
import { X509Certificate } from 'node:crypto'
import type { Bundle } from '@sigstore/bundle'
import { openEnvelope } from './envelope.ts'
import type { LogEntry, Logged } from './rekor.ts'

/** The media type of a bundle: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
export const BUNDLE_MEDIA = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Who has seen a signature. */
export interface Witnesses {
  readonly entry?: LogEntry
  /** The answer of a timestamp authority, base64. */
  readonly timestamp?: string | undefined
}

/** The text of a bundle v0.3, with the one certificate and not its chain. */
export async function bundleText({ envelope, certificate }: Logged, { entry, timestamp }: Witnesses): Promise<string> {
  // CommonJS: bundled, it has a default export alone.
  const { default: { bundleToJSON, toDSSEBundle } } = await import('@sigstore/bundle')
  const { payload, payloadType, signature } = openEnvelope(envelope)
  const bundle = toDSSEBundle({ artifact: payload, artifactType: payloadType, signature, certificate: new X509Certificate(certificate).raw, certificateChain: false })
  bundle.verificationMaterial.tlogEntries = entry === undefined ? [] : [asTransparencyLogEntry(entry)]
  if (timestamp !== undefined) bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: Buffer.from(timestamp, 'base64') }] }
  return JSON.stringify(bundleToJSON(bundle))
}

function asTransparencyLogEntry({ body, integratedTime, logID, logIndex, verification }: LogEntry): Bundle['verificationMaterial']['tlogEntries'][number] {
  const { signedEntryTimestamp, inclusionProof } = verification
  const { checkpoint, hashes, rootHash, treeSize } = inclusionProof
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex') },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64') },
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      rootHash: Buffer.from(rootHash, 'hex'),
      treeSize: String(treeSize),
      hashes: hashes.map((hash) => Buffer.from(hash, 'hex')),
      checkpoint: { envelope: checkpoint },
    },
    canonicalizedBody: Buffer.from(body, 'base64'),
  }
}
