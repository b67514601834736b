// THE list of targets, in the order of their work: each plans with a view of those before it. A new target is one folder and one line here.
import type { AnyTarget } from '../model/target.ts'
import { announceTarget } from './announce/index.ts'
import { checksTarget } from './checks/index.ts'
import { git } from './git/index.ts'
import { github } from './github/index.ts'
import { imageTarget } from './image/index.ts'
import { provenanceTarget } from './provenance/index.ts'
import { pypiTarget } from './pypi/index.ts'
import { sbomTarget } from './sbom/index.ts'
import { scanTarget } from './scan/index.ts'

/** Every target that Slipway knows. */
export const TARGETS: readonly AnyTarget[] = [git, checksTarget, pypiTarget, provenanceTarget, imageTarget, sbomTarget, scanTarget, github, announceTarget]
