// What the configuration of an image says of it (https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md): its platform and its labels.
import { z } from 'zod'

/** The parts of an image's configuration that a release is known by. */
export const imageConfig = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullable().default(null) }).default({ Labels: null }),
})

/** The parts of an image's configuration that a release is known by. */
export type ImageConfig = z.infer<typeof imageConfig>

/** The platform as `os/architecture`, with the variant where there is one: `linux/arm/v7`. */
export function platformIn({ os, architecture, variant }: Pick<ImageConfig, 'os' | 'architecture' | 'variant'>): string {
  return [os, architecture, variant].filter((part) => part !== undefined && part !== '').join('/')
}

/** Whether an image is for this platform, which may leave the variant out. */
export function isFor(platform: string, config: Pick<ImageConfig, 'os' | 'architecture' | 'variant'>): boolean {
  return platform === platformIn(config) || platform === `${config.os}/${config.architecture}`
}

/** The labels of an image; none where it has none. */
export function labelsIn({ config }: ImageConfig): Readonly<Record<string, string>> {
  return config.Labels ?? {}
}
