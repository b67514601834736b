// What slipway.yaml says under "provenance".
import { z } from 'zod'
import { GITHUB_ISSUER } from '../signing/policy.ts'
import { SIGSTORE_TIMESTAMPS } from '../signing/timestamp.ts'

const FULCIO = 'https://fulcio.sigstore.dev'

function webAddress(usual: string) {
  return address().default(usual).transform(withoutSlash)
}

function address() {
  return z.url({ protocol: /^https?$/, message: 'This is not a web address (https://…).' })
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

/** The settings of the target. */
export const settings = z.strictObject({
  sign: z.enum(['required', 'when-possible', 'never']).default('when-possible')
    .describe('Whether provenance is signed: required stops a release that has no identity to sign with; when-possible then writes it unsigned; never always writes it unsigned.'),
  fulcio: webAddress(FULCIO).describe('The authority that gives certificates for identities.'),
  rekor: webAddress('https://rekor.sigstore.dev').describe('The public log that signatures are entered in (Rekor v1).'),
  timestamps: address().transform(withoutSlash).or(z.literal(false))
    .describe('The authority (RFC 3161) that attests when it was signed, which the trusted root must know; false for none. Left out, it is that of Sigstore (https://timestamp.sigstore.dev) where `fulcio` is, too, and none elsewhere.').optional(),
  issuer: z.url().default(GITHUB_ISSUER).describe('Who must have issued the identity that signs.'),
  identity: z.string().regex(/^[^*]+\*?$/, 'An identity is written whole, or as its beginning with one * at the end.')
    .describe('The identity that must have signed, whole or as a beginning that ends in *: https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main.').optional(),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'A repository is written as owner/name.')
    .describe('The repository as owner/name that the signing workflow must belong to; that of the git remote when left out.').optional(),
})

/** The settings of the target. */
export type Settings = z.infer<typeof settings>

/** Where timestamps are asked for, whole; undefined where nobody is asked. A bare host stands for the path that Sigstore's authority has. */
export function timestampsOf({ timestamps = '', fulcio }: Pick<Settings, 'timestamps' | 'fulcio'>): string | undefined {
  if (timestamps === false) return undefined
  if (timestamps === '') return fulcio === FULCIO ? SIGSTORE_TIMESTAMPS : undefined
  return new URL(timestamps).pathname === '/' ? `${timestamps}${new URL(SIGSTORE_TIMESTAMPS).pathname}` : timestamps
}
