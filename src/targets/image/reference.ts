// Names of images: a registry's host and a repository in it.
import { z } from 'zod'

/** One part of a repository's name, and the whole (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests). */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/

const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost|\[[0-9a-f:]+\])(?::\d{1,5})?$/

/** An image's name, registry included and without a tag: `ghcr.io/acme/app`. */
export const imageName = z.string().superRefine((text, context) => {
  const [host = '', ...rest] = text.split('/')
  const problem = !HOST.test(host.toLowerCase()) || rest.length === 0
    ? 'The name of an image begins with its registry: ghcr.io/acme/app (docker.io/acme/app for Docker Hub).'
    : text !== text.toLowerCase() ? `The name of an image has no upper case; write ${text.toLowerCase()}.`
      : !NAME.test(rest.join('/')) ? 'The name of an image holds lower-case letters, digits, ".", "_" and "-" between slashes, and no tag.' : undefined
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** An image's place: the registry's public host as its API is reached, and the repository's name in it. */
export interface ImagePlace {
  /** `ghcr.io`, `registry-1.docker.io`, `127.0.0.1:5000`. */
  readonly host: string
  /** `acme/app` */
  readonly name: string
}

/** Splits an image's name. Docker Hub's API has a host of its own, and `library/` before official names. */
export function placeOf(image: string): ImagePlace {
  const [host = '', ...rest] = image.split('/')
  if (host !== 'docker.io' && host !== 'index.docker.io') return { host, name: rest.join('/') }
  return { host: 'registry-1.docker.io', name: rest.length === 1 ? `library/${rest.join('/')}` : rest.join('/') }
}

/** The last part of an image's name. */
export function shortName(image: string): string {
  return image.split('/').at(-1) ?? image
}

/** The page on which a person looks after an image: its tags and versions. */
export function packagePage(image: string): string {
  const { host, name } = placeOf(image)
  const [owner = '', ...rest] = name.split('/')
  if (host === 'ghcr.io') return `https://github.com/${owner}?tab=packages&q=${encodeURIComponent(rest.join('/'))}`
  if (host === 'registry-1.docker.io') return `https://hub.docker.com/r/${name}/tags`
  return `https://${host}/`
}

/** True for registries whose API deletes neither tags nor images: GHCR and Docker Hub answer 405. */
export function deletesNothing(image: string): boolean {
  return ['ghcr.io', 'registry-1.docker.io'].includes(placeOf(image).host)
}
