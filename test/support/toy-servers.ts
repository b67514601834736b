// The servers of a toy world: tags, a forge with drafts, two package indexes with lag and yanks, a chat that nobody can read.
import { Refused } from '../../src/model/error.ts'
import type { Clock } from '../../src/model/world.ts'

/** A draft or published release on the toy forge. Its id is the server's choice. */
export interface ToyDraft {
  readonly id: number
  readonly marker: string
  readonly assets: Map<string, string>
  published: boolean
}

/** A file on a toy index. */
export interface ToyFile {
  readonly sha: string
  yanked: boolean
  /** When the index shows it, in milliseconds since 1970. */
  readonly visibleAt: number
  /** When the index shows that it was yanked. */
  yankVisibleAt: number
}

/** What goes wrong once: the effect is made and the answer lost, or nothing is made and nobody can tell. */
export type ToyFault = 'lost' | 'failed'

/** Everything outside, with what was ever done to it. */
export interface ToyServers {
  readonly tags: Map<string, string>
  readonly drafts: ToyDraft[]
  readonly files: Map<string, ToyFile>
  readonly posts: string[]
  /** How often each effect was made, and taken back. */
  readonly made: Map<string, number>
  readonly taken: Map<string, number>
  /** Requests to make what was there already, exactly so. */
  readonly repeated: string[]
  /** Effects that are refused, whenever they are asked for. */
  readonly refusing: Set<string>
  /** Faults to come, by effect, or `back` and the effect. */
  readonly faults: Map<string, ToyFault>
  /** What people were asked to yank and will, when they find the time. */
  readonly chores: Set<string>
  readonly clock: Clock
  /** Milliseconds until an index shows what was done. */
  readonly lag: number
  now(): number
}

/** Servers with what others hold now; what is done to them later leaves the others alone. */
export function copyOf(servers: ToyServers): ToyServers {
  const copy = toyServers({ lag: servers.lag, at: servers.now() })
  for (const [name, commit] of servers.tags) copy.tags.set(name, commit)
  for (const draft of servers.drafts) copy.drafts.push({ ...draft, assets: new Map(draft.assets) })
  for (const [name, file] of servers.files) copy.files.set(name, { ...file })
  for (const [what, times] of servers.made) copy.made.set(what, times)
  copy.posts.push(...servers.posts)
  return copy
}

/** Empty servers. Sleeping on their clock lets the time pass at once, and people do their chores. */
export function toyServers({ lag = 0, at = Date.parse('2026-01-02T03:04:05.000Z') }: { readonly lag?: number; readonly at?: number } = {}): ToyServers {
  let time = at
  const servers: ToyServers = {
    tags: new Map(), drafts: [], files: new Map(), posts: [], made: new Map(), taken: new Map(), repeated: [], refusing: new Set(), faults: new Map(), chores: new Set(),
    lag,
    now: () => time,
    clock: {
      now: () => new Date(time),
      async sleep(ms, signal) {
        if (signal?.aborted === true) return
        time += ms
        for (const name of servers.chores) yank(servers, name)
        servers.chores.clear()
      },
    },
  }
  return servers
}

/** Makes an effect once, with whatever goes wrong. `effect` says false when it is there already. */
export function make(servers: ToyServers, what: string, effect: () => boolean): void {
  if (servers.refusing.has(what)) throw new Refused({ code: 'request-refused', message: `The server refuses ${what}.` })
  through(servers, what, () => {
    if (effect()) servers.made.set(what, (servers.made.get(what) ?? 0) + 1)
    else servers.repeated.push(what)
  })
}

/** Takes an effect back once, with whatever goes wrong. */
export function takeBack(servers: ToyServers, what: string, effect: () => void): void {
  through(servers, `back ${what}`, () => {
    effect()
    servers.taken.set(what, (servers.taken.get(what) ?? 0) + 1)
  })
}

function through(servers: ToyServers, what: string, effect: () => void): void {
  const fault = servers.faults.get(what)
  servers.faults.delete(what)
  if (fault !== 'failed') effect()
  if (fault !== undefined) throw new Error(`no answer about ${what}`)
}

/** Marks a file as yanked. */
export function yank(servers: ToyServers, name: string): void {
  const file = servers.files.get(name)
  if (file === undefined || file.yanked) return
  file.yanked = true
  file.yankVisibleAt = servers.now() + servers.lag
}

/** What a user would see in the end, comparable: no ids, no times. */
export function viewOf({ tags, drafts, files, posts }: ToyServers): unknown {
  return {
    tags: [...tags].toSorted(),
    drafts: drafts.map(({ assets, published }) => ({ assets: [...assets].toSorted(), published })),
    files: [...files].map(([name, { sha, yanked }]) => [name, sha, yanked]).toSorted(),
    posts: [...posts],
  }
}
