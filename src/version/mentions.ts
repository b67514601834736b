// Lines of a text that name a version.
import { tryPep440 } from './pep440.ts'
import { VERSION_END, VERSION_START, literalSource } from './version-text.ts'

/**
 * The 1-based lines that name the version as a whole, in its SemVer or its PEP 440 form: for 2.0.0 neither 12.0.0, 2.0.01 nor
 * 2.0.0-rc.1, but v2.0.0 and the name of a wheel. Throws SlipwayError `version-invalid` when it is no version.
 */
export function mentions(content: string, version: string): readonly number[] {
  const forms = [...new Set([version, tryPep440(version) ?? version])]
  // Most files name it nowhere; a plain search says so far quicker than the expression.
  if (!forms.some((form) => content.includes(form))) return []
  const found = new RegExp(`${VERSION_START}(?:${forms.map(literalSource).join('|')})${VERSION_END}`, 'u')
  return content.split('\n').flatMap((line, index) => (found.test(line) ? [index + 1] : []))
}
