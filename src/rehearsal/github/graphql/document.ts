// Reads a GraphQL document of one operation into a tree: what the rehearsal needs of https://spec.graphql.org/October2021/.

/** A value as a document writes it; `$name` stands for a variable. */
export type Value = null | boolean | number | string | { readonly variable: string } | readonly Value[] | { readonly fields: Readonly<Record<string, Value>> }

/** A field that is asked for. */
export interface Field {
  readonly name: string
  /** Under which name it is answered. */
  readonly as: string
  readonly arguments: Readonly<Record<string, Value>>
  /** Empty for a scalar. */
  readonly fields: readonly Field[]
}

/** One operation. */
export interface Operation {
  readonly is: 'query' | 'mutation'
  readonly fields: readonly Field[]
}

/** Throws an Error with the words of a parser when the document is none that is understood. */
export function readDocument(text: string): Operation {
  const tokens = [...text.replace(/#[^\n]*/g, '').matchAll(/"(?:[^"\\]|\\.)*"|\.\.\.|[$!():={}[\]@]|-?\d+(?:\.\d+)?|[A-Za-z_]\w*/g)].map(([token]) => token)
  let at = 0
  const peek = (): string => tokens[at] ?? ''
  const take = (wanted?: string): string => {
    const token = tokens[at] ?? ''
    if (token === '' || (wanted !== undefined && token !== wanted)) throw new Error(`Parse error on ${JSON.stringify(token || '(end of document)')}${wanted === undefined ? '' : `, expected ${JSON.stringify(wanted)}`}`)
    at += 1
    return token
  }
  const value = (): Value => {
    const token = take()
    if (token === '$') return { variable: take() }
    if (token.startsWith('"')) return JSON.parse(token) as string
    if (/^-?\d/.test(token)) return Number(token)
    if (token === '[') {
      const items: Value[] = []
      while (peek() !== ']') items.push(value())
      take(']')
      return items
    }
    if (token === '{') {
      const fields: Record<string, Value> = {}
      while (peek() !== '}') {
        const name = take()
        take(':')
        fields[name] = value()
      }
      take('}')
      return { fields }
    }
    return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : token
  }
  const selection = (): readonly Field[] => {
    take('{')
    const fields: Field[] = []
    while (peek() !== '}') {
      const first = take()
      if (peek() === ':') take(':')
      const name = tokens[at - 1] === ':' ? take() : first
      const given: Record<string, Value> = {}
      if (peek() === '(') {
        take('(')
        while (peek() !== ')') {
          const argument = take()
          take(':')
          given[argument] = value()
        }
        take(')')
      }
      fields.push({ name, as: first, arguments: given, fields: peek() === '{' ? selection() : [] })
    }
    take('}')
    return fields
  }
  const is = peek() === '{' ? 'query' : take()
  if (is !== 'query' && is !== 'mutation') throw new Error(`Parse error on ${JSON.stringify(is)}`)
  if (/^[A-Za-z_]/.test(peek())) take()
  if (peek() === '(') while (take() !== ')') { /* the types of variables are not checked here */ }
  return { is, fields: selection() }
}

/** A value with its variables put in. */
export function filled(value: Value, variables: Readonly<Record<string, unknown>>): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Value) => filled(item, variables))
  if ('variable' in value) return variables[value.variable] ?? null
  return Object.fromEntries(Object.entries((value as { fields: Readonly<Record<string, Value>> }).fields).map(([name, each]) => [name, filled(each, variables)]))
}
