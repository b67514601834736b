// Whether the timestamps of a bundle are there, and of authorities that are trusted. Whether they hold is for the verifier to say.
import type { SignedEntity, TrustMaterial } from '@sigstore/verify'

/** What is trusted, and what must be there. */
export interface Demand {
  readonly trust: Pick<TrustMaterial, 'timestampAuthorities'>
  /** True where there must be a timestamp. */
  readonly timestamped: boolean
}

/** What is wrong with the timestamps of a bundle, as the end of a sentence; undefined when nothing is. */
export function againstTimestamps({ timestamps, signature }: Pick<SignedEntity, 'timestamps' | 'signature'>, { trust, timestamped }: Demand): string | undefined {
  const stamps = timestamps.flatMap((each) => (each.$case === 'timestamp-authority' ? [each.timestamp] : []))
  if (stamps.length === 0) return timestamped ? 'no authority has attested when it was signed' : undefined
  const leaves = trust.timestampAuthorities.flatMap(({ certChain }) => certChain.slice(0, 1))
  for (const stamp of stamps) {
    if (!isReadable(stamp)) return 'its timestamp cannot be read'
    if (!leaves.some((leaf) => leaf.serialNumber.equals(stamp.signerSerialNumber) && leaf.issuer.equals(stamp.signerIssuer))) return 'its timestamp is of no authority that is trusted'
    if (!isAbout(stamp, signature.signature)) return 'its timestamp is of another signature'
  }
  return undefined
}

type Stamp = Extract<SignedEntity['timestamps'][number], { readonly $case: 'timestamp-authority' }>['timestamp']

/** The parser reads no further than it is asked to. */
function isReadable(stamp: Stamp): boolean {
  try {
    return stamp.signerSerialNumber.length > 0 && stamp.signerIssuer.length > 0 && !Number.isNaN(stamp.signingTime.getTime())
  } catch {
    return false
  }
}

function isAbout({ tstInfo }: Stamp, signature: Buffer): boolean {
  try {
    tstInfo.verify(signature)
    return true
  } catch {
    return false
  }
}
