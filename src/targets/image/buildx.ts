// The builder docker buildx: a BuildKit that exports an OCI layout.
import type { World } from '../../model/world.ts'
import type { BuildAnswer, Builder, FoundBuilder, Job } from './builder.ts'
import { askProgram, lastLine, options, runBuilder } from './builder-run.ts'

/** Finds a BuildKit that answers and can export what it builds. */
export async function findBuildx(world: Pick<World, 'run'>): Promise<FoundBuilder> {
  const answer = await askProgram(world, 'docker', ['buildx', 'inspect'])
  if (answer === undefined) return { cannot: 'there is no program named docker' }
  const cannot = answer.code === 0 ? unusable(answer.stdout) : `docker buildx does not work here (${lastLine(answer.stderr)})`
  if (cannot !== undefined) return { cannot }
  if (driverOf(answer.stdout) === 'docker' && !(await exports(world))) return { cannot: 'the builder that comes with Docker does not export images here' }
  return { name: 'buildx', build }
}

/** Why the builder that `docker buildx inspect` tells of cannot be used, undefined when it can. */
function unusable(inspected: string): string | undefined {
  const trouble = /^Error:\s*(.+)$/m.exec(inspected)?.[1]
  if (trouble !== undefined) return `the builder of docker buildx does not answer (${trouble})`
  return driverOf(inspected) === undefined ? 'docker buildx tells of no builder' : undefined
}

function driverOf(inspected: string): string | undefined {
  return /^Driver:\s*(\S+)/m.exec(inspected)?.[1]
}

/** Whether Docker keeps its images with containerd: only then can its own builder export (https://docs.docker.com/build/exporters/oci-docker/). */
async function exports(world: Pick<World, 'run'>): Promise<boolean> {
  const answer = await askProgram(world, 'docker', ['info', '--format', '{{.DriverStatus}}'])
  return answer?.stdout.includes('io.containerd.snapshotter') === true
}

function build(bench: Parameters<Builder['build']>[0], job: Job): Promise<BuildAnswer> {
  return runBuilder(bench, job, {
    program: 'docker',
    args: [
      // Without the cache: a release does not hang on what this machine has built before.
      'buildx', 'build', '--progress', 'plain', '--no-cache', '--provenance=false', '--sbom=false', '--platform', job.platform,
      ...options(job), '--output', `type=oci,dest=${job.layout},tar=false,oci-mediatypes=true,rewrite-timestamp=true`,
      '--file', `${job.folder}/${job.dockerfile}`, `${job.folder}/${job.context}`,
    ],
    folder: job.folder,
    env: { SOURCE_DATE_EPOCH: String(job.epoch) },
  })
}
