// Writes small, true wheels and source distributions, for tests that need some without building them.
import { createHash } from 'node:crypto'
import { crc32, gzipSync } from 'node:zlib'

/** A file of an archive. */
export interface Member {
  readonly name: string
  readonly text: string
}

/** A distribution file as bytes. */
export interface Distribution {
  readonly filename: string
  readonly bytes: Uint8Array
}

/** A pure wheel of one module, whose only text is `body`. */
export function wheel(name: string, version: string, body = ''): Distribution {
  const escaped = name.replace(/[-_.]+/g, '_').toLowerCase()
  const info = `${escaped}-${version}.dist-info`
  const members = [
    { name: `${escaped}.py`, text: `VERSION = '${version}'\n${body}` },
    { name: `${info}/METADATA`, text: metadata(name, version) },
    { name: `${info}/WHEEL`, text: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
  ]
  const rows = members.map(({ name: path, text }) => `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${Buffer.byteLength(text)}`)
  return { filename: `${escaped}-${version}-py3-none-any.whl`, bytes: zip([...members, { name: `${info}/RECORD`, text: [...rows, `${info}/RECORD,,`, ''].join('\n') }]) }
}

/** A source distribution of the same module. */
export function sdist(name: string, version: string, body = ''): Distribution {
  const top = `${name.replace(/[-_.]+/g, '_').toLowerCase()}-${version}`
  const members = [{ name: `${top}/PKG-INFO`, text: metadata(name, version) }, { name: `${top}/module.py`, text: body }]
  return { filename: `${top}.tar.gz`, bytes: tarGz(members) }
}

/** A ZIP archive of stored members. */
export function zip(members: readonly Member[]): Uint8Array {
  let offset = 0
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  for (const { name, text } of members) {
    const data = Buffer.from(text)
    const path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, data])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, path]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

/** A gzipped tar archive. */
export function tarGz(members: readonly Member[]): Uint8Array {
  const blocks = members.flatMap(({ name, text }) => {
    const data = Buffer.from(text)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0' + '0000000\0' + '0000000\0' + data.length.toString(8).padStart(11, '0') + '\0' + '00000000000\0' + '        ' + '0', 100)
    header.write('ustar\x0000', 257, 'latin1')
    header.write(header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0') + '\0 ', 148)
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

function metadata(name: string, version: string): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: A small thing\n`
}
