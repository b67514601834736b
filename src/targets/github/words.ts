// Pure: small texts that GitHub's kinds share.
import type { SecretRef } from '../../model/secret.ts'

/** The secret that examples name. */
export const TOKEN: SecretRef = { $secret: 'GITHUB_TOKEN' }

/** A word as a shell reads it back unchanged. */
export function wordOf(text: string): string {
  return /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`
}

/** Fills `{name}`, `{version}` and `{tag}` into a template of a title. */
export function fillTitle(template: string, values: { readonly name: string; readonly version: string; readonly tag: string }): string {
  return template.replace(/\{(name|version|tag)\}/g, (_, word: keyof typeof values) => values[word])
}
