// Looks at a rehearsal's container registries: what tags name, and what a real client pulls.
import { z } from 'zod'
import { placeOf, tagNames } from '../targets/image/index.ts'
import type { Inspection } from './inspect.ts'

/** One look, and whether it is right after a release that is out, or after one that was taken back. */
export interface ImageSeen {
  readonly what: string
  readonly saw: string
  ok(out: boolean): boolean
}

const named = z.object({ image: z.string(), token: z.object({ $secret: z.string() }), tag: z.string(), digest: z.string(), was: z.string().nullable().optional() })

/** Every tag that the release gives or moves, and the pull of the version by skopeo, or, without it, by Slipway's own client. */
export async function inspectImage({ composed, world }: Pick<Inspection, 'composed' | 'world'>): Promise<readonly ImageSeen[]> {
  const publish = (await composed.app.journal.runs()).find(({ plan }) => plan.stage === 'publish')?.plan
  const tags = (publish?.steps ?? []).filter(({ kind }) => /^image\.(?:tag|fixed-tag|float)$/.test(kind)).map(({ input }) => named.parse(input))
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
