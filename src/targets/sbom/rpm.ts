// Packages of Fedora, Red Hat, SUSE and what is made from them, out of rpm's database.
import { LARGEST, type Extractor, type Package } from './package.ts'
import { rowsOf } from './sqlite-table.ts'

const FOLDER = /^(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\//

/** Reads rpm's database in SQLite, its form since rpm 4.16, with one package header for each row (https://rpm-software-management.github.io/rpm/manual/format_header.html). */
export const rpm: Extractor = {
  matches: (path) => FOLDER.test(path) && path.endsWith('/rpmdb.sqlite'),
  atMost: LARGEST,
  *read(bytes) {
    for (const row of rowsOf(bytes, 'Packages')) {
      const header = row.find((cell) => Buffer.isBuffer(cell))
      const found = header === undefined ? undefined : packageIn(header)
      if (found !== undefined) yield found
    }
  },
}

/** The forms that rpm's database had before, and a journal with changes that are not in it yet: nobody here can read them, so they are told of. */
export const oldRpm: Extractor = {
  matches: (path) => FOLDER.test(path) && /\/(?:Packages|Packages\.db|rpmdb\.sqlite-wal)$/.test(path),
  atMost: LARGEST,
  read(bytes) {
    if (bytes.length > 0) throw new Error('rpm\'s database is of a form that is not read')
    return []
  },
}

const TAGS = { name: 1000, version: 1001, release: 1002, epoch: 1003, licence: 1014, arch: 1022, source: 1044 } as const
const INT32 = 4
const STRING = 6
const I18N = 9

function packageIn(header: Buffer): Package | undefined {
  const count = header.readUInt32BE(0)
  const data = 8 + 16 * count
  if (data > header.length) throw new Error('a package header is cut off')
  const values = new Map<number, string>()
  for (let at = 8; at < data; at += 16) {
    const [tag, type, offset] = [header.readUInt32BE(at), header.readUInt32BE(at + 4), header.readUInt32BE(at + 8)]
    if (!Object.values(TAGS).some((wanted) => wanted === tag)) continue
    if (type === INT32) values.set(tag, String(header.readUInt32BE(data + offset)))
    if (type === STRING || type === I18N) values.set(tag, header.toString('utf8', data + offset, Math.max(header.indexOf(0, data + offset), data + offset)))
  }
  const [name, version, release, epoch, licence, arch, source] = (['name', 'version', 'release', 'epoch', 'licence', 'arch', 'source'] as const).map((field) => values.get(TAGS[field]))
  // Keys that packages are verified with stand in the list like packages.
  if (!name || !version || name === 'gpg-pubkey') return undefined
  return {
    from: 'rpm', name, version: release ? `${version}-${release}` : version,
    ...(arch ? { arch } : {}),
    ...(epoch && epoch !== '0' ? { epoch } : {}),
    ...(source ? { upstream: source } : {}),
    ...(licence ? { licence } : {}),
  }
}
