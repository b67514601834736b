// One place where a release is crashed: a fresh clone, a fresh world that outlives its drivers, and a watch on every request.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../src/rehearsal/git/bare.ts'
import type { RehearsalWorld } from '../../src/rehearsal/world.ts'
import { serveProject } from '../../src/app/serve-project.ts'
import type { Broken, Moment, Order } from './crash-order.ts'
import { startDriver, type Driver, type Ended, type Line } from './crash-driver.ts'
import { killTree } from './crash-processes.ts'
import { freezeWorld, thawWorld, type FrozenWorld } from './crash-freeze.ts'
import { portraitOf, type Portrait } from './crash-portrait.ts'

/** A point at which a driver dies: around the n-th request that changes something, or around the n-th write to its journal. */
export interface Boundary {
  readonly at: 'request' | 'write'
  readonly number: number
  readonly moment: Moment
}

/** What one run of the program left behind. */
export interface SiteRun extends Ended {
  /** Requests that change something, in the order of arrival. */
  readonly requests: readonly string[]
  /** Writes to the journal. */
  readonly writes: readonly string[]
  /** For each of the requests, the steps that were begun and not over when it came. */
  readonly under: readonly (readonly string[])[]
}

/** How the program is run once. */
export interface Running {
  readonly args: readonly string[]
  readonly dies?: Boundary
  readonly broken?: Broken
  /** Another clone to run it in. */
  readonly project?: string
  heard?(line: Line, driver: Driver): void
  /** Told of each request that changes something. */
  asked?(request: string, moment: Moment, driver: Driver): void | Promise<void>
}

/** A portrait with the changes of refs that were pushed, the lease left out, and every manifest that a registry has taken, by its tag. */
export interface Scene extends Portrait {
  readonly moves: readonly string[]
  readonly puts: readonly string[]
}

/** A place to crash in. */
export interface Site extends AsyncDisposable {
  readonly folder: string
  /** The clone that the release is made from. */
  readonly project: string
  /** Where journal and artifacts are. */
  readonly state: string
  readonly world: RehearsalWorld
  /** Runs the program until it ends, and whatever it has asked for is answered. */
  run(running: Running): Promise<SiteRun>
  /** The time of the drivers. */
  time(): Date
  setTime(at: Date): void
  scene(): Promise<Scene>
  /** Keeps the clone and the world as they are now, for other sites to begin with. The site itself is over. */
  freeze(folder: string): Promise<Frozen>
}

/** A clone and a world at one moment. */
export interface Frozen {
  readonly project: string
  readonly world: FrozenWorld
  /** The changes of refs until then. */
  readonly moves: readonly string[]
  /** The manifests until then. */
  readonly puts: readonly string[]
}

/** What a site begins with. */
export interface SiteOptions {
  /** An empty or missing folder. */
  readonly folder: string
  /** The project that is copied. */
  readonly project: string
  /** A folder of state to begin with: evidence and artifacts. */
  readonly seed?: string
  readonly preset?: string
  /** Addresses that only others ask, such as the job of a workflow, and that no driver's death has anything to do with. */
  readonly others?: RegExp
  /** Changes the world before anything is run. */
  arrange?(world: RehearsalWorld): void
  /** A clone and a world to begin with. */
  readonly frozen?: Frozen
  readonly env: Readonly<Record<string, string>>
}

/** When every release of these tests begins. */
export const START = new Date('2026-11-22T10:00:00Z')

const TOKEN = 'crash-site-token-0123456789'
/** What Slipway keeps at a remote for itself. */
const OWN = 'refs/slipway/'

/** Opens a site. */
export async function openSite(options: SiteOptions): Promise<Site> {
  const { folder } = options
  const project = join(folder, 'project')
  const state = join(project, '.git', 'slipway')
  const clock = join(folder, 'clock')
  mkdirSync(folder, { recursive: true })
  cpSync(options.frozen?.project ?? options.project, project, { recursive: true })
  if (options.seed !== undefined) cpSync(options.seed, state, { recursive: true })
  writeFileSync(clock, START.toISOString())

  interface Watched { readonly running: Running; readonly writes: string; driver: Driver | undefined; readonly requests: string[]; readonly under: (readonly string[])[] }
  const watched = new Set<Watched>()
  const numbers = new WeakMap<object, { readonly name: string; readonly number: number }>()
  const moves = [...options.frozen?.moves ?? []]
  const puts = [...options.frozen?.puts ?? []]
  let refs = new Map<string, string>()
  let busy = 0
  let quiet: () => void = () => undefined
  let runs = 0
  // Each look uses up an id.
  let looks = 0

  const { world, gitRoutes } = await serveProject({
    project: options.project, folder: join(folder, 'world'), token: TOKEN, now: () => START, ...(options.preset === undefined ? {} : { preset: options.preset }),
    async onCall(call, moment, status) {
      if (options.others?.test(call.url) === true) return undefined
      const manifest = call.method === 'PUT' ? /\/manifests\/([^/]+)$/.exec(call.url)?.[1] : undefined
      // One that is put again leaves the same world, so it is counted.
      if (moment === 'after' && manifest !== undefined && status === 201) puts.push(manifest.startsWith('sha256:') ? 'by its digest' : manifest)
      const [one] = watched
      const leave = (): 'cut' | undefined => {
        if (moment === 'after' && --busy === 0) quiet()
        // Nobody is there any more to whom an answer could go, or who could have asked.
        return watched.size === 0 ? 'cut' : undefined
      }
      if (one === undefined) return leave()
      if (!changes(call)) {
        if (moment === 'before') busy += 1
        return moment === 'before' ? undefined : leave()
      }
      const known = numbers.get(call)
      if (known === undefined) one.under.push(underWay(linesOf(one.writes)))
      const named = known ?? { name: `${call.method} ${call.url}`, number: one.requests.push(`${call.method} ${call.url}`) }
      numbers.set(call, named)
      if (moment === 'after' && call.url.endsWith('/git-receive-pack')) await noteMoves()
      if (one.driver !== undefined) await one.running.asked?.(named.name, moment, one.driver)
      const { dies } = one.running
      if (dies?.at === 'request' && dies.number === named.number && dies.moment === moment && one.driver !== undefined) {
        killTree(one.driver.pid)
        watched.delete(one)
        if (moment === 'after') leave()
        return 'cut'
      }
      if (moment === 'before') busy += 1
      return moment === 'before' ? undefined : leave()
    },
  })
  if (options.frozen !== undefined) thawWorld(options.frozen.world, world)
  options.arrange?.(world)
  refs = await readRefs(world.bare)
  const routes = join(folder, 'world.json')
  writeFileSync(routes, JSON.stringify({ routes: world.served.routes, gitRoutes, trustedRoot: world.trustedRoot }))

  async function noteMoves(): Promise<void> {
    const now = await readRefs(world.bare)
    for (const name of new Set([...refs.keys(), ...now.keys()])) {
      if (name.startsWith(OWN) || refs.get(name) === now.get(name)) continue
      moves.push(`${refs.has(name) ? now.has(name) ? 'moved' : 'deleted' : 'made'} ${name}`)
    }
    refs = now
  }

  return {
    folder,
    project,
    state,
    world,
    time: () => new Date(readFileSync(clock, 'utf8')),
    setTime: (at) => { writeFileSync(clock, at.toISOString()) },
    async run(running) {
      const writes = join(folder, `writes-${(runs += 1)}`)
      writeFileSync(writes, '')
      const one: Watched = { running, writes, driver: undefined, requests: [], under: [] }
      watched.add(one)
      const order: Order = {
        clock,
        writes,
        ...(running.dies?.at === 'write' ? { dies: { write: running.dies.number, moment: running.dies.moment } } : {}),
        ...(running.broken === undefined ? {} : { broken: running.broken }),
      }
      const driver = startDriver({
        args: [...running.args, '--folder', running.project ?? project],
        env: { ...options.env, ...world.identity, SLIPWAY_WORLD: routes, GITHUB_TOKEN: TOKEN, PYPI_TOKEN: TOKEN, TESTPYPI_TOKEN: TOKEN },
        order,
        heard: (line) => { running.heard?.(line, driver) },
      })
      one.driver = driver
      const ended = await driver.ended
      watched.delete(one)
      if (watched.size === 0 && busy > 0) await new Promise<void>((done) => { quiet = done })
      return { ...ended, requests: one.requests, under: one.under, writes: linesOf(writes) }
    },
    async scene() {
      await noteMoves()
      const portrait = await portraitOf(world)
      return { ...portrait, idsGiven: portrait.idsGiven - looks++, moves: moves.toSorted(), puts: puts.toSorted() }
    },
    async freeze(to) {
      cpSync(project, join(to, 'project'), { recursive: true })
      await noteMoves()
      return { project: join(to, 'project'), world: freezeWorld(world, join(to, 'bare')), moves, puts }
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** True for requests that may change something at the other side. */
function changes({ method, url }: { readonly method: string; readonly url: string }): boolean {
  return method !== 'GET' && method !== 'HEAD' && !url.endsWith('/git-upload-pack')
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** The steps that these writes have begun and not ended. */
function underWay(writes: readonly string[]): readonly string[] {
  const steps = new Set<string>()
  for (const write of writes) {
    const [, type, step = ''] = /^(?:undo )?(begun|settled|failed|stuck) (.*)$/.exec(write) ?? []
    if (type === 'begun') steps.add(step)
    else if (type !== undefined) steps.delete(step)
  }
  return [...steps]
}

async function readRefs(bare: string): Promise<Map<string, string>> {
  const lines = (await git(bare, ['for-each-ref', '--format=%(refname) %(objectname)'])).split('\n')
  return new Map(lines.map((line) => line.split(' ')).map(([name = '', object = '']) => [name, object]))
}
