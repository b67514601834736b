// The signal of pulls: Docker Hub counts them, and no other registry tells.
import { z } from 'zod'
import { bodyJson } from '../../model/http.ts'
import type { Signal } from '../../model/signal.ts'
import { placeOf } from './reference.ts'

/** https://docs.docker.com/reference/api/hub/latest/#tag/repositories */
const repository = z.object({ pull_count: z.int().nonnegative() })

const HUB = 'https://hub.docker.com'

/** How often an image is pulled, of all its versions together. */
export function pulls(image: string): Signal {
  const { host, name } = placeOf(image)
  const title = `pulls of ${image}`
  // GHCR has shown counts on its pages alone since its GraphQL part was removed.
  if (host !== 'registry-1.docker.io') return { source: host, title, look: async () => ({ standing: 'untold', why: `${host} has no interface that tells how often an image is pulled` }) }
  return {
    source: new URL(HUB).host,
    title,
    async look(look) {
      const answer = await look.http({ method: 'GET', url: `${HUB}/v2/repositories/${name}/`, headers: { accept: 'application/json' } })
      const told = repository.safeParse(bodyJson(answer))
      if (answer.status !== 200 || !told.success) throw new Error(`Docker Hub answered ${answer.status} to a question about ${name}`)
      return { standing: 'fine', seen: `${told.data.pull_count.toLocaleString('en-US')} since the image was first pushed` }
    },
  }
}
