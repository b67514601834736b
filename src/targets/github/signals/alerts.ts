// The signals of alerts: what code scanning and Dependabot have open about the repository.
import { z } from 'zod'
import { SlipwayError } from '../../../model/error.ts'
import { ALERT_SEVERITIES, type AlertSeverity, type Reading, type Signal, type SignalContext } from '../../../model/signal.ts'
import { github } from '../client.ts'
import type { Access } from '../shape.ts'

/** As many as one answer holds. */
const MOST = 100

interface Alert {
  readonly severity: AlertSeverity
  readonly what: string
  readonly link: string
}

const severity = z.enum(ALERT_SEVERITIES).nullish().catch(undefined)

/** https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository */
const scanningAlert = z.object({ html_url: z.string(), rule: z.object({ description: z.string().nullish(), name: z.string().nullish(), security_severity_level: severity }) })
  // Rules that are no matter of security have no level.
  .transform(({ html_url: link, rule }): Alert => ({ link, severity: rule.security_severity_level ?? 'low', what: rule.description ?? rule.name ?? 'a finding' }))

/** https://docs.github.com/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository */
const dependencyAlert = z.object({ html_url: z.string(), security_advisory: z.object({ summary: z.string(), severity }), security_vulnerability: z.object({ package: z.object({ name: z.string() }) }) })
  .transform(({ html_url: link, security_advisory: advisory, security_vulnerability: { package: { name } } }): Alert => ({ link, severity: advisory.severity ?? 'medium', what: `${name}: ${advisory.summary}` }))

/** Open alerts, of both kinds. */
export function alertSignals(access: Access, { thresholds }: SignalContext): readonly Signal[] {
  const signal = (title: string, route: string, shape: z.ZodType<Alert>, missing: string): Signal => ({
    source: new URL(access.api).host,
    title: `${title} of ${access.repository}`,
    async look(look) {
      try {
        const alerts = await github(look, access).read(route, { state: 'open', per_page: MOST }, z.array(shape))
        return alerts === undefined ? { standing: 'untold', why: missing } : reading(alerts, thresholds.alerts)
      } catch (error) {
        const off = switchedOff(error)
        if (off === undefined) throw error
        return { standing: 'untold', why: off }
      }
    },
  })
  return [
    signal('code scanning alerts', 'GET /repos/{owner}/{repo}/code-scanning/alerts', scanningAlert, 'GitHub shows no code scanning to this token: nothing was ever scanned, or the token lacks the right "Code scanning alerts: read"'),
    signal('Dependabot alerts', 'GET /repos/{owner}/{repo}/dependabot/alerts', dependencyAlert, 'GitHub shows no Dependabot alerts to this token, which needs the right "Dependabot alerts: read"'),
  ]
}

function reading(alerts: readonly Alert[], from: AlertSeverity): Reading {
  const grave = alerts.filter((each) => rank(each.severity) >= rank(from))
  if (alerts.length === 0) return { standing: 'fine', seen: 'none open' }
  const count = `${alerts.length}${alerts.length === MOST ? ' or more' : ''} open`
  const [first] = alerts.toSorted((one, other) => rank(other.severity) - rank(one.severity))
  const worst = first === undefined ? '' : `; the worst is ${first.severity}: ${first.what}`
  return { standing: grave.length > 0 ? 'act' : 'watch', seen: `${count}${worst}`, links: (grave.length > 0 ? grave : alerts).slice(0, 5).map(({ link }) => link) }
}

function rank(severity: AlertSeverity): number {
  return ALERT_SEVERITIES.indexOf(severity)
}

/** GitHub's words where a repository has switched alerts off, which is not the lack of a right. */
function switchedOff(error: unknown): string | undefined {
  if (!(error instanceof SlipwayError)) return undefined
  const { message, detail = '' } = error.problems[0]
  return /alerts are disabled|must be enabled|not enabled|no analysis found/i.test(`${message} ${detail}`) ? 'it is switched off for this repository' : undefined
}
