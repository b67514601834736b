// Texts of "Field: value" lines, as dpkg (deb822) and Python's core metadata write them.

/** Values by the lower-case name of their field; a field may come several times. */
export type Fields = ReadonlyMap<string, readonly string[]>

/** The fields of each paragraph in turn. Lines that continue a value are left out. */
export function* paragraphs(text: string): Generator<Fields> {
  const plain = text.replaceAll('\r\n', '\n')
  for (let from = 0; from < plain.length;) {
    const blank = plain.indexOf('\n\n', from)
    const to = blank === -1 ? plain.length : blank
    if (to > from) yield fieldsOf(plain.slice(from, to))
    from = to + 1
  }
}

/** The first value of a field, undefined when it is missing or empty. */
export function first(fields: Fields, name: string): string | undefined {
  const value = fields.get(name)?.[0]
  return value === '' ? undefined : value
}

function fieldsOf(paragraph: string): Fields {
  const fields = new Map<string, string[]>()
  for (const [, name = '', value = ''] of paragraph.matchAll(/^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/gm)) {
    const key = name.toLowerCase()
    const values = fields.get(key)
    if (values === undefined) fields.set(key, [value.trim()])
    else values.push(value.trim())
  }
  return fields
}
