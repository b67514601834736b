// Waits for a started container to answer, as long as it runs and within a number of tries.
import type { Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import type { Container, Wrong } from './smoke-engine.ts'

const TRIES = 150
const BETWEEN = '0.2'

/** A minute in milliseconds; what accepts a connection and then says nothing would otherwise be waited for too often. */
const WITHIN = 60_000

/** The status of the first good answer, or what is wrong. Throws a plain Error when it was interrupted. */
export async function waitFor({ world, once }: { readonly world: World; readonly once: Once }, container: Container, path: string): Promise<{ readonly status: number } | Wrong> {
  const until = world.now().getTime() + WITHIN
  let last = 'it answered nothing'
  for (let tries = 0; tries < TRIES && world.now().getTime() < until; tries += 1) {
    const status = await ask(world, once, `${container.url}${path}`)
    if (once.signal.aborted) throw new Error('The smoke run of the image was interrupted.')
    const code = await container.ended()
    if (code !== undefined) return { wrong: `the container ended with exit code ${code}`, log: await container.log() }
    // Only now: whatever else listens on that port answers for a container that has ended, too.
    if (status !== undefined && status >= 200 && status < 300) return { status }
    if (status !== undefined) last = `it answered ${status}`
    await world.run({ program: 'sleep', args: [BETWEEN], signal: once.signal })
  }
  return { wrong: `${path} never answered well, ${last}`, log: await container.log() }
}

async function ask(world: World, once: Once, url: string): Promise<number | undefined> {
  try {
    return (await world.http({ method: 'GET', url, signal: once.signal })).status
  } catch {
    // Nobody listens yet.
    return undefined
  }
}
