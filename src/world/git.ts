// git, run in the repository: never prompts, speaks English, runs no hooks, and may borrow one secret for one call.
import { devNull } from 'node:os'
import { folderForRemote } from './git-remote-name.ts'
import { localDrivers, withoutDrivers } from './git-drivers.ts'
import { gitEnvironment } from './environment.ts'
import { launch } from './process.ts'
import type { Environment } from './environment.ts'
import type { CommandAnswer, Look } from '../model/world.ts'

/** How git is run. */
export interface GitOptions {
  /** A folder of the repository. */
  readonly repository: string
  readonly env: Environment
  /** From the beginning of public remote addresses (`https://github.com/`) to what serves them. */
  readonly routes?: Readonly<Record<string, string>>
  /** With `nothing`, neither the user's nor the machine's git configuration is read. */
  readonly inherits?: 'configuration' | 'nothing'
  /** The value of a secret, or undefined where git may try the user's own credentials. */
  secret(name: string): string | undefined
  redact(text: string): string
}

/** `World.git`, and further settings for one call. */
export type Git = (args: readonly string[], options?: NonNullable<Parameters<Look['git']>[1]> & { readonly settings?: Readonly<Record<string, string>> }) => Promise<CommandAnswer>

const SECRET = 'SLIPWAY_GIT_SECRET'

// Answers with the secret from its environment, and to nobody who would send it in the clear over a network.
const helper = `!f() {
  test "$1" = get || return 0
  while IFS= read -r line && test -n "$line"; do
    case "$line" in protocol=*) p=\${line#*=} ;; host=*) h=\${line#*=} ;; esac
  done
  case "$p://$h" in https://*|http://127.0.0.1|http://127.0.0.1:*|http://localhost|http://localhost:*)
    printf 'username=x-access-token\\npassword=%s\\n' "$${SECRET}" ;;
  esac
}; f`

const always: Readonly<Record<string, string>> = {
  'core.quotePath': 'false',
  'core.fsmonitor': 'false',
  'advice.detachedHead': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'color.ui': 'false',
  'core.pager': 'cat',
  // Hooks judge the working tree, which is not what is released, and would see a lent secret.
  'core.hooksPath': devNull,
  // A folder of the tree that is laid out like a repository has a configuration too, which its author wrote.
  'safe.bareRepository': 'explicit',
  'core.alternateRefsCommand': '',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
}

/** Ways to a remote that move bytes and run nothing of the address: `ext::sh -c …` is an address too. */
export const GIT_PROTOCOLS = 'file:git:http:https:ssh'

// With the secret lent, a redirect must not lead git to ask the helper on behalf of another host.
const whileLending: readonly (readonly [string, string])[] = [['credential.helper', ''], ['credential.helper', helper], ['http.followRedirects', 'false']]

/** `World.git`. Never rejects on a non-zero exit; throws SlipwayError `tool-missing` where there is no git. */
export function openGit(options: GitOptions): Git {
  const env: Record<string, string> = {
    ...gitEnvironment(options.env, options.inherits === 'nothing' ? 'nothing' : 'credentials'),
    ...(options.inherits === 'nothing' && { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_SYSTEM: devNull, GIT_CONFIG_NOSYSTEM: '1' }),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GCM_INTERACTIVE: 'never',
    GIT_EDITOR: 'false',
    GIT_ALLOW_PROTOCOL: GIT_PROTOCOLS,
  }
  let neutral: Promise<readonly (readonly [string, string])[]> | undefined
  const routed = Object.entries(options.routes ?? {}).flatMap(([from, to]) => [[`url.${to}.insteadOf`, from], [`url.${to}.pushInsteadOf`, from]] as const)

  return async (args, call = {}) => {
    const folder = await folderForRemote(args, { repository: options.repository, env })
    // In git's own words for a remote that is not there.
    if (folder !== undefined) return { code: 128, stdout: '', stderr: `fatal: '${folder}' does not appear to be a git repository\n` }
    const secret = call.secret === undefined ? undefined : options.secret(call.secret)
    neutral ??= localDrivers(options.repository, env)
    const settings = [...await neutral, ...Object.entries({ ...always, ...call.settings }), ...routed, ...(secret === undefined ? [] : whileLending)]
    const answer = await launch({
      program: 'git',
      args: withoutDrivers(args),
      folder: options.repository,
      // Settings go through the environment: on the command line, everybody on the machine could read them.
      env: { ...env, ...call.env, ...asVariables(settings), ...(secret !== undefined && { [SECRET]: secret }) },
      stdin: call.stdin,
      limit: Infinity,
      // A credential cache that git starts is the user's own.
      leftovers: 'left',
    })
    if (secret === undefined) return answer
    return { code: answer.code, stdout: options.redact(answer.stdout), stderr: options.redact(answer.stderr) }
  }
}

function asVariables(settings: readonly (readonly [string, string])[]): Record<string, string> {
  return {
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])),
  }
}
