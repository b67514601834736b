// The shape of a digest in the input and output of steps.
import { z } from 'zod'

/** `sha256:` and 64 hexadecimal digits. */
export const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)])
