// The shapes that channels share.
import { z } from 'zod'

/** A reference to a secret in a step's input. */
export const secretShape = z.strictObject({ $secret: z.string().min(1) })

/** The name of a secret, as settings hold it. */
export const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a secret')

/** Which releases a channel is for. */
export const onlyShape = z.enum(['every', 'final', 'security']).default('every').describe('Which releases it is for: every one, those that are no prerelease (final), or those whose notes have a section Security (security).')

/** An https address: nothing is sent in the clear. */
export const httpsShape = z.url({ protocol: /^https$/, error: 'is not an https address' })
