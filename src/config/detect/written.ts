// Guesses to the text of a slipway.yaml: a comment for each block, and nothing that is a default.
import { stringify } from 'yaml'
import type { Json } from '../../model/json.ts'
import { LISTS } from '../import/index.ts'
import type { Guess } from './facts.ts'

/** The blocks in their order, each with its comment, and the setting without which it means nothing. */
const BLOCKS: readonly { readonly key: string; readonly comment: string; readonly needs?: string }[] = [
  { key: 'name', comment: 'What titles and messages call the project.' },
  { key: 'version', comment: 'Every place that carries the version. They agree now, and a release writes the new version to each.', needs: 'version.places' },
  { key: 'changelog', comment: 'Keep a Changelog; a release turns its Unreleased section into the new version\'s.' },
  { key: 'git', comment: 'Where releases are made from, and what their tags are called.' },
  { key: 'checks', comment: 'Must pass on a clean copy of the release\'s files before anything is proposed.' },
  { key: 'pypi', comment: 'The Python package. "smoke" is run wherever the built wheel is installed.', needs: 'pypi.package' },
  { key: 'image', comment: 'The container image. "smoke" is how a started container is seen to work.', needs: 'image.repository' },
  { key: 'github', comment: 'The pull request of a release, its review, and the GitHub release.', needs: 'github.repository' },
]

/** Whether a block is written at all. */
export function isWritten(key: string, guesses: readonly Guess[]): boolean {
  const block = BLOCKS.find((each) => each.key === key)
  return block !== undefined && (block.needs === undefined || guesses.some(({ setting }) => setting === block.needs))
}

/** The text of a config. */
export function configText(guesses: readonly Guess[]): string {
  const blocks = BLOCKS.flatMap(({ key, comment }) => {
    if (!isWritten(key, guesses)) return []
    const own = guesses.filter(({ setting, isDefault }) => isDefault !== true && setting.split('.')[0] === key)
    return own.length === 0 ? [] : [`# ${comment}\n${stringify({ [key]: valueOf(key, own) }, { lineWidth: 0 })}`]
  })
  return blocks.join('\n')
}

function valueOf(key: string, own: readonly Guess[]): Json {
  if (LISTS.includes(key)) return own.map(({ value }) => value)
  const [whole] = own.filter(({ setting }) => setting === key)
  if (whole !== undefined) return whole.value
  const settings = [...new Set(own.map(({ setting }) => setting))]
  return Object.fromEntries(settings.map((setting) => {
    const values = own.filter((each) => each.setting === setting).map(({ value }) => value)
    return [setting.slice(key.length + 1), LISTS.includes(setting) ? values : values[0] ?? null]
  }))
}
