// The builder buildah, and what podman shares with it: an image is built into their storage, written out, and taken out of the storage again.
import { randomUUID } from 'node:crypto'
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
  return { name: 'buildah', build: (bench, job) => buildInStorage({ ...bench, program: 'buildah', extra: isolation, native: `${host.os}/${host.arch}` }, job) }
}

/** A builder's program with its further options and the platform that it runs on. */
export type StorageBench = Parameters<Builder['build']>[0] & { readonly program: 'buildah' | 'podman'; readonly extra: readonly string[]; readonly native: string }

/** Builds under a name that nobody else uses, writes the image out as an OCI layout, and removes the name whatever happened. */
export async function buildInStorage(bench: StorageBench, job: Job): Promise<BuildAnswer> {
  const { program, world } = bench
  const name = `localhost/slipway-${randomUUID()}`
  const call = (args: readonly string[]) => runBuilder(bench, job, { program, args, folder: job.folder })
  try {
    const built = await call(buildArgs(bench, job, name))
    if (built.code !== 0) return built
    const pushed = await call(['push', '--quiet', '--format', 'oci', name, `oci:${job.layout}`])
    return { code: pushed.code, text: `${built.text}\n${pushed.text}` }
  } finally {
    // Not with the signal: an interrupted build leaves nothing behind either.
    await world.run({ program, args: ['rmi', name] }).catch(() => undefined)
  }
}

function buildArgs({ extra, native }: StorageBench, job: Job, name: string): readonly string[] {
  return [
    'build', '--format', 'oci', '--timestamp', String(job.epoch), '--jobs', '1', '--layers=false', ...extra,
    // Older versions do not know this argument, which Dockerfiles use for what need not be built on the platform itself.
    '--build-arg', `BUILDPLATFORM=${native}`,
    '--platform', job.platform, ...options(job), '--tag', name, '--file', `${job.folder}/${job.dockerfile}`, `${job.folder}/${job.context}`,
  ]
}
