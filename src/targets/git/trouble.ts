// Reads what git says when it could not reach or use a remote: a certain refusal, or doubt.
import { Refused, SlipwayError, type ErrorCode } from '../../model/error.ts'
import type { CommandAnswer } from '../../model/world.ts'

interface Sign {
  readonly code: ErrorCode
  readonly says: RegExp
  readonly message: (remote: string) => string
  readonly hint: (remote: string) => string
}

const SIGNS: readonly Sign[] = [
  {
    code: 'certificate-refused',
    says: /SSL certificate problem|certificate verification failed|unable to get local issuer certificate/i,
    message: (remote) => `The certificate of the remote ${remote} is not trusted.`,
    hint: (remote) => `Run \`git ls-remote ${remote}\` by hand; a private authority belongs into git's http.sslCAInfo.`,
  },
  {
    code: 'token-refused',
    says: /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Invalid username or|returned error: 401|Permission denied \(publickey|Host key verification failed/i,
    message: (remote) => `The remote ${remote} does not accept the credentials that git has for it.`,
    hint: (remote) => `Give a token in the secret that \`git.token\` names, or make \`git ls-remote ${remote}\` work by hand.`,
  },
  {
    code: 'right-missing',
    says: /returned error: 403|Permission to .+ denied|Write access to repository not granted|not authorized to/i,
    message: (remote) => `The credentials for the remote ${remote} do not allow this push.`,
    hint: () => 'The token needs the right to write contents of the repository.',
  },
  {
    code: 'remote-missing',
    says: /Repository not found|does not appear to be a git repository|No such remote|returned error: 404|repository '.*' not found/i,
    message: (remote) => `There is no repository behind the remote ${remote}, or its credentials do not show it.`,
    hint: (remote) => `Check \`git remote get-url ${remote}\` and that \`git ls-remote ${remote}\` works by hand.`,
  },
]

/** The error for a git command on a remote that failed: Refused when the remote's words leave no doubt, else a plain Error. */
export function remoteTrouble(answer: CommandAnswer, { remote, doing }: { readonly remote: string; readonly doing: string }): Error {
  const words = gitWords(answer.stderr)
  const sign = SIGNS.find(({ says }) => says.test(words))
  if (sign === undefined) return new Error(`git could not ${doing} ${remote} (exit code ${answer.code}): ${words}`)
  return new Refused({ code: sign.code, message: sign.message(remote), hint: sign.hint(remote), detail: words })
}

/** Turns doubt about reaching a remote into the problem `remote-unreachable`, where nothing is at stake but the answer. */
export async function reaching<T>(remote: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof SlipwayError || !(error instanceof Error)) throw error
    throw new SlipwayError({
      code: 'remote-unreachable',
      message: `The remote ${remote} gives no answer.`,
      hint: `Check the connection with \`git ls-remote ${remote}\` and run the same command again.`,
      detail: error.message,
    })
  }
}

/** What git printed, trimmed, without credentials that stand in an address. */
export function gitWords(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]*@/g, '$1').trim()
}
