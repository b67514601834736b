// References to secrets. A plan, a journal and a log hold the name of a secret, never its value.

/** Stands for the value of the secret with this name; `World.secret` lends the value for the length of one call. */
export interface SecretRef {
  readonly $secret: string
}

/** A copy of plain data with every text redacted: later, between the escapes of a markup, a secret would not be found any more. What is no plain data stays as it is. */
export function redacted<T>(value: T, redact: (text: string) => string): T {
  const clean = (part: unknown): unknown => {
    if (typeof part === 'string') return redact(part)
    if (Array.isArray(part)) return part.map(clean)
    if (part === null || typeof part !== 'object' || Object.getPrototypeOf(part) !== Object.prototype) return part
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, clean(each)]))
  }
  return clean(value) as T
}
