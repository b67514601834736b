// The signal of downloads from the release's page.
import { z } from 'zod'
import type { Signal, SignalContext } from '../../../model/signal.ts'
import { github } from '../client.ts'
import type { Access } from '../shape.ts'

/** https://docs.github.com/rest/releases/releases#get-a-release-by-tag-name */
const release = z.object({ assets: z.array(z.object({ name: z.string(), download_count: z.int().nonnegative() })) })

/** How often the files of the release were downloaded; `act` when the release is gone. */
export function assetSignal(access: Access, { tag }: SignalContext): Signal {
  return {
    source: new URL(access.api).host,
    title: `downloads from the release ${tag}`,
    async look(look) {
      const found = await github(look, access).read('GET /repos/{owner}/{repo}/releases/tags/{tag}', { tag }, release)
      if (found === undefined) return { standing: 'act', seen: `there is no release of ${tag} any more` }
      const total = found.assets.reduce((sum, { download_count: count }) => sum + count, 0)
      return { standing: 'fine', seen: `${total.toLocaleString('en-US')} of ${found.assets.length} files` }
    },
  }
}
