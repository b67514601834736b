// What an SBOM says, whatever its format.
import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import type { Component } from './component.ts'
import type { Licence } from './licence.ts'
import type { Distro } from './package.ts'

/** What is described, and what is in it. */
export interface Inventory {
  readonly of: 'image' | 'package'
  readonly root: {
    /** The image with its registry, or the Python package. */
    readonly name: string
    readonly version: string
    readonly purl: string
    /** Of the image's manifest for one platform, or of the wheel. */
    readonly sha256: Digest
    readonly licence: Licence | undefined
  }
  /** What else is known of it, name and value. */
  readonly notes: readonly (readonly [name: string, value: string])[]
  readonly distro: Distro | undefined
  readonly components: readonly Component[]
  /** Seconds since 1970: the release's own date. */
  readonly epoch: number
}

/** A UUID made from content, in the form that is kept for such (version 8, https://www.rfc-editor.org/rfc/rfc9562#section-5.8). */
export function uuidOf(content: Json): string {
  const hex = createHash('sha256').update(canonicalJson(content)).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(18, 20)}`, hex.slice(20, 32)].join('-')
}
