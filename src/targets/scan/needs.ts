// What a scan needs: the scanner, or the advisories on this machine.
import { met, unmet, type Finding, type Need } from '../../model/need.ts'
import type { World } from '../../model/world.ts'
import { grype } from './grype.ts'
import { trivy } from './trivy.ts'
import type { Settings } from './settings.ts'

/** The needs of the scan target. */
export function scanNeeds(set: Settings): readonly Need[] {
  const { with: scanner, database } = set
  switch (scanner) {
    case 'none': return []
    case 'osv': return [{ of: 'tools', title: 'the scanner osv', look: (world) => lookAtAdvisories(world, database) }]
    case 'trivy': case 'grype': return [{ of: 'tools', title: `the scanner ${scanner}`, look: (world) => lookAtScanner(world, scanner === 'trivy' ? trivy : grype) }]
  }
}

async function lookAtAdvisories(world: World, database: string | undefined): Promise<Finding> {
  if (database === undefined) return met('built in')
  const { list, path } = world.folder(database)
  if ((await list('.')).length > 0) return met(`built in, with the advisories in ${path}`)
  return unmet({ code: 'scan-unreadable', message: `There are no advisories in ${path}.`, hint: 'Put a copy of OSV\'s there (https://google.github.io/osv.dev/data/), or leave `scan.database` out.' })
}

async function lookAtScanner(world: World, { program, from }: { readonly program: string; readonly from: string }): Promise<Finding> {
  const { code, stdout, stderr } = await world.run({ program, args: ['--version'], timeout: 30_000 })
  if (code === 0) return met(stdout.trim().split('\n')[0] ?? program)
  return unmet({ code: 'tool-missing', message: `${program} does not work here.`, hint: `Install it anew: ${from}`, detail: stderr })
}
