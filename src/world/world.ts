// The real world: every way to the outside, put together.
import { join, resolve } from 'node:path'
import { openArtifacts } from './artifacts.ts'
import { openFleeting } from './fleeting.ts'
import { openGit } from './git.ts'
import { openHttp } from './http.ts'
import { openMail } from './mail.ts'
import { openInterpreters } from './interpreters.ts'
import { openRun } from './process.ts'
import { folderToRead, openScratch } from './scratch.ts'
import { openSecrets } from './secrets.ts'
import { servedAddress } from './routes.ts'
import { openTrustedRoot } from './trusted-root.ts'
import type { Environment } from './environment.ts'
import type { HttpOptions } from './http.ts'
import type { Secrets } from './secrets.ts'
import type { Json } from '../model/json.ts'
import type { World } from '../model/world.ts'

/** What a world is made of. */
export interface WorldOptions {
  /** A folder of the repository: where git runs, and programs that name no folder. */
  readonly repository: string
  /** Slipway's own folder; artifacts go to `artifacts` in it. */
  readonly folder: string
  /** The environment: secrets are lent from it, and children see the part that is allow-listed. */
  readonly env: Environment
  /** Slipway's own version. */
  readonly version: string
  readonly evidence: World['evidence']
  /** Where public hosts are served, for a rehearsal. */
  readonly routes?: Readonly<Record<string, string>>
  /** Where public git remotes are served: from the beginning of an address to its replacement. */
  readonly gitRoutes?: Readonly<Record<string, string>>
  /** With `nothing`, the user's and the machine's git configuration is not read. */
  readonly gitInherits?: 'configuration' | 'nothing'
  /** The secrets, where somebody else redacts with them too; from `env` when missing. */
  readonly secrets?: Secrets
  /** A Python to try before those that are found. */
  readonly python?: string
  readonly limits?: HttpOptions['limits']
  readonly reach?: HttpOptions['reach']
  readonly trusted?: HttpOptions['trusted']
  readonly now?: () => Date
  /** What signatures are verified against; the public-good Sigstore's root when missing. */
  readonly trustedRoot?: () => Promise<Json>
  /** A file that holds it, for a Sigstore of one's own. */
  readonly trustedRootFile?: string
}

/** Opens the real world. Nothing is started or written before it is used, and nothing needs to be closed. */
export function openWorld(options: WorldOptions): World {
  const routes = options.routes ?? {}
  const secrets = options.secrets ?? openSecrets(options.env)
  const artifacts = openArtifacts(join(options.folder, 'artifacts'))
  const git = openGit({
    repository: options.repository,
    env: options.env,
    routes: options.gitRoutes ?? {},
    inherits: options.gitInherits ?? 'configuration',
    secret: (name) => secrets.peek(name),
    redact: (text) => secrets.redact(text),
  })
  const run = openRun({ env: options.env, folder: options.repository })
  const interpreters = openInterpreters({ env: options.env, python: options.python })
  return {
    http: openHttp({
      version: options.version,
      routes,
      ...(options.limits && { limits: options.limits }),
      ...(options.reach && { reach: options.reach }),
      ...(options.trusted && { trusted: options.trusted }),
    }),
    git: (args, call) => git(args, call),
    artifacts: { has: (sha256) => artifacts.has(sha256), body: (sha256) => artifacts.body(sha256) },
    evidence: options.evidence,
    secret: (name, use) => secrets.lend(name, use),
    fleeting: openFleeting(secrets, options.now ?? (() => new Date())),
    hasSecret: (name) => secrets.peek(name) !== undefined,
    address: (url) => servedAddress(new URL(url), routes).href,
    trustedRoot: options.trustedRoot ?? openTrustedRoot({ cache: join(options.folder, 'sigstore'), ...(options.trustedRootFile === undefined ? {} : { file: options.trustedRootFile }) }),
    now: options.now ?? (() => new Date()),
    mail: openMail({ routes, reach: options.reach ?? 'everything' }),
    async run(command) {
      const redactor = secrets.redactor()
      const heard = command.heard
      const answer = await run({ ...command, ...(heard && { heard: (text: string) => pass(heard, redactor.push(text)) }) })
      if (heard) pass(heard, redactor.end())
      return { ...answer, stdout: secrets.redact(answer.stdout), stderr: secrets.redact(answer.stderr) }
    },
    scratch: openScratch({ git, artifacts }),
    folder: (path) => folderToRead(resolve(options.repository, path)),
    interpreters: () => interpreters.all(),
    pythonWith: (modules) => interpreters.withModules(modules),
  }
}

function pass(heard: (text: string) => void, text: string): void {
  if (text !== '') heard(text)
}
