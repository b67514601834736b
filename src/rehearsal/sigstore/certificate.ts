// Certificates of a rehearsal's authorities: given another time, and written as text.
import { sign, type KeyObject } from 'node:crypto'
import { element, elementAt, inside } from './der.ts'

const FROM = '200101000000Z'
const TO = '491231235959Z'

/** A certificate that this key has signed (ECDSA with SHA-384), good from 2020 to 2049 and signed anew. */
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
