// Pure: small texts that GitHub's kinds share.
import type { Artifact } from '../../model/plan.ts'
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

/** The artifacts that are files of the release, without those that only their own target publishes. */
export function published(artifacts: readonly Artifact[]): readonly Artifact[] {
  return artifacts.filter(({ internal }) => internal !== true)
}
