// Pure: names made from templates, and words for a shell.

/** Fills `{version}` into a template. */
export function fillVersion(template: string, version: string): string {
  return template.replaceAll('{version}', version)
}

/** A word as a shell reads it back unchanged. */
export function shellWord(word: string): string {
  return /^[\w./:@^{}=+,-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`
}
