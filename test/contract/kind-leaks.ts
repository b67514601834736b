// Looks for secrets in texts, in every form in which one may be written.
import { inspect } from 'node:util'
import type { SecretValues } from '../support/ground.ts'

/** The names of the secrets that can be read in a value, however deep. */
export function leaksIn(value: unknown, secrets: SecretValues): readonly string[] {
  const text = inspect(value, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity, breakLength: Infinity, showHidden: true })
  return Object.entries(secrets).filter(([, secret]) => formsOf(secret).some((form) => text.includes(form))).map(([name]) => name)
}

/** Plain, in an address, in hexadecimal, and in base64 at each of the three places where it may begin. */
function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    // The characters at both ends depend on what stands around the secret.
    return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6))
  })
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...base64]
}
