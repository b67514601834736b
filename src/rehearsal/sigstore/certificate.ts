// Certificates as bytes: just enough DER to give one another time.
import { sign, type KeyObject } from 'node:crypto'

/** Where an element begins, where its content begins, and where it ends. */
interface Element {
  readonly start: number
  readonly content: number
  readonly end: number
}

const FROM = '200101000000Z'
const TO = '491231235959Z'

/** A self-signed certificate (ECDSA with SHA-384), good from 2020 to 2049 and signed anew. */
export function redated(der: Uint8Array, key: KeyObject): Uint8Array<ArrayBuffer> {
  const [signed, algorithm] = inside(der, elementAt(der, 0))
  if (signed === undefined || algorithm === undefined) throw new Error('This is no certificate.')
  // Version, serial number, algorithm, issuer, validity: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
  const validity = inside(der, signed)[4]
  const dates = validity === undefined ? [] : inside(der, validity)
  const copy = Buffer.from(der)
  for (const [index, text] of [FROM, TO].entries()) {
    const date = dates[index]
    if (date === undefined || date.end - date.content !== text.length) throw new Error('This certificate writes its dates in another way.')
    copy.write(text, date.content, 'latin1')
  }
  const body = copy.subarray(signed.start, signed.end)
  const signature = sign('sha384', body, key)
  return Uint8Array.from(element(0x30, [body, copy.subarray(algorithm.start, algorithm.end), element(0x03, [Buffer.of(0), signature])]))
}

/** PEM in lines of 64 characters, as Go writes it. */
export function asPem(der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function elementAt(der: Uint8Array, start: number): Element {
  const first = der[start + 1] ?? 0
  const more = first < 0x80 ? 0 : first & 0x7f
  const content = start + 2 + more
  const length = more === 0 ? first : Buffer.from(der).readUIntBE(start + 2, more)
  return { start, content, end: content + length }
}

function inside(der: Uint8Array, { content, end }: Element): readonly Element[] {
  const found: Element[] = []
  for (let at = content; at < end; at = found.at(-1)?.end ?? end) found.push(elementAt(der, at))
  return found
}

function element(tag: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}
