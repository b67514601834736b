// A fuse between a program and the outside: it ends the program at a chosen point, before or after a call, and lets nothing through any more.
import type { Journal } from '../../src/model/entry.ts'
import type { Clock, Scratch, World } from '../../src/model/world.ts'

/** What a program dies of when its fuse blows. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** A moment at which a program can be killed. */
export interface Point {
  readonly moment: 'before' | 'after'
  readonly call: string
  /** False for calls that only look: being killed around them is no different from being killed before them. */
  readonly changes: boolean
}

/** One life of a program. */
export interface Fuse {
  /** Every point that was passed, the fatal one too. */
  readonly points: readonly Point[]
  readonly blown: Point | undefined
  world(world: World): World
  journal(journal: Journal): Journal
  clock(clock: Clock): Clock
}

/** A fuse that blows at the first point that is fatal; its place counts from 0 among all points of this life. */
export function fuse(isFatal: (point: Point, place: number) => boolean = () => false): Fuse {
  const points: Point[] = []
  let blown: Point | undefined
  const alive = (): void => {
    if (blown !== undefined) throw new Crash(`it was killed ${textOf(blown)}`)
  }
  const pass = (point: Point): void => {
    alive()
    points.push(point)
    if (isFatal(point, points.length - 1)) blown = point
    alive()
  }
  const call = async <T>(what: Omit<Point, 'moment'>, make: () => Promise<T>): Promise<T> => {
    pass({ moment: 'before', ...what })
    const result = await make()
    pass({ moment: 'after', ...what })
    return result
  }
  return {
    points,
    get blown() { return blown },
    world: (world) => fused(world, call, alive),
    journal: (journal) => ({
      ...journal,
      append: (claim, entry) => call({ call: `journal ${entry.type}`, changes: true }, () => journal.append(claim, entry)),
      read: async (run, after) => { alive(); return journal.read(run, after) },
    }),
    clock: (clock) => ({
      now: () => { alive(); return clock.now() },
      sleep: async (ms, signal) => { alive(); return clock.sleep(ms, signal) },
    }),
  }
}

/** A point in words: `after POST https://…`. */
export function textOf({ moment, call }: Point): string {
  return `${moment} ${call}`
}

type Calling = <T>(what: Omit<Point, 'moment'>, make: () => Promise<T>) => Promise<T>

function fused(world: World, call: Calling, alive: () => void): World {
  const scratch = (lent: Scratch): Scratch => ({
    ...lent,
    keep: (path) => call({ call: `keep ${path}`, changes: true }, () => lent.keep(path)),
    place: (sha256, path) => call({ call: `place ${path}`, changes: false }, () => lent.place(sha256, path)),
  })
  return {
    ...world,
    http: (request) => call({ call: `${request.method} ${request.url}`, changes: !isRead(request.method) }, () => world.http(request)),
    git: (args, options) => call({ call: `git ${args.join(' ')}`, changes: WRITES.has(args[0] ?? '') }, () => world.git(args, options)),
    run: (command) => call({ call: `run ${command.program} ${command.args.join(' ')}`.slice(0, 160), changes: true }, () => world.run(command)),
    scratch: async (use, options) => { alive(); return world.scratch((lent) => use(scratch(lent)), options) },
    artifacts: { has: world.artifacts.has, body: (sha256) => call({ call: `artifact ${sha256.slice(0, 19)}`, changes: false }, () => world.artifacts.body(sha256)) },
    evidence: {
      find: (key) => call({ call: 'find evidence', changes: false }, () => world.evidence.find(key)),
      record: (evidence) => call({ call: 'record evidence', changes: true }, () => world.evidence.record(evidence)),
    },
    mail: { check: (server) => call({ call: `mail check ${server.host}`, changes: false }, () => world.mail.check(server)), send: (server, letter) => call({ call: `mail ${letter.to}`, changes: true }, () => world.mail.send(server, letter)) },
    secret: async (name, use) => { alive(); return world.secret(name, use) },
  }
}

/** Subcommands of git by which kinds change the local repository or the remote; an index that they use is in a folder that is gone anyway. */
const WRITES = new Set(['push', 'fetch', 'hash-object', 'mktag', 'write-tree'])

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
