// Runs git for a survey and insists on an answer.
import { SlipwayError } from '../model/error.ts'
import type { Look } from '../model/world.ts'

/** What a git command printed. Throws SlipwayError `command-failed` with git's own words when it fails. */
export async function gitText(look: Look, args: readonly string[], options?: Parameters<Look['git']>[1]): Promise<string> {
  const answer = await look.git(args, options)
  if (answer.code !== 0) throw new SlipwayError({ code: 'command-failed', message: `\`git ${args.slice(0, 3).join(' ')}\` failed with exit code ${answer.code}.`, detail: answer.stderr.trim() })
  return answer.stdout
}

/** The lines of a text that ends each line with a newline. */
export function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
