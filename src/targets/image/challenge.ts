// What a registry asks for before it answers: the challenge of a 401 (RFC 9110 section 11.6.1).

/** How a registry wants to be spoken to. */
export type Challenge =
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined }
  | { readonly scheme: 'basic' }

/**
 * Reads a `WWW-Authenticate` header (https://distribution.github.io/distribution/spec/auth/token/). Undefined when it holds nothing that
 * a registry may ask for.
 */
export function readChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined) return undefined
  const bearer = /\bbearer\s+(.*)$/is.exec(header)
  if (bearer !== null) {
    const values = new Map([...(bearer[1] ?? '').matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)]
      .map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '']))
    const realm = values.get('realm')
    return realm === undefined || !URL.canParse(realm) ? undefined : { scheme: 'bearer', realm, service: values.get('service') }
  }
  return /\bbasic\b/i.test(header) ? { scheme: 'basic' } : undefined
}
