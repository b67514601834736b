// The errors a person may meet, each with a stable code, a place where there is one, and what to do next.

/** Every code that a user may see. Codes are stable: scripts may rely on them. */
export type ErrorCode =
  | 'usage' | 'config-missing' | 'config-invalid' | 'config-exists' | 'project-unknown' | 'file-unreadable'
  | 'not-a-repository' | 'tree-dirty' | 'head-detached' | 'remote-missing' | 'remote-unreachable' | 'behind-remote' | 'wrong-branch'
  | 'tag-exists' | 'branch-exists' | 'release-exists' | 'version-published'
  | 'version-invalid' | 'version-unmappable' | 'version-not-greater' | 'place-mismatch' | 'place-missing' | 'nothing-to-release'
  | 'changelog-missing' | 'changelog-invalid' | 'changelog-no-unreleased'
  | 'check-failed' | 'build-failed' | 'build-no-wheel' | 'wheel-version' | 'package-invalid' | 'install-failed' | 'artifact-changed' | 'artifact-missing' | 'verify-failed'
  | 'image-invalid' | 'image-version' | 'platform-unbuildable' | 'wheel-not-inside' | 'tag-moved' | 'digest-mismatch'
  | 'sbom-invalid' | 'scan-failed' | 'scan-unreadable' | 'identity-missing' | 'signature-invalid'
  | 'workflow-missing' | 'workflow-failed'
  | 'plan-unreadable' | 'plan-edited' | 'plan-format' | 'plan-invalid' | 'plan-stale'
  | 'secret-missing' | 'token-refused' | 'right-missing' | 'certificate-refused' | 'request-refused' | 'publisher-unknown'
  | 'journal-write' | 'journal-invalid' | 'run-claimed' | 'lease-held' | 'not-approved' | 'release-unknown'
  | 'tool-missing' | 'command-failed' | 'port-taken'
  | 'in-doubt' | 'denied'
  | 'milestone-closed' | 'release-frozen' | 'line-ended' | 'line-security-only'
  | 'support-missing' | 'support-stale' | 'support-broken'

/** Where in a file: 1-based line and column. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** One problem as data: what the journal keeps, and what reports and JSON output show. */
export interface Problem {
  readonly code: ErrorCode
  /** What went wrong, a full sentence that names the thing. */
  readonly message: string
  /** What to do next, with the exact command where there is one. */
  readonly hint?: string
  readonly place?: Place
  /** The words of the tool or server behind it, shown below the message. */
  readonly detail?: string
}

/** A failure that a user can cause or must hear of. Carries one or more problems, never shown with a stack trace. */
export class SlipwayError extends Error {
  readonly problems: readonly [Problem, ...Problem[]]

  constructor(problem: Problem, ...more: readonly Problem[]) {
    super(problem.message)
    this.name = 'SlipwayError'
    this.problems = [problem, ...more]
  }

  /** The code of the first problem. */
  get code(): ErrorCode {
    return this.problems[0].code
  }
}

/**
 * Thrown by a kind when it is certain that nothing changed outside: a refusal read from the other side, or one caught
 * before anything was sent. Every other error leaves the outcome in doubt.
 */
export class Refused extends SlipwayError {
  override readonly name = 'Refused'
}

/** Thrown when no connection came about, so that certainly nothing was sent. It may come about another time. */
export class Unsent extends Error {
  override readonly name = 'Unsent'
}

/** `file:line:column`, as far as it is known. */
export function placeText(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}
