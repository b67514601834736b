// Packages of Debian and what is made from it, out of dpkg's database, or out of the folder that distroless images have in its place.
import { first, paragraphs } from './fields.ts'
import { LARGEST, type Extractor } from './package.ts'

/** Reads `var/lib/dpkg/status` (https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html) and `status.d`. */
export const dpkg: Extractor = {
  matches: (path) => path === 'var/lib/dpkg/status' || (/^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) && !path.endsWith('.md5sums')),
  atMost: LARGEST,
  *read(bytes, path) {
    for (const fields of paragraphs(bytes.toString('utf8'))) {
      const [name, version, arch, source] = ['package', 'version', 'architecture', 'source'].map((field) => first(fields, field))
      if (name === undefined || version === undefined) continue
      if (path === 'var/lib/dpkg/status' && !/\sinstalled$/.test(first(fields, 'status') ?? '')) continue
      const upstream = source?.replace(/\s*\(([^)]*)\)$/, '@$1')
      yield { from: 'dpkg', name, version, ...(arch === undefined ? {} : { arch }), ...(upstream === undefined ? {} : { upstream }) }
    }
  },
}
