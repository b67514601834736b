// THE list of targets, in the order of their work. A new target is one folder and one line here.
import type { AnyTarget } from '../model/target.ts'
import { checksTarget } from './checks/index.ts'
import { git } from './git/index.ts'
import { github } from './github/index.ts'
import { pypiTarget } from './pypi/index.ts'

/** Every target that Slipway knows. */
export const TARGETS: readonly AnyTarget[] = [git, checksTarget, pypiTarget, github]
