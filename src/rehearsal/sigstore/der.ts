// Just enough DER (X.690) to read and write what a rehearsed Sigstore has in its hands.

/** Where an element begins, where its content begins, and where it ends. */
export interface Element {
  readonly start: number
  readonly content: number
  readonly end: number
}

/** The element that begins here. Throws RangeError where the bytes end first. */
export function elementAt(der: Uint8Array, start: number): Element {
  const first = der[start + 1] ?? 0
  const more = first < 0x80 ? 0 : first & 0x7f
  const content = start + 2 + more
  const length = more === 0 ? first : Buffer.from(der).readUIntBE(start + 2, more)
  if (content + length > der.length) throw new RangeError('The element goes on after the last byte.')
  return { start, content, end: content + length }
}

/** The elements inside of one. */
export function inside(der: Uint8Array, { content, end }: Element): readonly Element[] {
  const found: Element[] = []
  for (let at = content; at < end; at = found.at(-1)?.end ?? end) found.push(elementAt(der, at))
  return found
}

/** One element, of its parts. */
export function element(tag: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}
