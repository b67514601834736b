// Finds secrets in texts: plain, base64 at any alignment, base64url, hex, URL-encoded in either case, JSON- and HTML-escaped, and broken over lines.

/** Takes a text in pieces and gives it back without secrets, also one split over two pieces; `end` gives what was still held back. */
export interface Redactor {
  push(text: string): string
  end(): string
}

/** From the name of a secret to its value. */
export type KnownSecrets = ReadonlyMap<string, string>

// Shorter values would tear ordinary words out of every text.
const shortest = 4
const shortestEncoded = 8

/** A function that replaces every known secret by `***NAME***`. */
export function redactionOf(known: KnownSecrets): (text: string) => string {
  const forms = allForms(known)
  return (text) => {
    const { joined, places } = joinLines(text)
    const found = forms.flatMap(({ name, form }) => placesOf(form, joined).map((from) => ({ name, from, to: from + form.length })))
    if (found.length === 0) return text
    let clean = ''
    let at = 0
    let last = 0
    // The longest form wins where several begin.
    for (const { name, from, to } of found.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
      if (from < last) continue
      clean += `${text.slice(at, places(from))}***${name}***`
      last = to
      at = places(to - 1) + 1
    }
    return clean + text.slice(at)
  }
}

/** A text without the breaks of its lines, where a secret may be broken anywhere, and where each of its characters stands in the text. */
function joinLines(text: string): { readonly joined: string; readonly places: (at: number) => number } {
  const breaks: { readonly at: number; readonly skipped: number }[] = []
  let skipped = 0
  const joined = text.replace(/\r?\n[ \t]*/g, (found, offset: number) => {
    const at = offset - skipped
    skipped += found.length
    breaks.push({ at, skipped })
    return ''
  })
  return {
    joined,
    places: (at) => {
      let [low, high] = [0, breaks.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((breaks[middle]?.at ?? 0) <= at) low = middle + 1
        else high = middle
      }
      return at + (breaks[low - 1]?.skipped ?? 0)
    },
  }
}

function placesOf(form: string, text: string): readonly number[] {
  const places: number[] = []
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) places.push(at)
  return places
}

/** Holds back only what may be the beginning of a secret. */
export function openRedactor(known: KnownSecrets): Redactor {
  const redact = redactionOf(known)
  const forms = allForms(known).map(({ form }) => form)
  const longest = Math.max(0, ...forms.map((form) => form.length))
  const heads = new Set(forms.map((form) => form[0]))
  let held = ''
  return {
    push(text) {
      const clean = redact(held + text)
      const at = beginningOfForm(clean, { forms, longest, heads })
      held = clean.slice(at)
      return clean.slice(0, at)
    },
    end() {
      const rest = redact(held)
      held = ''
      return rest
    },
  }
}

/** Where a form begins that goes on to the end of the text, and so may go on behind it; the text's length when none does. */
function beginningOfForm(text: string, { forms, longest, heads }: { readonly forms: readonly string[]; readonly longest: number; readonly heads: ReadonlySet<string | undefined> }): number {
  // The break of a line may itself be broken off.
  const whole = text.replace(/\r$/, '')
  const { joined, places } = joinLines(whole)
  for (let at = Math.max(0, joined.length - longest); at < joined.length; at += 1) {
    if (!heads.has(joined[at])) continue
    const tail = joined.slice(at)
    if (forms.some((form) => form.startsWith(tail))) return places(at)
  }
  return text.length
}

function allForms(known: KnownSecrets): { readonly name: string; readonly form: string }[] {
  const forms = [...known].flatMap(([name, value]) => [...formsOf(value)].map((form) => ({ name, form })))
  return forms.toSorted((one, other) => other.form.length - one.form.length)
}

function formsOf(value: string): Set<string> {
  if (value.length < shortest) return new Set()
  const lines = value.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= 16 && !line.startsWith('-----'))
  const json = JSON.stringify(value).slice(1, -1)
  const urls = [encodeURIComponent(value), new URLSearchParams([['', value]]).toString().slice(1), strictlyEncoded(value)]
  const plain = [value, json, JSON.stringify(json).slice(1, -1), ...urls, ...urls.map(inLowerCase), ...htmlEscaped(value)]
  const basic = [':', '__token__:', 'x-access-token:'].map((user) => Buffer.from(user + value).toString('base64'))
  const hex = Buffer.from(value).toString('hex')
  const encoded = [hex, hex.toUpperCase(), ...basic, Buffer.from(value).toString('base64'), ...alignments(value)]
  return new Set([
    ...(lines.length > 1 ? lines : []),
    ...plain.map(withoutBreaks),
    ...encoded.flatMap((text) => [text, text.replace(/=+$/, ''), text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')]).filter((text) => text.length >= shortestEncoded),
  ].filter((form) => form.length >= shortest))
}

/** RFC 3986 leaves fewer characters as they are than encodeURIComponent does. */
function strictlyEncoded(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function inLowerCase(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/** By name, by number and by hexadecimal number, with and without quotes. */
function htmlEscaped(value: string): string[] {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
  const number = (character: string): number => character.charCodeAt(0)
  return [
    value.replace(/[&<>]/g, (character) => `&${names[character]};`),
    value.replace(/[&<>"]/g, (character) => `&${names[character]};`),
    value.replace(/[&<>"']/g, (character) => `&${names[character]};`),
    value.replace(/[&<>"']/g, (character) => character === "'" ? '&#39;' : `&${names[character]};`),
    value.replace(/[&<>"']/g, (character) => character === "'" ? '&#x27;' : `&${names[character]};`),
    value.replace(/[&<>"']/g, (character) => `&#${number(character)};`),
  ]
}

/** What base64 makes of the value wherever it stands in a longer text: the characters that depend on the value alone. */
function alignments(value: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    return bytes.toString('base64').slice(Math.ceil(before * 8 / 6), Math.floor(bytes.length * 8 / 6))
  })
}

function withoutBreaks(text: string): string {
  return text.replace(/\r?\n[ \t]*/g, '')
}
