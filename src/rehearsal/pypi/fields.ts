// The fields of an upload form, read out of its multipart body.

/** The form of one upload. Fields that are empty or `UNKNOWN` count as missing. */
export interface UploadFields {
  first(name: string): string | undefined
  all(name: string): readonly string[]
  /** Names of all text fields. */
  readonly names: readonly string[]
  readonly content: { readonly filename: string; readonly type: string; readonly bytes: Uint8Array } | undefined
  /** The first field but `content` that came as a file. */
  readonly fileField: string | undefined
}

/** Reads a `multipart/form-data` body; undefined when it is none. */
export async function uploadFields(contentType: string, body: Uint8Array): Promise<UploadFields | undefined> {
  let form: FormData
  try {
    form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
  const texts = new Map<string, string[]>()
  let fileField: string | undefined
  for (const [name, value] of form) {
    if (typeof value !== 'string') fileField ??= ['content', 'gpg_signature'].includes(name) ? undefined : name
    else if (value !== '' && value.trim() !== 'UNKNOWN') texts.set(name, [...(texts.get(name) ?? []), value])
  }
  const file = form.get('content')
  return {
    first: (name) => texts.get(name)?.[0],
    all: (name) => texts.get(name) ?? [],
    names: [...texts.keys()],
    content: file === null || typeof file === 'string' ? undefined : { filename: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) },
    fileField,
  }
}
