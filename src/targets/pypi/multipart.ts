// The body of an upload: form fields, then one file, streamed with its length known beforehand (https://www.rfc-editor.org/rfc/rfc7578).
import type { Body } from '../../model/world.ts'

/** A form with one file at its end. */
export interface Form {
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly file: { readonly field: string; readonly name: string; readonly mediaType: string; readonly content: Body }
  /** Must occur in no field and not in the file. */
  readonly boundary: string
}

/** The form as a request body, and the content type that goes with it. */
export function multipart({ fields, file, boundary }: Form): { readonly contentType: string; readonly body: Body } {
  const encode = new TextEncoder()
  const head = encode.encode([
    ...fields.map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`),
    `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.name)}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`,
  ].join(''))
  const tail = encode.encode(`\r\n--${boundary}--\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      length: head.length + file.content.length + tail.length,
      async *open() {
        yield head
        yield* file.content.open()
        yield tail
      },
    },
  }
}

// As browsers do (https://html.spec.whatwg.org/#multipart-form-data).
function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}
