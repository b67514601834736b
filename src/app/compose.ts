// Composes the program over the real world: this repository, this machine, and the services its config names.
import type { RunEvent } from '../model/event.ts'
import type { Json } from '../model/json.ts'
import type { Plan } from '../model/plan.ts'
import type { Approval, Policy } from '../engine/drive.ts'
import { openSqliteJournal } from '../storage/sqlite.ts'
import { thisDriver } from '../storage/drivers.ts'
import { holderId } from '../storage/holder.ts'
import { TARGETS } from '../targets/list.ts'
import { realClock } from '../world/clock.ts'
import { locateRepository } from '../world/locate.ts'
import { lookOnly } from '../world/readonly.ts'
import { machineName } from '../world/machine.ts'
import { ownPython, provide } from '../world/provide.ts'
import { NO_LOGINS, openRegistryLogins } from '../world/registry-logins.ts'
import { machineSources } from '../world/secret-sources.ts'
import { openSecrets } from '../world/secrets.ts'
import { version } from '../world/version.ts'
import { openWorld, type WorldOptions } from '../world/world.ts'
import type { Clock } from '../model/world.ts'
import type { App } from './app.ts'
import { keepPullComment } from './pull-comment.ts'
import type { Story } from './story.ts'

/** How the program is composed. */
export interface Composition {
  /** A folder inside the repository. */
  readonly folder: string
  /** Where secrets and settings come from. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Host name to base URL, for services that are served elsewhere (a rehearsal world). */
  readonly routes?: Readonly<Record<string, string>>
  /** Prefixes of remote addresses to where they are served. */
  readonly gitRoutes?: Readonly<Record<string, string>>
  /** Keeps the user's git configuration out, and every request in. */
  readonly hermetic?: boolean
  readonly clock?: Clock
  /** What signatures are verified against, where that is not the public Sigstore. */
  readonly trustedRoot?: Json
  readonly patience: Policy['patience']
  readonly signal: AbortSignal
  askSecret?: App['askSecret']
  /** Where the journal is kept, above what the config says. */
  readonly journal?: 'local' | 'remote'
  /** Hears of a secret that is not in the environment under a name that says so, before anybody is lent it: where logs are masked by value, this one must be added. */
  readonly learned?: (value: string) => void
  ask?(gate: string, plan: Plan): Promise<Approval | undefined>
  tell(event: RunEvent): void
  /** What the comment on a release's pull request says, in Markdown; without it there is none. */
  readonly comment?: (story: Story) => string
  /** Tells of what did not work and stops nothing, in one line. */
  note?(text: string): void
}

/** A composed program, and what has to be closed after it. */
export interface Composed extends AsyncDisposable {
  readonly app: App
  /** A text without any secret that is known. */
  redact(text: string): string
  /** The folder that holds journal and artifacts. */
  readonly state: string
}

/** Where secrets may be sent without anybody saying so: what the targets use when slipway.yaml names nothing else. */
const KNOWN_HOSTS = [
  'api.github.com', 'uploads.github.com', 'upload.pypi.org', 'pypi.org', 'test.pypi.org', 'ghcr.io', 'registry-1.docker.io', 'auth.docker.io', 'fulcio.sigstore.dev', 'bsky.social',
  // Where the workflow's own identity tokens are asked for; its address comes from the runner.
  '.actions.githubusercontent.com',
]

/** The root that is given, or that the file in SLIPWAY_TRUSTED_ROOT holds, for those who run a Sigstore of their own. */
function trustedRootOf({ trustedRoot, env }: Composition): Pick<WorldOptions, 'trustedRoot' | 'trustedRootFile'> {
  if (trustedRoot !== undefined) return { trustedRoot: async () => trustedRoot }
  const file = env['SLIPWAY_TRUSTED_ROOT']
  return file === undefined || file === '' ? {} : { trustedRootFile: file }
}

/** The job that this is, the same when it is run again on another machine: an attempt begins only when the one before is over. */
function jobHolder(env: Composition['env']): App['holder'] | undefined {
  const { GITHUB_ACTIONS: actions, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job } = env
  if (actions !== 'true' || repository === undefined || run === undefined || job === undefined) return undefined
  return { id: `actions/${repository}/${run}/${job}`, host: `GitHub Actions, run ${run}` }
}

/** Opens the repository, the journal and the world. Throws SlipwayError when one of them cannot be had. */
export async function compose(options: Composition): Promise<Composed> {
  const located = await locateRepository(options.folder)
  const state = `${located.gitFolder}/slipway`
  const clock = options.clock ?? realClock()
  const now = () => clock.now()
  const journal = openSqliteJournal({ file: `${state}/journal.db`, now })
  const logins = options.hermetic === true ? NO_LOGINS : openRegistryLogins(options.env)
  const secrets = openSecrets(options.env, { logins, sources: options.hermetic === true ? [] : machineSources(options.env), ...(options.learned === undefined ? {} : { learned: options.learned }) })
  const world = openWorld({
    repository: located.top,
    folder: state,
    env: options.env,
    secrets,
    version: version(),
    evidence: journal.evidence,
    routes: options.routes ?? {},
    gitRoutes: options.gitRoutes ?? {},
    gitInherits: options.hermetic === true ? 'nothing' : 'configuration',
    reach: options.hermetic === true ? 'routed' : 'everything',
    // In a world of its own every host is a stand-in.
    trusted: [...(options.hermetic === true ? Object.keys(options.routes ?? {}) : []), ...KNOWN_HOSTS, ...logins.hosts, ...(options.env['SLIPWAY_TRUSTED_HOSTS'] ?? '').split(/[\s,]+/).filter((host) => host !== '')],
    now,
    ...trustedRootOf(options),
    python: ownPython(options.env),
  })
  const app: App = {
    world,
    look: lookOnly(world),
    clock,
    journal,
    targets: TARGETS,
    driver: thisDriver(),
    holder: jobHolder(options.env) ?? { id: holderId(`${located.gitFolder}/slipway-holder`), host: machineName() },
    policy: { concurrency: 6, attempts: 5, patience: options.patience },
    signal: options.signal,
    secrets: { sourceOf: (name) => secrets.sourceOf(name), hold: (name, value) => { secrets.hold(name, value) } },
    provide: (install) => provide(install, options.env),
    ...(options.askSecret === undefined ? {} : { askSecret: options.askSecret }),
    journalAt: { ...(options.journal === undefined ? {} : { asked: options.journal }), otherwise: options.env['GITHUB_ACTIONS'] === 'true' ? 'remote' : 'local' },
    ...(options.ask === undefined ? {} : { ask: options.ask }),
    tell: options.tell,
    ...(options.comment === undefined ? {} : { comment: keepPullComment({ world, journal, text: options.comment, redact: (text) => secrets.redact(text), note: (text) => { options.note?.(text) } }) }),
  }
  return {
    app,
    redact: (text) => secrets.redact(text),
    state,
    async [Symbol.asyncDispose]() {
      journal.close()
    },
  }
}
