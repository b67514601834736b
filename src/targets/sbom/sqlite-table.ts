// Reads the rows of one table out of the bytes of an SQLite database (https://www.sqlite.org/fileformat2.html).

/** A column's value. Numbers are given as null, since nobody here asks for them. */
export type Cell = string | Buffer | null

const MAGIC = 'SQLite format 3\0'
const LEAF = 0x0d
const INTERIOR = 0x05
const DEEPEST = 20

/** Every row of a table, in the order of its keys. Throws an Error when the file is no database, has no such table, or is damaged. */
export function* rowsOf(file: Buffer, table: string): Generator<readonly Cell[]> {
  if (file.length < 100 || file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('it is no SQLite database')
  for (const [type, name, , root] of tree(file, 1, true)) {
    if (type === 'table' && name === table && typeof root === 'string') {
      yield* tree(file, Number(root), false)
      return
    }
  }
  throw new Error(`it has no table ${table}`)
}

/** The rows below a page; of the schema, whose fourth column is a page's number, that number too, as a text. */
function* tree(file: Buffer, root: number, numbers: boolean): Generator<readonly Cell[]> {
  const seen = new Set<number>()
  let read = 0
  const counted = (bytes: Buffer): Buffer => {
    // Rows share no bytes, so together they are no longer than the file.
    read += bytes.length
    if (read > file.length) throw new Error('its rows are longer than the file')
    return bytes
  }
  const walk = function* (number: number, depth: number): Generator<readonly Cell[]> {
    // Each page belongs to one place in one tree: a damaged file must not send anybody round in circles.
    if (seen.has(number) || depth > DEEPEST) throw new Error('its pages go round in circles')
    seen.add(number)
    const page = pageOf(file, number)
    const start = number === 1 ? 100 : 0
    const kind = page[start]
    if (kind !== LEAF && kind !== INTERIOR) throw new Error(`its page ${number} is of another sort`)
    const cells = page.readUInt16BE(start + 3)
    const pointers = start + (kind === LEAF ? 8 : 12)
    for (let cell = 0; cell < cells; cell += 1) {
      const at = page.readUInt16BE(pointers + 2 * cell)
      if (kind === LEAF) yield record(counted(payload(file, page, at)), numbers)
      else yield* walk(page.readUInt32BE(at), depth + 1)
    }
    if (kind === INTERIOR) yield* walk(page.readUInt32BE(start + 8), depth + 1)
  }
  yield* walk(root, 0)
}

function pageSize(file: Buffer): number {
  const size = file.readUInt16BE(16)
  return size === 1 ? 65_536 : size
}

function pageOf(file: Buffer, number: number): Buffer {
  const size = pageSize(file)
  const page = file.subarray((number - 1) * size, number * size)
  if (number < 1 || size < 512 || page.length !== size) throw new Error(`it has no page ${number}`)
  return page
}

/** A cell's bytes, with what did not fit on its page. */
function payload(file: Buffer, page: Buffer, at: number): Buffer {
  const usable = pageSize(file) - (file[20] ?? 0)
  const length = varint(page, at)
  const start = varint(page, length.end).end
  const most = usable - 35
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((length.value - least) % (usable - 4))
  const here = length.value <= most ? length.value : fitting <= most ? fitting : least
  if (length.value > file.length) throw new Error('a row of it is longer than the file')
  const parts = [page.subarray(start, start + here)]
  let left = length.value - here
  let next = left > 0 ? page.readUInt32BE(start + here) : 0
  while (left > 0) {
    const more = pageOf(file, next)
    const part = more.subarray(4, Math.min(usable, 4 + left))
    parts.push(part)
    left -= part.length
    next = more.readUInt32BE(0)
  }
  return Buffer.concat(parts)
}

function record(bytes: Buffer, numbers: boolean): readonly Cell[] {
  const header = varint(bytes, 0)
  const cells: Cell[] = []
  let at = header.end
  let body = header.value
  while (at < header.value) {
    const type = varint(bytes, at)
    at = type.end
    const length = sizeOf(type.value)
    const value = bytes.subarray(body, body + length)
    if (value.length !== length) throw new Error('a row is cut off')
    body += length
    if (type.value >= 12) cells.push(type.value % 2 === 0 ? value : value.toString('utf8'))
    else cells.push(numbers && length > 0 && length <= 6 && type.value <= 5 ? String(value.readUIntBE(0, length)) : null)
  }
  return cells
}

/** Bytes that a value of this serial type takes. */
function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0
}

function varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let place = 0; place < 9; place += 1) {
    const byte = bytes[at + place]
    if (byte === undefined) throw new Error('a number is cut off')
    if (place === 8) return { value: value * 256 + byte, end: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, end: at + place + 1 }
  }
  throw new Error('a number is cut off')
}
