// Tokens that somebody wrote into the file where only their variable's name belongs.
import type { Path } from './config.ts'

// The prefixes that PyPI, GitHub and npm publish for secret scanners, followed by enough letters to be a token and not a name.
const TOKEN = /\b(?:pypi-Ag[\w-]{8,}|gh[pousr]_\w{16,}|github_pat_\w{16,}|npm_[A-Za-z0-9]{30,})/
const TOKEN_PREFIX = /^(?:pypi-|gh[pousr]_|github_pat_|npm_)\S/
const SECRET_KEY = /token|secret|password|credential/i

/** True when a value under this path is a token itself; under a key that asks for a secret the prefix is enough. */
export function isLiteralSecret(path: Path, value: string): boolean {
  const asksForSecret = path.some((part) => typeof part === 'string' && SECRET_KEY.test(part))
  return TOKEN.test(value) || (asksForSecret && TOKEN_PREFIX.test(value.trim()))
}

/** True when a text has a token in it. */
export function holdsToken(text: string): boolean {
  return TOKEN.test(text)
}

/** The same text with every token in it left out. */
export function withoutTokens(text: string): string {
  return text.replaceAll(new RegExp(TOKEN, 'g'), '…')
}

/** The variable whose name to write instead of the token. */
export function variableFor(value: string): string {
  if (value.includes('pypi-')) return 'PYPI_TOKEN'
  return value.includes('npm_') ? 'NPM_TOKEN' : 'GITHUB_TOKEN'
}
