// Programs that a repository's configuration and attributes have git start on files: none of them is started for us.
import { launch } from './process.ts'

/** Subcommands that show differences or contents through drivers that attributes name. */
const shows = new Set(['diff', 'log', 'show'])

/** The arguments with which git shows what is in the objects, not what a driver makes of it. */
export function withoutDrivers(args: readonly string[]): readonly string[] {
  const [command = '', ...rest] = args
  return shows.has(command) ? [command, '--no-ext-diff', '--no-textconv', ...rest] : args
}

/** What `git lfs install --local` writes, as CI does: the one filter that is part of what a clone is. */
const LFS = /^git-lfs (?:clean -- %f|smudge (?:--skip )?-- %f|filter-process(?: --skip)?)$/

/**
 * Settings that take away the filters and merge drivers of the repository's own configuration: `.gitattributes` chooses which files they
 * run on, so whoever writes a branch would choose when. Those of the person's own configuration stay.
 */
export async function localDrivers(repository: string, env: Readonly<Record<string, string>>): Promise<readonly (readonly [string, string])[]> {
  const settings: (readonly [string, string])[] = []
  for (const scope of ['--local', '--worktree']) {
    const { code, stdout } = await launch({
      program: 'git',
      args: ['config', scope, '--null', '--includes', '--get-regexp', '^(filter|merge)\\..*\\.(clean|smudge|process|required|driver)$'],
      folder: repository,
      env: { ...env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.bareRepository', GIT_CONFIG_VALUE_0: 'explicit' },
      limit: Infinity,
      leftovers: 'left',
    })
    if (code !== 0) continue
    for (const setting of stdout.split('\0').filter((text) => text !== '')) {
      const at = setting.indexOf('\n')
      const [key, value] = at < 0 ? [setting, ''] : [setting.slice(0, at), setting.slice(at + 1)]
      if (key.startsWith('filter.lfs.') && (LFS.test(value) || key.endsWith('.required'))) continue
      settings.push([key, key.endsWith('.required') ? 'false' : ''])
    }
  }
  return settings
}
