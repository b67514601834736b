// Makes a git project of the example: 2.0.0 released and tagged, and the commits that wait for 2.1.0.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const EXAMPLE = resolve(import.meta.dirname, '../examples/oneflow')

/** The public address of the example's repository. */
export const EXAMPLE_REMOTE = 'https://github.com/oneflow-ai/oneflow.git'

/** The image that the project's own is built upon: `registry` for the one that its Dockerfile names, else one in the storage of a builder. */
export type ExampleBase = 'registry' | { readonly name: string; readonly builder: string }

/** How the project is made. */
export interface ExampleOptions {
  /** Without one it publishes no image, and nothing that hangs on it. */
  readonly base?: ExampleBase
  /** Whether its releases are announced. */
  readonly announces?: true
}

/**
 * Makes the project in an empty folder: a first commit as it was at 2.0.0 (without what came later), the tag v2.0.0, then one commit
 * for each later change. Every id is the same every time.
 */
export function makeExampleProject(folder: string, { base, announces }: ExampleOptions = {}): void {
  cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !path.includes('__pycache__') })
  const config = join(folder, 'slipway.yaml')
  const [text = '', channels = ''] = readFileSync(config, 'utf8').split(/(?<=\n)(?=announce:)/)
  writeFileSync(config, withImage(text, base) + (announces === true ? channels : ''))
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
  let clock = Date.parse('2026-09-01T09:00:00Z') / 1000
  const git = (...args: readonly string[]): void => {
    const date = `${clock} +0000`
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } })
  }
  const commit = (message: string): void => {
    clock += 86_400
    git('add', '--all')
    git('commit', '--quiet', '--message', message)
  }
  git('-c', 'init.defaultBranch=main', 'init', '--quiet')
  git('config', 'user.name', 'Ada Maintainer')
  git('config', 'user.email', 'ada@example.org')

  const later = ['tests/test_routing.py'].filter((path) => existsSync(join(folder, path))).map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
  for (const { path } of later) rmSync(join(folder, path))
  writeFileSync(join(folder, 'CHANGELOG.md'), withoutUnreleased(changelog))
  commit('feat: run pipelines of models')
  git('tag', '--annotate', 'v2.0.0', '--message', 'Release oneflow-ai 2.0.0')
  for (const { path, text } of later) writeFileSync(join(folder, path), text)
  commit('feat(router): hand answers on in a pipeline, within a budget')
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  commit('docs: write down what comes with the next release')
  git('remote', 'add', 'origin', EXAMPLE_REMOTE)
}

/** The config with the image built upon this base, which runs nothing and so is not started; without a base it ends before the image. */
function withImage(config: string, base: ExampleBase | undefined): string {
  const at = config.indexOf('\nimage:\n')
  if (at < 0) throw new Error('the example\'s slipway.yaml has no image')
  if (base === undefined) return config.slice(0, at + 1)
  return base === 'registry' ? config : config.replace('\nimage:\n', `\nimage:\n  args: { BASE: "${base.name}" }\n  builder: ${base.builder}\n  smoke: false\n`)
}

function withoutUnreleased(changelog: string): string {
  const begin = changelog.indexOf('## [Unreleased]')
  const end = changelog.indexOf('\n## [', begin + 1)
  return `${changelog.slice(0, begin)}## [Unreleased]\n${changelog.slice(end)}`
}
