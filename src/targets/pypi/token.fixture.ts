// Tokens as PyPI makes them, with a signature that opens nothing. For tests.

/** A macaroon of format 2 with these caveats, as `pypi-…`. */
export function tokenOf(index: string, ...caveats: readonly string[]): string {
  const field = (type: number, text: string): Buffer => {
    const bytes = Buffer.from(text)
    const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]
    return Buffer.concat([Buffer.from([type, ...length]), bytes])
  }
  const end = Buffer.from([0])
  const parts = [Buffer.from([2]), field(1, index), field(2, '5f1f0f06-0000-4000-8000-000000000000'), end, ...caveats.flatMap((caveat) => [field(2, caveat), end]), end, field(6, 'x'.repeat(32))]
  return `pypi-${Buffer.concat(parts).toString('base64url')}`
}
