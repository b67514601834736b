// Engines that run containers: docker and podman, which are asked the same things in the same words.
import { randomUUID } from 'node:crypto'
import type { Once } from '../../model/kind.ts'
import type { CommandAnswer, Scratch, World } from '../../model/world.ts'
import type { ImageArtifact } from './artifact.ts'
import { askProgram, lastLine } from './builder-run.ts'
import { blobPath, writeLayout } from './layout.ts'

/** A program that runs containers, and the platform that it runs them on. */
export interface Engine {
  readonly name: 'docker' | 'podman'
  readonly platform: string
}

/** Why it could not be tried at all. */
export interface Cannot {
  readonly cannot: string
}

/** What is wrong with the image, and what the container printed. */
export interface Wrong {
  readonly wrong: string
  readonly log: string
}

/** A started container. */
export interface Container {
  /** Where its port is reached: `http://127.0.0.1:49153`. */
  readonly url: string
  /** Its exit code once it has ended, undefined while it runs. */
  ended(): Promise<number | undefined>
  /** What it has printed. */
  log(): Promise<string>
}

const PLATFORM = /^[a-z0-9]+\/[a-z0-9]+$/

/** The first engine that answers here. */
export async function findEngine(world: World): Promise<Engine | Cannot> {
  const docker = await askProgram(world, 'docker', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'])
  if (isPlatform(docker)) {
    // A port that is published on another machine's loopback is not seen here.
    const where = await askProgram(world, 'docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])
    if (where?.code === 0 && /^(?:tcp|ssh|https?):/.test(where.stdout)) return { cannot: `docker runs its containers on another machine (${where.stdout.trim()})` }
    return { name: 'docker', platform: docker.stdout.trim() }
  }
  const podman = await askProgram(world, 'podman', ['info', '--format', '{{.Host.OS}}/{{.Host.Arch}}'])
  return isPlatform(podman) ? { name: 'podman', platform: podman.stdout.trim() } : { cannot: 'no container engine here' }
}

function isPlatform(answer: CommandAnswer | undefined): answer is CommandAnswer {
  return answer?.code === 0 && PLATFORM.test(answer.stdout.trim())
}

/** Where an image is started. */
export interface EngineBench {
  readonly world: World
  readonly once: Once
  /** Empty. */
  readonly scratch: Scratch
  readonly engine: Engine
  /** The port in the container. */
  readonly port: number
}

/** What the engines say when it is the image that cannot be started, and not the engine that cannot start anything. */
const IMAGE_FAULT = /executable file|exec format error|\bexec: |attempted to invoke a command/i

/** Starts the image of one platform, lends the container, and removes container and image whatever happened. */
export async function withContainer<T>(bench: EngineBench, manifest: ImageArtifact, use: (container: Container) => Promise<T>): Promise<T | Wrong | Cannot> {
  const { world, once, scratch, engine, port } = bench
  const name = `slipway-${randomUUID()}`
  const image = `localhost/${name}:try`
  await writeArchive(bench, manifest, image)
  const call = (...args: string[]) => world.run({ program: engine.name, is: 'container-tool', args, folder: scratch.path })
  const engineSays = ({ stdout, stderr }: CommandAnswer) => lastLine(`${stdout}\n${stderr}`)
  try {
    const loaded = await world.run({ program: engine.name, is: 'container-tool', args: ['load', '--input', 'image.tar'], folder: scratch.path, signal: once.signal })
    if (loaded.code !== 0) return { cannot: `${engine.name} cannot load the image (${engineSays(loaded)})` }
    const started = await world.run({
      program: engine.name, is: 'container-tool', args: ['run', '--detach', '--pull', 'never', '--name', name, '--publish', `127.0.0.1::${port}`, image], folder: scratch.path, signal: once.signal,
    })
    if (started.code !== 0 && !IMAGE_FAULT.test(started.stderr)) return { cannot: `${engine.name} cannot start containers here (${engineSays(started)})` }
    if (started.code !== 0) return { wrong: 'its command cannot be started', log: started.stderr }
    const published = await call('port', name, `${port}/tcp`)
    // In the network of the machine itself nothing needs to be published: the port is the container's own.
    const address = /^127\.0\.0\.1:\d+$/m.exec(published.stdout)?.[0] ?? `127.0.0.1:${port}`
    return await use({
      url: `http://${address}`,
      ended: async () => {
        const { code, stdout } = await call('inspect', '--format', '{{.State.Running}} {{.State.ExitCode}}', name)
        const [running, exit] = stdout.trim().split(' ')
        return code === 0 && running === 'false' ? Number(exit) : undefined
      },
      log: async () => {
        const { stdout, stderr } = await call('logs', '--tail', '50', name)
        return `${stdout}${stderr}`
      },
    })
  } finally {
    // Ended hard: a program that minds no other signal would be waited for.
    await call('kill', name).catch(() => undefined)
    await call('rm', '--force', '--volumes', name).catch(() => undefined)
    await call('rmi', image).catch(() => undefined)
  }
}

/** Writes `image.tar`: an OCI layout that is a Docker archive too, for engines that know only the one or the other. */
async function writeArchive({ world, once, scratch }: EngineBench, manifest: ImageArtifact, name: string): Promise<void> {
  const { sha256: digest, mediaType, size, about } = manifest
  if (about.role !== 'manifest') throw new Error(`${manifest.name} is no manifest`)
  for (const blob of [digest, about.config, ...about.layers.map((layer) => layer.digest)]) await scratch.place(blob, blobPath('layout', blob))
  await writeLayout(scratch, 'layout', { blob: { digest, mediaType, size }, name })
  const archive = [{ Config: blobPath('.', about.config).slice(2), RepoTags: [name], Layers: about.layers.map((layer) => blobPath('.', layer.digest).slice(2)) }]
  await scratch.write('layout/manifest.json', JSON.stringify(archive))
  const packed = await world.run({ program: 'tar', args: ['-cf', 'image.tar', '-C', 'layout', '.'], folder: scratch.path, signal: once.signal })
  if (packed.code !== 0) throw new Error(`tar could not pack the image: ${lastLine(packed.stderr)}`)
}
