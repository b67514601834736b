// Alerts about the repository: what code scanning and Dependabot have found.
import type { Reply } from '../../service.ts'
import { cursorReply, pageReply } from '../paging.ts'
import { Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Alert } from '../state.ts'
import { demandScanning } from './scans.ts'
import { dependabotAlertView, scanningAlertView } from '../views/alert.ts'

/** A classic token needs the scope `security_events` for both. */
const READ = { part: 'security_events', level: 'read' } as const

/** Lists of alerts. */
export const alertRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/code-scanning/alerts',
    operation: 'code-scanning/list-alerts-for-repo',
    page: 'rest/reference/code-scanning#list-code-scanning-alerts-for-a-repository',
    needs: READ,
    handle: async (ask) => {
      demandScanning(ask.state)
      const alerts = ask.state.alerts.filter(({ by }) => by === 'code-scanning')
      if (alerts.length === 0 && ask.state.scans.length === 0) throw new Refusal(404, 'no analysis found')
      return pageReply(ask, chosen(ask, alerts), (alert) => scanningAlertView(ask, alert))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/dependabot/alerts',
    operation: 'dependabot/list-alerts-for-repo',
    page: 'rest/dependabot/alerts#list-dependabot-alerts-for-a-repository',
    needs: READ,
    handle: listDependabot,
  },
]

async function listDependabot(ask: Ask): Promise<Reply> {
  if (!ask.state.dependabot) throw new Refusal(403, 'Dependabot alerts are disabled for this repository.')
  if (ask.query.has('page')) throw new Refusal(400, 'Pagination using the `page` parameter is not supported.')
  const alerts = chosen(ask, ask.state.alerts.filter(({ by }) => by === 'dependabot')).map((alert) => ({ ...alert, id: alert.number }))
  return cursorReply(ask, alerts, (items) => items.map((alert) => dependabotAlertView(ask, alert)))
}

function chosen({ query }: Ask, alerts: readonly Alert[]): readonly Alert[] {
  const states = query.get('state')?.split(',')
  return alerts.filter(({ state }) => states === undefined || states.includes(state)).toReversed()
}
