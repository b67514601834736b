// The container registries of a rehearsal: one for each host that images go to, each as it really is.
import type { Service } from '../service.ts'
import { deletePackageVersion } from './arrange.ts'
import { plantFormer } from './former.ts'
import { registryRules, type RegistryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState, findManifest, type RegistryState } from './state.ts'

/** An image that a project publishes. */
export interface PublishedImage {
  /** The registry's host as its API is reached: `ghcr.io`, `registry-1.docker.io`. */
  readonly host: string
  /** `acme/app` */
  readonly name: string
  /** The tags of the release before; none when there was none. */
  readonly former: readonly string[]
}

/** Every registry that a project publishes to. */
export interface Registries {
  readonly states: readonly RegistryState[]
  readonly services: readonly Service[]
  /** Deletes the version of this digest or of this tag, as a person does on the package's page. False when the page is none of these registries'. */
  follow(page: string, reference: string | undefined): boolean
}

/** Makes the registries of these images, with the images of the release before in them. */
export function openRegistries(images: readonly PublishedImage[], { tokens, now }: { readonly tokens: readonly string[]; readonly now: () => Date }): Registries {
  const states = new Map<string, RegistryState>()
  for (const { host, name, former } of images) {
    const state = states.get(host) ?? createRegistryState({ host, rules: rulesOf(host), now, tokens: tokens.map((token) => ({ token, may: 'all' })) })
    states.set(host, state)
    if (former.length > 0) plantFormer(state, name, former)
  }
  return {
    states: [...states.values()],
    services: [...states.values()].map((state) => registryService({ state })),
    follow(page, reference) {
      const image = images.find(({ host, name }) => pagesOf(host, name).some((known) => page.startsWith(known)))
      const state = image === undefined ? undefined : states.get(image.host)
      if (image === undefined || state === undefined || reference === undefined) return false
      // Two tags of one version are taken back by one deletion.
      const found = findManifest(state, image.name, reference)
      if (found !== undefined) deletePackageVersion(state, image.name, found.digest)
      return true
    },
  }
}

function rulesOf(host: string): RegistryRules {
  if (host === 'ghcr.io') return registryRules.ghcr
  return host === 'registry-1.docker.io' ? registryRules.hub : registryRules.oci
}

/** Where people look after an image (https://docs.github.com/packages/learn-github-packages/deleting-and-restoring-a-package). */
function pagesOf(host: string, name: string): readonly string[] {
  const [owner = '', ...rest] = name.split('/')
  if (host === 'ghcr.io') return [`https://github.com/${owner}?tab=packages&q=${encodeURIComponent(rest.join('/'))}`]
  return host === 'registry-1.docker.io' ? [`https://hub.docker.com/r/${name}/`] : []
}
