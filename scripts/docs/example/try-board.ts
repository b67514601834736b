// Lends the example target a world in which nothing is served but its board.
import { serve } from '../../../src/rehearsal/serve.ts'
import type { World } from '../../../src/model/world.ts'
import { openHttp } from '../../../src/world/http.ts'
import { openSecrets } from '../../../src/world/secrets.ts'
import { boardService, type BoardState } from './board-service.ts'

/** Serves a board while `use` runs. The world has its http and its one secret, BOARD_TOKEN; the example needs no more. */
export async function withBoard<T>(state: BoardState, use: (world: World) => Promise<T>): Promise<T> {
  await using served = await serve({ services: [boardService(state)] })
  const secrets = openSecrets({ BOARD_TOKEN: state.token })
  const world: Pick<World, 'http' | 'secret'> = { http: openHttp({ version: '0.0.0', routes: served.routes }), secret: (name, lent) => secrets.lend(name, lent) }
  return await use(world as World)
}
