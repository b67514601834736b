// The signal of advisories: what has become known, since the release, to be vulnerable in what it ships.
import { SlipwayError } from '../../model/error.ts'
import type { Signal, SignalContext } from '../../model/signal.ts'
import { scanInput, scannable } from './input.ts'
import { counted } from './osv.ts'
import { scanRun } from './run.ts'
import type { Settings } from './settings.ts'

/** The release's scan, made again with what is known today; what stops a release now asks for action. */
export function advisories(context: SignalContext, set: Settings): Signal {
  return {
    source: set.with === 'osv' && set.database === undefined ? new URL(set.api).host : set.with,
    title: `advisories about what ${context.version} ships`,
    async look(world) {
      const input = scanRun.input.parse(scanInput({ tree: context.tree, artifacts: scannable(context.artifacts), date: world.now().toISOString() }, set))
      try {
        const { findings = [] } = await scanRun.apply?.(world, input, { key: '', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }) ?? {}
        return { standing: 'fine', seen: findings.length === 0 ? 'none' : `${counted(findings.length, 'finding')}, none that the policy under "scan" would stop` }
      } catch (error) {
        if (!(error instanceof SlipwayError) || error.code !== 'scan-failed') throw error
        return { standing: 'act', seen: error.problems[0].message }
      }
    },
  }
}
