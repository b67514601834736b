// `slipway world`: serves the rehearsal registries on loopback for real clients, until Ctrl-C.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { command } from './options.ts'
import { servingMessage } from './serving.ts'
import { inSession, type CommonOptions, type Substitutes } from './session.ts'

interface Options extends CommonOptions { readonly port?: number; readonly faults: string }

/** The value of every token here. It opens nothing anywhere else. */
const TOKEN = 'rehearsal-world-token'

/** The command. */
export function worldCommand(substitutes: Substitutes): Command {
  return command('world', 'serve git, GitHub, PyPI, TestPyPI and container registries on loopback, for real clients to try')
    .option('--port <port>', 'the port (default: a free one)', (text: string) => {
      const port = Number(text)
      if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('It must be a number from 1 to 65535.')
      return port
    })
    .addOption(new Option('--faults <name>', 'play a fault preset').default('none'))
    .action(async (options: Options) => inSession(options, async (session) => {
      const { serveProject } = await import('../app/serve-project.ts')
      const { packageIndex } = await import('../app/rehearse.ts')
      const folder = await mkdtemp(join(tmpdir(), 'slipway-world-'))
      try {
        const { world, gitRoutes, secrets } = await serveProject({ project: session.folder, folder, token: TOKEN, preset: options.faults, packages: packageIndex(process.env), ...(options.port === undefined ? {} : { port: options.port }) })
        await using _ = world
        const file = join(folder, 'world.json')
        await writeFile(file, JSON.stringify({ routes: world.served.routes, gitRoutes, trustedRoot: world.trustedRoot }))
        session.reporter.show(servingMessage(world, { file, token: TOKEN, secrets }))
        session.reporter.show({ type: 'note', text: 'Serving until you press Ctrl-C.' })
        await new Promise<void>((resolve) => { session.signal.addEventListener('abort', () => { resolve() }) })
        return 0
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      }
    }, substitutes))
}
