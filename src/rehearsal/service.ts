// A service of the rehearsal world: state plus a handler that knows nothing of sockets.

/** One request as a service sees it, at its public address. Header names are in lower case. */
export interface Call {
  readonly method: string
  /** The public address, e.g. `https://upload.pypi.org/legacy/`. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Where a public address is served to this caller; services put nothing but such addresses into answers. */
  address(url: string): string
}

/** A whole answer. */
export interface Reply {
  readonly status: number
  /** The HTTP reason phrase; the standard one when missing. */
  readonly reason?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
}

/** An outside system, served by its public host names. */
export interface Service {
  /** Public host names, e.g. `upload.pypi.org`. */
  readonly hosts: readonly string[]
  /** True for a call that changes nothing, where its method does not tell (a GraphQL query). */
  reads?(call: Call): boolean
  handle(call: Call): Promise<Reply>
}

/** A JSON answer. */
export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) }
}
