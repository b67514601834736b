// changesets: .changeset/config.json.
import { entriesOf, textAt } from '../read/node.ts'
import type { Node } from '../read/node.ts'
import { readJson } from '../read/yaml.ts'
import { anyway, fromDocument, gives, left, ruled, whether } from './outcome.ts'
import type { Importer, Outcome, Rules } from './outcome.ts'

const MANY = 'Slipway releases one version from one repository. Give each package a repository or a slipway.yaml of its own.'

/** Nothing to leave where the list or mapping is empty. */
function manyPackages(node: Node): Outcome {
  const isEmpty = (node.is === 'list' && node.items.length === 0) || (node.is === 'map' && entriesOf(node).length === 0)
  return isEmpty ? anyway('Slipway releases one version from one repository.') : left(MANY)
}

const RULES: Rules = {
  $schema: anyway('It is for editors. Slipway has a schema of its own.'),
  changelog: whether(anyway('Slipway writes the changelog: what stands under Unreleased, or else what the commits say. Write what a changeset would say there.'), left('Slipway always writes the changelog.')),
  commit: whether(anyway('Slipway commits every release.'), left('Slipway always commits a release, on a branch of its own that is merged when everything passed.')),
  baseBranch: (node) => (textAt(node) === undefined ? left('It is no text.') : gives('git.branch', (textAt(node) ?? '').replace(/^origin\//, ''))),
  access: left('Slipway does not publish to npm yet. Keep a workflow that runs `npm publish` when the release is published.'),
  fixed: manyPackages,
  linked: manyPackages,
  ignore: manyPackages,
  updateInternalDependencies: left(MANY),
  bumpVersionsWithWorkspaceProtocolOnly: left(MANY),
  changedFilePatterns: left('Slipway counts every commit since the last tag.'),
  privatePackages: left('Slipway writes the version to every one of `version.places`, and publishes nothing to npm.'),
  prettier: whether(left('Slipway keeps every line of the changelog that is there as it is.'), anyway('Slipway keeps every line of the changelog that is there as it is.')),
  snapshot: left('Slipway makes prereleases: `slipway release minor --pre rc`.'),
  ___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH: left('Slipway has nothing like it.'),
}

/** changesets. */
export const changesets: Importer = {
  tool: 'changesets',
  files: ['.changeset/config.json'],
  read: (file, content) => fromDocument(readJson(file, content), (root) => ruled(root, RULES)),
}
