// Every operation that is served.
import { repositoryRoutes } from './handlers/repository.ts'
import { alertRoutes } from './handlers/alerts.ts'
import { actionRoutes } from './handlers/actions.ts'
import { assetRoutes } from './handlers/assets.ts'
import { attestationRoutes } from './handlers/attestations.ts'
import { commentRoutes } from './handlers/comments.ts'
import { contentRoutes } from './handlers/contents.ts'
import { gitRoutes } from './handlers/git.ts'
import { immutableRoutes } from './handlers/immutable.ts'
import { milestoneRoutes } from './handlers/milestones.ts'
import { issueRoutes } from './handlers/issues.ts'
import { pullRoutes } from './handlers/pulls.ts'
import { releaseRoutes } from './handlers/releases.ts'
import { reviewRoutes } from './handlers/reviews.ts'
import { scanRoutes } from './handlers/scans.ts'
import { ruleRoutes } from './handlers/rules.ts'
import type { Route } from './router.ts'

/** The operations, the first match wins. */
export const routes: readonly Route[] = [
  ...ruleRoutes, ...repositoryRoutes, ...contentRoutes, ...gitRoutes, ...pullRoutes, ...reviewRoutes, ...commentRoutes, ...milestoneRoutes, ...issueRoutes, ...assetRoutes, ...releaseRoutes, ...immutableRoutes, ...attestationRoutes, ...scanRoutes, ...alertRoutes, ...actionRoutes,
]
