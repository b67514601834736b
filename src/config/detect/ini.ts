// The values of an INI file as setuptools, tox and bumpversion read it.

/** One value: its lines joined, and the 1-based line of its key. */
export interface IniValue {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

/** Every `key = value` and `key: value`, with lines that are indented below it. Never throws. */
export function iniValues(text: string): readonly IniValue[] {
  const values: { section: string; key: string; value: string; line: number }[] = []
  let section = ''
  let open = false
  text.split(/\r?\n/).forEach((line, index) => {
    const last = values.at(-1)
    if (/^\s*(?:[#;].*)?$/.test(line)) return
    const header = /^\[([^\]]+)\]/.exec(line)?.[1]
    const [, key, value] = /^([^\s=:#;][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (header !== undefined) {
      section = header.trim()
      open = false
      values.push({ section, key: '', value: '', line: index + 1 })
    } else if (/^\s/.test(line)) {
      if (open && last !== undefined) last.value = `${last.value}\n${line.trim()}`.trim()
    } else if (key !== undefined) {
      values.push({ section, key: key.trim(), value: (value ?? '').trim(), line: index + 1 })
      open = true
    }
  })
  return values
}

/** One value of an INI file. */
export function iniValue(text: string | undefined, section: string, key: string): IniValue | undefined {
  return text === undefined ? undefined : iniValues(text).find((each) => each.section === section && each.key === key)
}
