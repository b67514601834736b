// Builders of images behind one port: each makes an image of one platform into an OCI layout and pushes nothing.
import { Refused } from '../../model/error.ts'
import type { Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { findBuildah } from './buildah.ts'
import { findBuildx } from './buildx.ts'
import { findPodman } from './podman.ts'

/** An image of one platform that is to be built. */
export interface Job {
  /** The clean copy of the tree, absolute. */
  readonly folder: string
  /** The folder that the Dockerfile copies from, relative to `folder`. */
  readonly context: string
  /** Relative to `folder`. */
  readonly dockerfile: string
  /** `linux/arm64` */
  readonly platform: string
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** Seconds since 1970: the time of everything in the image. */
  readonly epoch: number
  /** Where the OCI layout is to be, absolute; nothing is there yet. */
  readonly layout: string
}

/** How a build ended, and all that the builder said in the order in which it came. */
export interface BuildAnswer {
  readonly code: number
  readonly text: string
}

/** A program that builds images. */
export interface Builder {
  readonly name: BuilderName
  /** Builds one image. A build that fails is an answer with another code than 0. */
  build(bench: { readonly world: World; readonly once: Once }, job: Job): Promise<BuildAnswer>
}

/** The builders in the order in which they are looked for. */
export const BUILDERS = ['buildx', 'podman', 'buildah'] as const

/** The name of a builder, as slipway.yaml writes it. */
export type BuilderName = (typeof BUILDERS)[number]

/** A builder that can be used here, or why this one cannot. */
export type FoundBuilder = Builder | { readonly cannot: string }

const FINDERS: Readonly<Record<BuilderName, (world: Pick<World, 'run'>) => Promise<FoundBuilder>>> = { buildx: findBuildx, podman: findPodman, buildah: findBuildah }

/** The builder that slipway.yaml names, or the first that is found. Throws Refused `tool-missing`. */
export async function findBuilder(world: Pick<World, 'run'>, wanted: 'auto' | BuilderName): Promise<Builder> {
  const reasons: string[] = []
  for (const name of wanted === 'auto' ? BUILDERS : [wanted]) {
    const found = await FINDERS[name](world)
    if ('build' in found) return found
    reasons.push(found.cannot)
  }
  if (wanted === 'auto') {
    throw new Refused({
      code: 'tool-missing',
      message: 'Nothing here builds container images.',
      hint: 'Install Docker with buildx (https://docs.docker.com/build/), podman or buildah, and run the release again; on Debian and Ubuntu: apt-get install buildah.',
      detail: reasons.join('\n'),
    })
  }
  throw new Refused({
    code: 'tool-missing',
    message: `slipway.yaml has the image built with ${wanted}, which cannot be used here: ${reasons.join(', ')}.`,
    hint: wanted === 'buildx'
      ? 'Start Docker and make a builder (docker buildx create --use), or take "builder" under "image" out of slipway.yaml, so that another one is looked for.'
      : `Install ${wanted}, or take "builder" under "image" out of slipway.yaml, so that another one is looked for.`,
  })
}
