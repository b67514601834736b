// Whether releases of the repository are immutable once they are published.
import { jsonReply } from '../../service.ts'
import { notFound } from '../refusal.ts'
import type { Route } from '../router.ts'

const PATH = '/repos/{owner}/{repo}/immutable-releases'

/** The setting of immutable releases. */
export const immutableRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    operation: 'repos/check-immutable-releases',
    page: 'rest/repos/repos#check-if-immutable-releases-are-enabled-for-a-repository',
    needs: { part: 'administration', level: 'read' },
    handle: async ({ state }) => {
      if (!state.immutable) throw notFound()
      return jsonReply(200, { enabled: true, enforced_by_owner: false })
    },
  },
  {
    method: 'PUT',
    path: PATH,
    operation: 'repos/enable-immutable-releases',
    page: 'rest/repos/repos#enable-immutable-releases',
    needs: { part: 'administration', level: 'write' },
    handle: async ({ state }) => {
      state.setImmutable(true)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: PATH,
    operation: 'repos/disable-immutable-releases',
    page: 'rest/repos/repos#disable-immutable-releases',
    needs: { part: 'administration', level: 'write' },
    handle: async ({ state }) => {
      state.setImmutable(false)
      return { status: 204 }
    },
  },
]
