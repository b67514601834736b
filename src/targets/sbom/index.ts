// The target "sbom": lists of what is in the images and the Python package of a release.
import { defineTarget } from '../../model/target.ts'
import { sbomOf, subjectsIn } from './artifact.ts'
import { sbomMake } from './make.ts'
import { settings } from './settings.ts'

/** Makes the SBOMs of a release. */
export const sbomTarget = defineTarget({
  name: 'sbom',
  summary: 'Lists what is in each image and what the Python package depends on, as CycloneDX or SPDX.',
  settings,
  kinds: [sbomMake],
  facts: {},
  expects: () => [],
  prepare: ({ release, project, date }, { formats }) => [{
    phase: 'inventory',
    kind: sbomMake.kind,
    title: `Make the SBOMs of ${project} ${release.to}`,
    input: {
      artifacts: { $all: 'artifacts' },
      environments: { $all: 'environment' },
      project,
      version: release.to,
      epoch: Math.floor(Date.parse(date) / 1000),
      formats,
    },
    yields: ['artifacts', 'evidence'],
  }],
  publish: () => [],
  secrets: () => [],
  foresees: (_context, { formats }, earlier) => subjectsIn(earlier).flatMap((subject) => formats.map((each) => sbomOf(subject, each, { sha256: NONE, size: 0 }))),
})

const NONE = `sha256:${'0'.repeat(64)}` as const
