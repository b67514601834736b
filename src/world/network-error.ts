// Words for the ways in which no HTTP answer came. Never holds a path, query or credential: those may be secret.
import { Refused, Unsent } from '../model/error.ts'

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'the TLS handshake failed',
}

/** Ways in which no connection came about. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_EOF_STATE'])

const distrust: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet; is the clock right?',
  CERT_REVOKED: 'it has been revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host name',
  HOSTNAME_MISMATCH: 'it is for another host name',
}

/**
 * The error to throw in place of a socket's or TLS's own. A refused certificate is Refused `certificate-refused`, since nothing was
 * sent; a connection that did not come about is Unsent; all else is a plain Error.
 */
export function networkError(host: string, error: unknown): Error {
  const code = codeOf(error)
  if (code in distrust || /^CERT_|^UNABLE_TO_/.test(code)) return certificateRefused(host, code)
  const words = unreachable[code]
  if (words !== undefined) return new (unsent.has(code) ? Unsent : Error)(`could not reach ${host}: ${words}`)
  if (broken.has(code)) return new Error(`${host} closed the connection before it had answered (${code})`)
  return new Error(`the request to ${host} failed: ${code === '' ? 'no reason was given' : code}`)
}

/** The code of a system error: its own, or that of the first address tried. Empty when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'errors' in error && Array.isArray(error.errors) ? codeOf(error.errors[0]) : ''
}

function certificateRefused(host: string, code: string): Refused {
  return new Refused({
    code: 'certificate-refused',
    message: `The certificate of ${host} was refused: ${distrust[code] ?? 'it could not be verified'} (${code}).`,
    hint: `If your network uses its own certificate authority, set NODE_EXTRA_CA_CERTS to that authority's PEM file and run again. `
      + `Otherwise do not go on: somebody may be between you and ${host}. Slipway never turns verification off.`,
  })
}
