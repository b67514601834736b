// A signed statement and a document of findings for tests, as their makers would write them. Nobody has signed anything.
import type { Digest } from '../../model/plan.ts'

/** A Sigstore bundle about the subject; another signature makes it another bundle. */
export function bundleText({ subject, signature = 'c2lnbmVk' }: { readonly subject: Digest; readonly signature?: string }): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'one-1.1.0.tar.gz', digest: { sha256: subject.slice('sha256:'.length) } }],
    predicateType: 'https://slsa.dev/provenance/v1', predicate: {},
  }
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { certificate: { rawBytes: 'Y2VydA==' }, tlogEntries: [] },
    dsseEnvelope: { payload: Buffer.from(JSON.stringify(statement)).toString('base64'), payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: signature, keyid: '' }] },
  })
}

/** A SARIF document with one run for each count of results. */
export function sarifText(...counts: readonly number[]): string {
  const runs = counts.map((count) => ({
    tool: { driver: { name: 'Slipway (osv)', version: '1.0.0', rules: [{ id: 'CVE-2026-0001' }] } },
    results: Array.from({ length: count }, () => ({ ruleId: 'CVE-2026-0001', message: { text: 'A package is vulnerable.' } })),
  }))
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs })
}
