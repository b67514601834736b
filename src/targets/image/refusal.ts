// What a registry's refusal means, and what to do about it.
import { z } from 'zod'
import { Refused, type ErrorCode } from '../../model/error.ts'
import { bodyJson } from '../../model/http.ts'
import type { HttpAnswer } from '../../model/world.ts'
import type { Access } from './access.ts'
import { placeOf } from './reference.ts'

const errors = z.object({ errors: z.array(z.object({ code: z.string().default(''), message: z.string().default('') })).min(1) })

/** The registry's own words (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes), cut to one line. */
export function registryWords(answer: HttpAnswer): string {
  const parsed = errors.safeParse(bodyJson(answer))
  const words = parsed.success ? parsed.data.errors.map(({ code, message }) => [code, message].filter((part) => part !== '').join(': ')).join('; ') : answer.reason
  return words.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 300)
}

/** True for an answer after which nobody knows what happened or will happen: to be looked at again. */
export function isPassing({ status }: HttpAnswer, words: string): boolean {
  return status >= 500 || status === 408 || status === 429 || (status === 403 && /rate limit/i.test(words))
}

interface Reading {
  readonly when: (status: number) => boolean
  readonly code: ErrorCode
  readonly hint: (access: Access, host: string) => string
}

const READINGS: readonly Reading[] = [
  {
    when: (status) => status === 401,
    code: 'token-refused',
    hint: ({ token: { $secret: name } }, host) => host === 'ghcr.io'
      ? `Put a living token into ${name}: the workflow's own GITHUB_TOKEN with "packages: write", or a classic personal access token with write:packages (ghcr.io takes no fine-grained ones).`
      : `Put a living token of ${host} into ${name} and its owner into "image.username", or log in with \`docker login ${host}\`.`,
  },
  {
    when: (status) => status === 403,
    code: 'right-missing',
    hint: ({ image, token: { $secret: name } }, host) => host === 'ghcr.io'
      ? `Let the token in ${name} write ${image}: "packages: write" in the workflow, and the repository named under "Manage Actions access" in the package's settings.`
      : `Let the owner of ${name} push to ${image}.`,
  },
  { when: (status) => status === 404, code: 'right-missing', hint: ({ image }, host) => `Check "image.repository" in slipway.yaml, and that the token may write ${image}; some registries want a repository to be made at ${host} first.` },
  { when: (status) => status === 413, code: 'request-refused', hint: () => 'Make the layer smaller, or ask the registry (or the proxy before it) for a higher limit.' },
]

/** The refusal that an answer from 300 to 499 amounts to. `what` is the thing that was refused, `means` the status that says what the answer means there. */
export function refusalOf(answer: HttpAnswer, access: Access, { what, means }: { readonly what: string; readonly means: number }): Refused {
  const { host } = placeOf(access.image)
  const reading = READINGS.find(({ when }) => when(means))
  return new Refused({
    code: reading?.code ?? 'request-refused',
    message: `${host} refused ${what} (${answer.status}): ${registryWords(answer)}`,
    hint: reading?.hint(access, host) ?? 'Mend what the registry names, and run the release again.',
  })
}
