// `slipway monitor`: how a release fares once users have it. Looks, and changes nothing.
import { SlipwayError } from '../model/error.ts'
import type { Reading, Signal, SignalContext } from '../model/signal.ts'
import type { App } from './app.ts'
import { projectHere } from './here.ts'
import { named } from './project.ts'
import { askForSecrets } from './secrets.ts'
import { published, verifyPublished, type Verified } from './verify.ts'
import type { Published } from './published-elsewhere.ts'

/** A signal with what was seen of it, and when. */
export interface Watched {
  readonly source: string
  readonly title: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly reading: Reading
}

/** How a release fares. `healthy` is said only where every source that could tell did. */
export interface Monitoring {
  readonly version: string
  /** When it was released: ISO 8601, UTC. */
  readonly since: string
  readonly verdict: 'healthy' | 'watch' | 'act'
  readonly watched: readonly Watched[]
}

/** Looks at everything that tells of a version, the newest that was shipped when it is left out. Throws what finding the release throws. */
export async function monitor(app: App, version?: string): Promise<Monitoring> {
  const project = await projectHere(app)
  await askForSecrets(app, project)
  const release = await published(app, version)
  const { plan } = release
  const context: SignalContext = {
    version: plan.releases[0].to, tag: named(project.git.tag, plan.releases[0].to), since: plan.date, thresholds: project.config.monitor, artifacts: plan.artifacts, tree: plan.subject.tree,
  }
  const signals = project.active.flatMap(({ target, settings }) => target.signals?.(context, settings) ?? [])
  const [fetched, told] = await Promise.all([asUser(app, release), Promise.all(signals.map((signal) => readingOf(app, signal)))])
  const watched = [...fetched, ...told]
  return { version: context.version, since: context.since, verdict: verdictOn(watched), watched }
}

/** The whole out of its parts: what nobody answered is no reason to be calm. */
export function verdictOn(watched: readonly Pick<Watched, 'reading'>[]): Monitoring['verdict'] {
  const standings = new Set(watched.map(({ reading }) => reading.standing))
  if (standings.has('act')) return 'act'
  return standings.has('watch') || standings.has('unknown') ? 'watch' : 'healthy'
}

/** The verifications of the release, each as a signal. */
async function asUser(app: App, release: Published): Promise<readonly Watched[]> {
  const { verified } = await verifyPublished(app, release)
  return verified.map((each) => ({ source: 'slipway verify', title: each.title, at: app.look.now().toISOString(), reading: verifiedReading(each) }))
}

function verifiedReading({ is, detail, problems: [problem] }: Verified): Reading {
  switch (is) {
    case 'right': return { standing: 'fine', seen: detail.length === 0 ? 'as it was built' : detail.join('; ') }
    case 'wrong': return { standing: 'act', seen: problem?.message ?? 'it is not as it was built' }
    case 'unseen': return { standing: 'unknown', why: problem?.message ?? 'it could not be looked at' }
  }
}

async function readingOf({ world }: App, { source, title, look }: Signal): Promise<Watched> {
  const reading = await look(world).catch((error: unknown): Reading => ({ standing: 'unknown', why: error instanceof SlipwayError ? words(error) : `there was no answer (${error instanceof Error ? error.message : String(error)})` }))
  return { source, title, at: world.now().toISOString(), reading }
}

function words({ problems: [{ message, hint }] }: SlipwayError): string {
  return hint === undefined ? message : `${message} ${hint}`
}
