// Runs git for a survey and insists on an answer.
import { SlipwayError } from '../model/error.ts'
import type { CommandAnswer, Look } from '../model/world.ts'

/** What a git command printed. Throws SlipwayError `command-failed` with git's own words when it fails. */
export async function gitText(look: Look, args: readonly string[], options?: Parameters<Look['git']>[1]): Promise<string> {
  return printed(args.slice(0, 3), await look.git(args, options))
}

/** Lists refs of a remote: first as git itself reaches it, then with the token, for a clone that was left without credentials. Never rejects on a non-zero exit. */
export async function askRemote(look: Look, token: string | undefined, args: readonly string[]): Promise<CommandAnswer> {
  const answer = await look.git(['ls-remote', ...args])
  if (answer.code === 0 || token === undefined || !look.hasSecret(token)) return answer
  const opened = await look.git(['ls-remote', ...args], { secret: token })
  return opened.code === 0 ? opened : answer
}

/** The same as text. Throws SlipwayError `command-failed`: an answer that did not come is no empty list. */
export async function remoteText(look: Look, token: string | undefined, args: readonly string[]): Promise<string> {
  return printed(['ls-remote', ...args.slice(0, 1)], await askRemote(look, token, args))
}

function printed(shown: readonly string[], { code, stdout, stderr }: CommandAnswer): string {
  if (code !== 0) throw new SlipwayError({ code: 'command-failed', message: `\`git ${shown.join(' ')}\` failed with exit code ${code}.`, detail: stderr.trim() })
  return stdout
}

/** The lines of a text that ends each line with a newline. */
export function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
