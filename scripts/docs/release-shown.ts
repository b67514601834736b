// The release that the pages about targets show: its words are made by the targets themselves from these facts.
import { parseConfig } from '../../src/config/index.ts'
import { resolveInput } from '../../src/engine/resolve.ts'
import type { Json } from '../../src/model/json.ts'
import type { Ground } from '../../src/model/kind.ts'
import type { Artifact } from '../../src/model/plan.ts'
import type { AnyTarget, Phase, ReleaseContext, StepDraft } from '../../src/model/target.ts'
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
  former: `sha256:${'f'.repeat(64)}`,
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
  newest: true, newestIn: { major: true, minor: true },
  notes: '### Added\n\n- A feature.',
  author: AUTHOR,
}

/** A target's settings as the example of slipway.yaml has them, with some of them set otherwise. */
export function settingsOf(target: AnyTarget, otherwise: Readonly<Record<string, unknown>> = {}): unknown {
  const config = parseConfig({ file: 'slipway.yaml', text: configExample(), targets: TARGETS })
  const settings = config.targets.get(target.name)
  return Array.isArray(settings) ? settings : { ...settings as object, ...otherwise }
}

// What else the config may say that leads to other steps; the first is the example as it stands.
const CHOICES: readonly Readonly<Record<string, unknown>>[] = [{}, { merge: 'push' }, { merge: 'person' }, { trial: true }]

// What the steps that others take values from would return.
const OUTPUTS: Readonly<Record<string, Json>> = {
  'pypi.build': { artifacts: artifacts as unknown as Json },
  'github.pull': { number: 1 },
  'github.draft': { id: 1, uploadUrl: 'https://uploads.github.com/repos/oneflow-ai/oneflow/releases/1/assets' },
}

/** A step of the shown release. */
export interface Shown {
  readonly stage: 'prepare' | 'publish'
  readonly phase: Phase
  /** The setting without which there is no such step, `merge: push`; undefined where none is needed. */
  readonly only: string | undefined
  /** Its whole input; undefined where it takes more from other steps than is known here. */
  readonly input: Json | undefined
}

/** The first step of each kind that a target proposes, by kind. */
export function shownSteps(target: AnyTarget): ReadonlyMap<string, Shown> {
  const commit = { ...release, parent: base.commit, message: MESSAGE, author: AUTHOR, date: DATE, files }
  const shown = new Map<string, Shown>()
  for (const choice of CHOICES) {
    const settings = settingsOf(target, choice)
    const [named] = Object.entries(choice)
    const add = (stage: Shown['stage'], drafts: readonly StepDraft[]): void => {
      for (const { kind, phase, input } of drafts) {
        if (!shown.has(kind)) shown.set(kind, { stage, phase, only: named && `${named[0]}: ${String(named[1])}`, input: whole(input) })
      }
    }
    add('prepare', target.prepare({ ...CONTEXT, commit, repository: 'https://github.com/acme/app.git' }, settings))
    add('publish', target.publish({ ...CONTEXT, commit: release, artifacts, earlier: [], seen: [] }, settings))
  }
  return shown
}

function whole(input: Json): Json | undefined {
  try {
    return resolveInput(input, (step) => OUTPUTS[step])
  } catch {
    return undefined
  }
}
