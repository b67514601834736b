// Finds secrets in texts: plain, base64 at any alignment, base64url, URL-encoded, JSON-escaped, and broken over lines.

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
  if (forms.length === 0) return (text) => text
  const pattern = new RegExp(forms.map(({ form }) => `(${brokenAnywhere(form)})`).join('|'), 'g')
  return (text) => text.replace(pattern, (...match: unknown[]) => {
    const which = match.slice(1, 1 + forms.length).findIndex((group) => group !== undefined)
    return `***${forms[which]?.name ?? 'SECRET'}***`
  })
}

/** Holds back only what may be the beginning of a secret. */
export function openRedactor(known: KnownSecrets): Redactor {
  const redact = redactionOf(known)
  const forms = allForms(known).map(({ form }) => form)
  const longest = Math.max(0, ...forms.map((form) => form.length))
  let held = ''
  return {
    push(text) {
      const clean = redact(held + text)
      const at = beginningOfForm(clean, forms, longest)
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

function beginningOfForm(text: string, forms: readonly string[], longest: number): number {
  // A break of a line may stand after every character, so a beginning may be twice as long as the form and more.
  const from = Math.max(0, text.length - 3 * longest)
  const heads = new Set(forms.map((form) => form[0]))
  for (let at = from; at < text.length; at += 1) {
    if (!heads.has(text[at])) continue
    const tail = text.slice(at).replace(/\r?\n[ \t]*|\r$/g, '')
    if (forms.some((form) => form.startsWith(tail))) return at
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
  const plain = [value, encodeURIComponent(value), new URLSearchParams([['', value]]).toString().slice(1), JSON.stringify(value).slice(1, -1)]
  const basic = [':', '__token__:', 'x-access-token:'].map((user) => Buffer.from(user + value).toString('base64'))
  const encoded = [...basic, Buffer.from(value).toString('base64'), ...alignments(value)]
  return new Set([
    ...(lines.length > 1 ? lines : []),
    ...plain.map(withoutBreaks),
    ...encoded.flatMap((text) => [text, text.replace(/=+$/, ''), text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')]).filter((text) => text.length >= shortestEncoded),
  ].filter((form) => form.length >= shortest))
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

function brokenAnywhere(form: string): string {
  return Array.from(form, (character) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('(?:\\r?\\n[ \\t]*)?')
}
