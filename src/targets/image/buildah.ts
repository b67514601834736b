// The builder buildah, and what podman shares with it.
import { z } from 'zod'
import type { World } from '../../model/world.ts'
import type { Builder, BuildAnswer, FoundBuilder, Job } from './builder.ts'
import { askProgram, lastLine, options, runBuilder } from './builder-run.ts'

const info = z.object({ host: z.object({ os: z.string(), arch: z.string(), OCIRuntime: z.string().optional() }) })

/** Finds buildah. */
export async function findBuildah(world: Pick<World, 'run'>): Promise<FoundBuilder> {
  const answer = await askProgram(world, 'buildah', ['info'])
  if (answer === undefined) return { cannot: 'there is no program named buildah' }
  if (answer.code !== 0) return { cannot: `buildah does not work here (${lastLine(answer.stderr)})` }
  const { host } = info.parse(JSON.parse(answer.stdout))
  // Without a runtime for containers there is one other way to run an instruction.
  const isolation = host.OCIRuntime ? [] : ['--isolation', 'chroot']
  return { name: 'buildah', build: (bench, job) => buildIntoLayout({ ...bench, program: 'buildah', extra: isolation, native: `${host.os}/${host.arch}` }, job) }
}

/** A builder's program with its further options and the platform that it runs on. */
export type StorageBench = Parameters<Builder['build']>[0] & { readonly program: 'buildah' | 'podman'; readonly extra: readonly string[]; readonly native: string }

/** An instruction that failed without a word between it and the builder's own: buildah may lose what the program said, such as why it could not start. */
const WORDLESS = /^(?:\[[^\]]+\] )?STEP \d[^\n]*: RUN [^\n]*\n(?:subprocess exited with status \d+\n)?Error: building at STEP /m

/**
 * Builds straight into an OCI layout: an image in the storage that all builds share could be cleared away by another build with the same layers. The layers are
 * compressed as for a push. A failure without a reason is built once more, to hear the reason.
 */
export async function buildIntoLayout(bench: StorageBench, job: Job): Promise<BuildAnswer> {
  const call = { program: bench.program, args: buildArgs(bench, job), folder: job.folder }
  const answer = await runBuilder(bench, job, call)
  return answer.code !== 0 && WORDLESS.test(answer.text) ? runBuilder(bench, job, call) : answer
}

function buildArgs({ extra, native }: StorageBench, job: Job): readonly string[] {
  return [
    'build', '--format', 'oci', '--timestamp', String(job.epoch), '--jobs', '1', '--layers=false', '--disable-compression=false', ...extra,
    // Older versions do not know this argument, which Dockerfiles use for what need not be built on the platform itself.
    '--build-arg', `BUILDPLATFORM=${native}`,
    '--platform', job.platform, ...options(job), '--tag', `oci:${job.layout}`, '--file', `${job.folder}/${job.dockerfile}`, `${job.folder}/${job.context}`,
  ]
}
