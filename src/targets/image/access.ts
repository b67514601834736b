// Who speaks to a registry: where the image is, and the secrets that open it.
import { z } from 'zod'
import type { Look } from '../../model/world.ts'
import { imageName, placeOf } from './reference.ts'
import type { Settings } from './settings.ts'

/** What every kind needs to speak to a registry. */
export const accessShape = {
  image: imageName,
  username: z.string().exactOptional(),
  token: z.strictObject({ $secret: z.string() }),
}

/** Where the image is, and who opens it. */
export type Access = z.infer<z.ZodObject<typeof accessShape>>

/** Speaks as the project's owner, or as anybody who pulls the image. */
export type Speaker = 'owner' | 'anybody'

/** The access that the settings give. */
export function accessOf({ repository, username, token }: Settings): Access {
  return { image: repository, ...(username === undefined ? {} : { username }), token: { $secret: tokenName(repository, token) } }
}

/** The secret that opens a registry where the settings name none. */
export function tokenName(image: string, named?: string): string {
  return named ?? (placeOf(image).host === 'ghcr.io' ? 'GITHUB_TOKEN' : 'REGISTRY_TOKEN')
}

/** The secret under which the world keeps what `docker login` has stored for a repository. Its value is `user:password`. */
export function loginSecret(image: string): string {
  const { host, name } = placeOf(image)
  return `docker:${host}/${name}`
}

/**
 * Lends `user:password` for a registry: the token where it is set, else what `docker login` has kept, else nothing, as for anybody.
 */
export async function withCredentials<T>(look: Look, access: Access, use: (credentials: string | undefined) => Promise<T>): Promise<T> {
  if (look.hasSecret(access.token.$secret)) return look.secret(access.token.$secret, (token) => use(`${access.username ?? 'slipway'}:${token}`))
  const login = loginSecret(access.image)
  return look.hasSecret(login) ? look.secret(login, use) : use(undefined)
}

/** True when there are credentials for the registry. */
export function hasCredentials(look: Look, { image, token }: Access): boolean {
  return look.hasSecret(token.$secret) || look.hasSecret(loginSecret(image))
}
