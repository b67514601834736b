// Names of repositories and images in other tools' settings.
import type { Given } from './outcome.ts'

/** The `owner/name` of a repository on github.com; undefined for any other address. */
export function githubRepository(url: string): string | undefined {
  const [, owner, name] = /^(?:(?:git\+)?(?:https?|ssh|git):\/\/(?:[^@/]+@)?github\.com\/|git@github\.com:|github:)?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url) ?? []
  return owner === undefined || name === undefined ? undefined : `${owner}/${name}`
}

/** `image.repository` of an image's name without its tag; Docker Hub where it names no registry. Undefined for what is no name of an image. */
export function imageGiven(name: string): Given | undefined {
  const [first = '', ...rest] = name.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const path = hasRegistry ? rest : [first, ...rest]
  const registry = hasRegistry ? first : 'docker.io'
  if (path.some((part) => !/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(part)) || (!hasRegistry && path.length < 2)) return undefined
  return { setting: 'image.repository', value: `${registry}/${path.join('/')}` }
}
