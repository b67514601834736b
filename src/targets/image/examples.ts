// What the examples of this target's kinds are made on: the ground's image.
import type { Ground } from '../../model/kind.ts'
import { imageIn, type Image } from './artifact.ts'

/** Where the examples' image is published. */
export const EXAMPLE = { image: 'ghcr.io/acme/ground', token: { $secret: 'GITHUB_TOKEN' } } as const

/** The ground's image. Throws when the ground holds none. */
export function exampleImage(ground: Ground): Image {
  const image = imageIn(ground.artifacts)
  if (image === undefined) throw new Error('The ground of the examples holds no built image.')
  return image
}

/** Configs and layers of the ground's image. */
export function exampleFiles(ground: Ground): Image['blobs'] {
  return exampleImage(ground).blobs
}
