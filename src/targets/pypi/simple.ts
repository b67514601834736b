// What an index lists of a project, read by its simple API in JSON (https://peps.python.org/pep-0691/).
import { z } from 'zod'
import { bodyJson } from '../../model/http.ts'
import type { Look } from '../../model/world.ts'
import { normalName } from '../../model/python-name.ts'

const page = z.object({
  files: z.array(z.object({
    filename: z.string(),
    url: z.string(),
    hashes: z.record(z.string(), z.string()),
    yanked: z.union([z.boolean(), z.string()]).optional(),
    provenance: z.string().nullish(),
  })),
})

/** One file as an index lists it. */
export interface ListedFile {
  readonly name: string
  /** Absolute. */
  readonly url: string
  /** `sha256:…`, undefined when the index gives no such hash. */
  readonly sha256: string | undefined
  readonly yanked: boolean
  /** Where the index serves its attestations; absolute, undefined when it keeps none. */
  readonly provenance: string | undefined
}

/** The files of a project (none when the index does not know it), or why they cannot be read now. */
export type Listing = { readonly files: readonly ListedFile[] } | { readonly unreadable: string }

/** Where the index serves the project: `https://pypi.org/simple/oneflow-ai/`. */
export function simplePage(index: string, project: string): string {
  return `${index}/simple/${normalName(project)}/`
}

/** Reads the listing of a project. Rejects only when no answer came at all. */
export async function readListing(look: Look, index: string, project: string): Promise<Listing> {
  const url = simplePage(index, project)
  const answer = await look.http({ method: 'GET', url, headers: { accept: 'application/vnd.pypi.simple.v1+json', 'cache-control': 'no-cache' } })
  if (answer.status === 404) return { files: [] }
  if (answer.status !== 200) return { unreadable: `${url} answered ${answer.status} ${answer.reason}`.trimEnd() }
  const read = page.safeParse(bodyJson(answer))
  if (!read.success) return { unreadable: `${url} did not answer with the simple API's JSON` }
  return {
    files: read.data.files.map((file) => ({
      name: file.filename,
      url: new URL(file.url, url).href,
      sha256: file.hashes['sha256'] === undefined ? undefined : `sha256:${file.hashes['sha256'].toLowerCase()}`,
      // An empty reason is still a yank; only `false` and absence mean that it is offered.
      yanked: file.yanked !== undefined && file.yanked !== false,
      provenance: typeof file.provenance === 'string' ? new URL(file.provenance, url).href : undefined,
    })),
  }
}
