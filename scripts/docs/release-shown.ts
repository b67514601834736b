// The release that the pages about targets show: its words are made by the targets themselves from these facts.
import { parseConfig } from '../../src/config/index.ts'
import type { Ground } from '../../src/model/kind.ts'
import type { Artifact } from '../../src/model/plan.ts'
import type { AnyTarget, ReleaseContext, StepDraft } from '../../src/model/target.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { configExample } from './config-example.ts'

const VERSION = '2.1.0'
const DATE = '2026-03-04T05:06:07Z'
const AUTHOR = 'Ada Maintainer <ada@example.org>'
const MESSAGE = `chore: bump version to ${VERSION}\n`

const id = (digit: string): string => digit.repeat(40)
const base = { commit: id('b'), tree: id('c') }
const release = { commit: id('d'), tree: id('e') }
const files = [{ path: 'setup.py', text: `VERSION = "${VERSION}"\n` }]

const artifact = (name: string, digit: string): Artifact => ({
  name,
  mediaType: name.endsWith('.whl') ? 'application/zip' : 'application/gzip',
  size: 4_700,
  sha256: `sha256:${digit.repeat(64)}`,
  by: 'pypi',
  about: {
    filetype: name.endsWith('.whl') ? 'bdist_wheel' : 'sdist',
    pyversion: name.endsWith('.whl') ? 'py3' : 'source',
    blake2_256: digit.repeat(64),
    fields: [['name', 'oneflow-ai'], ['version', VERSION]],
  },
})
const artifacts = [artifact(`oneflow_ai-${VERSION}-py3-none-any.whl`, '1'), artifact(`oneflow_ai-${VERSION}.tar.gz`, '2')]

/** The ground that the kinds' examples are made on. */
export const GROUND: Ground = {
  remote: 'origin',
  repository: { owner: 'oneflow-ai', name: 'oneflow' },
  branch: 'main',
  base,
  release: { ...release, files, message: MESSAGE, author: AUTHOR, date: DATE },
  version: VERSION,
  tag: `v${VERSION}`,
  artifacts,
}

/** What targets are told of the release. */
export const CONTEXT: ReleaseContext = {
  release: { name: 'oneflow-ai', from: '2.0.0', to: VERSION, because: ['A feature was added.'] },
  project: 'oneflow-ai',
  tag: `v${VERSION}`,
  releaseBranch: `release/v${VERSION}`,
  mainBranch: 'main',
  remote: 'origin',
  date: DATE,
  prerelease: false,
  newest: true,
  notes: '### Added\n\n- A feature.',
  author: AUTHOR,
}

/** A target's settings as the example of slipway.yaml has them, with some of them set otherwise. */
export function settingsOf(target: AnyTarget, otherwise: Readonly<Record<string, unknown>> = {}): unknown {
  const config = parseConfig({ file: 'slipway.yaml', text: configExample(), targets: TARGETS })
  const settings = config.targets.get(target.name)
  return Array.isArray(settings) ? settings : { ...settings as object, ...otherwise }
}

// Settings whose values decide which steps there are.
const CHOICES: readonly Readonly<Record<string, unknown>>[] = [{}, { merge: 'push' }, { merge: 'person' }, { trial: true }]

/** Every step that a target proposes under some settings, prepare first; the first of each kind. */
export function draftsOf(target: AnyTarget): ReadonlyMap<string, { readonly draft: StepDraft; readonly stage: 'prepare' | 'publish' }> {
  const commit = { ...release, parent: base.commit, message: MESSAGE, author: AUTHOR, date: DATE, files }
  const all = CHOICES.map((otherwise) => settingsOf(target, otherwise)).flatMap((settings) => [
    ...target.prepare({ ...CONTEXT, commit }, settings).map((draft) => ({ draft, stage: 'prepare' as const })),
    ...target.publish({ ...CONTEXT, commit: release, artifacts }, settings).map((draft) => ({ draft, stage: 'publish' as const })),
  ])
  return new Map(all.toReversed().map((each) => [each.draft.kind, each]))
}
