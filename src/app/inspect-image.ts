// Looks at a rehearsal's container registries: what tags name, and what a real client pulls.
import { z } from 'zod'
import { resolveInput } from '../engine/resolve.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { placeOf, tagNames } from '../targets/image/index.ts'
import type { Composed } from './compose.ts'
import type { Inspection } from './inspect.ts'
import { outputsOf } from './runs.ts'

/** One look, and whether it is right after a release that is out, or after one that was taken back. */
export interface ImageSeen {
  readonly what: string
  readonly saw: string
  ok(out: boolean): boolean
}

const named = z.object({ image: z.string(), token: z.object({ $secret: z.string() }), tag: z.string(), digest: z.string(), was: z.string().nullable().optional() })
const arrived = z.object({ index: z.object({ digest: z.string() }) })

/** Every tag that the release gives or moves, and the pull of the version by skopeo, or, without it, by Slipway's own client. */
export async function inspectImage({ composed, world }: Pick<Inspection, 'composed' | 'world'>): Promise<readonly ImageSeen[]> {
  const tags = await tagsOf(composed.app)
  const seen: ImageSeen[] = []
  for (const { image, token, tag, digest, was } of tags) {
    const found = await tagNames(composed.app.look, { image, token, tag })
    const saw = found === null ? 'it is not there' : found === digest ? `it is this release's, ${digest.slice(0, 19)}` : found === was ? `it is the one before, ${found.slice(0, 19)}` : `it is ${found}`
    seen.push({ what: `${image}:${tag}`, saw, ok: (out) => out ? found === digest : found === (was ?? null) })
  }
  const [version] = tags
  if (version !== undefined) seen.push(await pull({ composed, world }, version))
  return seen
}

/** The tags that the publish plan gives, with what each is to name. What a workflow was to publish is named by what had arrived; nothing is right where nothing had. */
async function tagsOf({ journal }: Composed['app']): Promise<readonly z.infer<typeof named>[]> {
  const record = (await journal.runs()).find(({ plan }) => plan.stage === 'publish')
  if (record === undefined) return []
  const outputs = outputsOf(record.plan, await journal.read(record.run))
  return record.plan.steps.filter(({ kind }) => /^image\.(?:tag|fixed-tag|float|arrival|fixed-arrival)$/.test(kind)).map(({ id, kind, input }) => {
    const digest = kind.endsWith('arrival') ? arrived.safeParse(outputs.get(id)).data?.index.digest : undefined
    return named.parse({ digest: digest ?? 'nothing', ...resolvedOr(input, outputs) })
  })
}

/** The input made whole; where it takes what never came, without that. */
function resolvedOr(input: Json, outputs: ReadonlyMap<string, Json>): JsonObject {
  const whole = Object.entries(input as JsonObject).flatMap(([key, value]) => {
    try {
      return [[key, resolveInput(value, (id) => outputs.get(id))] as const]
    } catch {
      return []
    }
  })
  return Object.fromEntries(whole)
}

async function pull({ composed: { app }, world }: Pick<Inspection, 'composed' | 'world'>, { image, token, tag, digest }: z.infer<typeof named>): Promise<ImageSeen> {
  const { host, name } = placeOf(image)
  const what = `skopeo copy --all ${image}:${tag}`
  try {
    return await app.world.scratch(async (scratch) => {
      const answer = await app.world.run({ program: 'skopeo', is: 'container-tool', args: ['copy', '--all', '--quiet', '--src-tls-verify=false', `docker://${world.served.origin.slice('http://'.length)}/${host}/${name}:${tag}`, `oci:${scratch.path}/pulled:it`] })
      const index = answer.code === 0 ? pulledDigest(await scratch.read('pulled/index.json')) : undefined
      const blobs = await scratch.list('pulled/blobs/sha256')
      return { what, saw: index === undefined ? 'finds nothing to pull' : `pulled ${index.slice(0, 19)}, ${blobs.length} blobs`, ok: (out) => out ? index === digest : index === undefined }
    })
  } catch {
    const found = await tagNames(app.look, { image, token, tag })
    return { what: `${image}:${tag}, by Slipway's own client (skopeo is not here)`, saw: found ?? 'finds nothing to pull', ok: (out) => out ? found === digest : found === null }
  }
}

function pulledDigest(index: string): string | undefined {
  return z.object({ manifests: z.array(z.object({ digest: z.string() })) }).parse(JSON.parse(index)).manifests[0]?.digest
}
