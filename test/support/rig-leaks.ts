// Looks for secrets in bytes, plain and in the encodings in which they travel.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The places that hold a secret in any form, out of bytes by the name of their place. */
export function leaksIn(places: ReadonlyMap<string, Buffer>, secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap(formsOf)
  return [...places].flatMap(([place, bytes]) => forms.filter(({ text }) => bytes.includes(text)).map(({ form }) => `${place} holds a secret, ${form}`))
}

/** Every file below a folder. */
export function bytesBelow(folder: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)).filter((path) => statSync(path).isFile())
  return new Map(paths.map((path) => [path, readFileSync(path)]))
}

function formsOf(secret: string): readonly { readonly form: string; readonly text: string }[] {
  // What stands before a text shifts its base64 by one of three; the characters at both ends depend on the neighbours.
  const shifted = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64').replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -2))
  return [
    { form: 'plain', text: secret },
    { form: 'URL-encoded', text: encodeURIComponent(secret) },
    { form: 'in JSON', text: JSON.stringify(secret).slice(1, -1) },
    { form: 'URL-encoded in lower case', text: encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()) },
    { form: 'in HTML', text: secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`) },
    { form: 'in upper-case hexadecimal digits', text: Buffer.from(secret).toString('hex').toUpperCase() },
    { form: 'in hexadecimal digits', text: Buffer.from(secret).toString('hex') },
    ...shifted.flatMap((text) => [{ form: 'in base64', text }, { form: 'in base64url', text: text.replaceAll('+', '-').replaceAll('/', '_') }]),
  ]
}
