// Serves a rehearsal world for a project, so that real clients and Slipway itself can be tried on it.
import { openRehearsalWorld, type RehearsalWorld } from '../rehearsal/world.ts'
import { realClock } from '../world/clock.ts'
import { locateRepository } from '../world/locate.ts'
import { beginFeedBranch } from './feed-branch.ts'
import { copyProject, participants } from './rehearse.ts'
import { worldSecrets } from './world-secrets.ts'

/** What is served, where. */
export interface ServeProject {
  /** A folder inside the project. */
  readonly project: string
  /** An empty folder for the world's own files. */
  readonly folder: string
  /** Opens everything. */
  readonly token: string
  readonly preset?: string
  readonly port?: number
  readonly onCall?: Parameters<typeof openRehearsalWorld>[0]['onCall']
  readonly now?: () => Date
  readonly packages?: string
}

/** Serves the world with the project's commits and tags already pushed to it; `secrets` are the values that its secrets have there. */
export async function serveProject(options: ServeProject): Promise<{ readonly world: RehearsalWorld; readonly gitRoutes: Readonly<Record<string, string>>; readonly secrets: Readonly<Record<string, string>> }> {
  const located = await locateRepository(options.project)
  const { clone, project } = await copyProject(located.top, `${options.folder}/clone`)
  const secrets = worldSecrets(project, () => options.token)
  const world = await openRehearsalWorld({
    folder: options.folder,
    ...participants(project, await clone.tags()),
    tokens: [...new Set([options.token, ...Object.values(secrets)])],
    preset: options.preset ?? 'none',
    now: options.now ?? (() => realClock().now()),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    ...(options.packages === undefined ? {} : { packages: options.packages }),
  })
  await clone.publishTo(world.bare, project.git.branch)
  await beginFeedBranch(world.bare, project)
  const remote = await clone.remote(project.git.remote, world.remote)
  return { world, secrets, gitRoutes: { [remote]: world.served.address(world.remote) } }
}
