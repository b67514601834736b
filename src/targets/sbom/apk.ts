// Packages of Alpine and what is made from it, out of apk's database.
import { LARGEST, type Extractor } from './package.ts'

/** Reads apk's list of what is installed (https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2). */
export const apk: Extractor = {
  matches: (path) => /^(?:usr\/)?lib\/apk\/db\/installed$/.test(path),
  atMost: LARGEST,
  *read(bytes) {
    const text = bytes.toString('utf8')
    for (let from = 0; from < text.length;) {
      const blank = text.indexOf('\n\n', from)
      const to = blank === -1 ? text.length : blank
      // The letters tell small from capital: `o` is the origin, `O` is something else.
      const fields = new Map([...text.slice(from, to).matchAll(/^([A-Za-z]):(.*)$/gm)].map(([, letter = '', value = '']) => [letter, value.trim()] as const))
      from = to + 2
      const [name, version, arch, licence, origin] = ['P', 'V', 'A', 'L', 'o'].map((letter) => fields.get(letter))
      if (!name || !version) continue
      yield {
        from: 'apk', name, version,
        ...(arch ? { arch } : {}),
        ...(licence ? { licence } : {}),
        ...(origin && origin !== name ? { upstream: origin } : {}),
      }
    }
  },
}
