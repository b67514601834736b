// The shapes of what git kinds take: plans are untrusted when they are read back, so nothing may pass for an option or leave the repository.
import { z } from 'zod'

/** A full object id of either object format. */
export const objectShape = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a full object id')

/** The name (or the address) of a remote; never an option, never a remote helper that runs a command. */
export const remoteShape = z.string().regex(/^(?!-)(?!.*::)[^\s\p{Cc}]+$/u, 'is not the name of a remote')

/** A branch or tag name by git's rules: https://git-scm.com/docs/git-check-ref-format */
export const nameShape = z.string().refine(isRefName, 'is not a valid name for a branch or tag')

/** A reference to the secret that is lent to git. */
export const tokenShape = z.strictObject({ $secret: z.string().min(1) })

/** `Name <mail>` */
export const personShape = z.string().regex(/^[^<>\p{Cc}]+ <[^<>\p{Cc}]*>$/u, 'is not of the form Name <mail>')

/** A point in time as ISO 8601 with its zone. */
export const dateShape = z.iso.datetime({ offset: true })

/** True when git accepts the name for a branch or a tag. */
export function isRefName(name: string): boolean {
  return name !== '' && name !== '@' && !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\.$|^[-/]|\/$/u.test(name) && name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
}

/** What a release goes past, and why. */
export const exceptionShape = z.strictObject({ rule: z.enum(['freeze', 'line-ended', 'line-security']), of: z.string(), reason: z.string().nullable(), stage: z.enum(['prepare', 'publish']) })
