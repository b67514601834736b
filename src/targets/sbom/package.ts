// What is known of an installed package, whoever told of it.

/** The database or the sort of file that told of a package. */
export type Source = 'dpkg' | 'apk' | 'rpm' | 'pypi' | 'npm' | 'go'

/** One installed package. */
export interface Package {
  readonly from: Source
  /** With the scope of an npm package, and as the whole path of a Go module. */
  readonly name: string
  /** Undefined where its maker did not say. */
  readonly version: string | undefined
  /** As the distribution writes it: `amd64`, `x86_64`. */
  readonly arch?: string
  readonly epoch?: string
  /** The source package, where it has another name or version: `glibc`, `glibc@2.36-9`, `curl-8.0-1.src.rpm`. */
  readonly upstream?: string
  /** As its maker wrote it; not always an SPDX expression. */
  readonly licence?: string
}

/** A package, and the file that told of it, from the root of the image. */
export interface Located extends Package {
  readonly path: string
}

/** The system that an image is made from, as `os-release` names it. */
export interface Distro {
  /** `debian` */
  readonly id: string
  /** `12`, empty for those without versions. */
  readonly version: string
}

/** Reads packages out of one sort of file. */
export interface Extractor {
  /** True for a path, without a slash at its beginning, that holds what it reads. */
  readonly matches: (path: string) => boolean
  /** Bytes; a larger file is not read. */
  readonly atMost: number
  /** What the file tells of. Throws an Error when it ought to be readable and is not. */
  readonly read: (bytes: Buffer, path: string) => Iterable<Package>
}

/** The largest file that is ever held in memory, in bytes. */
export const LARGEST = 64 * 1024 * 1024
