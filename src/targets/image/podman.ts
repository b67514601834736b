// The builder podman.
import type { World } from '../../model/world.ts'
import { buildIntoLayout } from './buildah.ts'
import type { FoundBuilder } from './builder.ts'
import { askProgram, lastLine } from './builder-run.ts'

/** Finds podman. */
export async function findPodman(world: Pick<World, 'run'>): Promise<FoundBuilder> {
  const answer = await askProgram(world, 'podman', ['info', '--format', '{{.Host.OS}}/{{.Host.Arch}}'])
  if (answer === undefined) return { cannot: 'there is no program named podman' }
  if (answer.code !== 0) return { cannot: `podman does not work here (${lastLine(answer.stderr)})` }
  return { name: 'podman', build: (bench, job) => buildIntoLayout({ ...bench, program: 'podman', extra: [], native: answer.stdout.trim() }, job) }
}
