// Exit codes: 0 shipped, 1 failed, 2 wrong usage or config, 3 nothing to release, 4 waiting, 5 a person must look, 6 rolled back.
import type { ErrorCode } from '../model/error.ts'
import type { Verdict } from '../model/event.ts'

const CONFLICTS: ReadonlySet<ErrorCode> = new Set(['tag-exists', 'branch-exists', 'release-exists', 'version-published', 'lease-held', 'run-claimed', 'release-unknown', 'in-doubt', 'tag-moved', 'milestone-closed'])

const FAILURES: ReadonlySet<ErrorCode> = new Set([
  'check-failed', 'build-failed', 'build-no-wheel', 'wheel-version', 'package-invalid', 'install-failed', 'artifact-changed', 'artifact-missing', 'verify-failed',
  'image-invalid', 'image-version', 'platform-unbuildable', 'wheel-not-inside', 'digest-mismatch', 'sbom-invalid', 'scan-failed', 'scan-unreadable', 'signature-invalid',
  'token-refused', 'right-missing', 'certificate-refused', 'request-refused', 'publisher-unknown', 'remote-unreachable', 'journal-write', 'journal-invalid', 'command-failed', 'port-taken', 'denied', 'workflow-missing', 'workflow-failed',
])

/** The exit code for an error that ended a command. */
export function exitOfProblem(code: ErrorCode): number {
  if (code === 'nothing-to-release') return 3
  if (CONFLICTS.has(code)) return 5
  return FAILURES.has(code) ? 1 : 2
}

/** The exit code for how a run ended. A rollback that was asked for and is complete is a success of its own kind: 6. */
export function exitOfVerdict(verdict: Verdict): number {
  switch (verdict.is) {
    case 'done': return 0
    case 'failed': return 1
    case 'waiting': case 'interrupted': return 4
    case 'stuck': return 5
    case 'rolled-back': return 6
  }
}
