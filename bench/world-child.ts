// Serves a rehearsal world for a project until its parent goes away, and sends the parent the settings that SLIPWAY_WORLD's file holds.
import { serveProject } from '../src/app/serve-project.ts'

const [project = '', folder = '', token = ''] = process.argv.slice(2)
const { world, gitRoutes } = await serveProject({ project, folder, token })
process.once('disconnect', () => void world[Symbol.asyncDispose]().then(() => process.exit()))
process.send?.({ routes: world.served.routes, gitRoutes })
