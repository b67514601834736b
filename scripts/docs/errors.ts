// docs/errors.md: every error code, what it means and what to do. A new code without a sentence fails the type check.
import { exitOfProblem, exitOfVerdict } from '../../src/cli/exit.ts'
import type { ErrorCode } from '../../src/model/error.ts'
import { code, GENERATED, page, table } from './markdown.ts'

const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  'usage': 'An argument, an option or `SLIPWAY_WORLD` says something that cannot be; correct it as the hint says.',
  'config-missing': 'The commit has no `slipway.yaml` at its root; write one and commit it, the message shows the least one.',
  'config-invalid': '`slipway.yaml` is wrong at the places named; correct them all and look again with `slipway check`.',
  'not-a-repository': 'The folder is in no git repository, or in one without a commit; go to the project or name it with `--folder`.',
  'tree-dirty': 'Files are changed or untracked; commit, stash or ignore them, because a release is made of committed files.',
  'head-detached': 'No branch is checked out; switch to the branch that releases are made from.',
  'remote-missing': 'The repository has no remote of the configured name; add it, or set `git.remote`.',
  'remote-unreachable': 'A service gave no answer; look at the connection and run the same command again.',
  'behind-remote': 'The branch here and the branch on the remote differ; pull or push until both are at the same commit.',
  'wrong-branch': 'Another branch is checked out, or the remote lacks the configured one; switch, push it, or set `git.branch`.',
  'tag-exists': 'The tag is on the remote already and is not this release\'s; find out whose it is, then choose another version or roll that release back.',
  'branch-exists': 'The release branch is on the remote already and is not this release\'s; delete it if nobody needs it, or roll the earlier release back.',
  'release-exists': 'GitHub has a release or draft of this tag that this release may not touch; roll it back, delete it there, or choose another version.',
  'version-published': 'The package index has files of this version that are not this release\'s; a published version cannot be changed, so choose a higher one.',
  'version-invalid': 'A version is not SemVer 2.0.0; write it as MAJOR.MINOR.PATCH, for example 2.1.0 or 2.1.0-rc.1.',
  'version-unmappable': 'The version has no form that Python packages can carry; use a final one or `alpha.N`, `beta.N`, `rc.N`.',
  'version-not-greater': 'The version does not come after the newest release or the newest changelog section; choose a greater one.',
  'place-mismatch': 'A place holds another version than the first place does; write the current version there, so that all agree.',
  'place-missing': 'A configured place is not committed, or holds no version where one is looked for; correct the file or `version.places`.',
  'nothing-to-release': 'Nothing since the last release asks for a new one, or this version is out already; name a version to release all the same.',
  'changelog-missing': 'The changelog is not committed; write one, or name another file with `changelog`.',
  'changelog-invalid': 'The changelog is not in the form of Keep a Changelog at the place named; correct it there.',
  'changelog-no-unreleased': 'The changelog has no Unreleased section; add the heading as the hint shows.',
  'check-failed': 'A check of `slipway.yaml` did not pass on the release\'s tree; mend what its output shows, commit and release again.',
  'build-failed': 'The package cannot be built from the release\'s tree; read what the build says and try it by hand as the hint shows.',
  'build-no-wheel': 'The build made no wheel; look at the build system in `pyproject.toml`.',
  'wheel-version': 'A built file carries another version than the release; add the place that it comes from to `version.places`.',
  'package-invalid': 'The index would refuse a built file, or show it wrongly; mend its name or metadata.',
  'install-failed': 'The wheel cannot be installed on a supported Python, or the smoke line fails there; mend the package, `pypi.smoke` or `pypi.pythons`.',
  'artifact-changed': 'A file is no longer the one that was built; find out what wrote to it, then build again by planning again.',
  'artifact-missing': 'A built file is not in the store of this machine; run on the machine that built it, or plan again.',
  'verify-failed': 'What users would fetch is not what was built; look at the index before anything else, then release again to look once more.',
  'plan-unreadable': 'The plan file cannot be read or is not JSON; write it again with `slipway plan --out FILE`.',
  'plan-edited': 'The plan file was changed after it was made; an approval is for what was shown, so write it again.',
  'plan-format': 'The plan file is of another format than this Slipway reads; write it again, or use the Slipway that wrote it.',
  'plan-invalid': 'The plan contradicts itself, or names what this Slipway does not know; write it again.',
  'plan-stale': 'The repository or the outside has changed since the plan was made; nothing of it was begun, so plan again and look at what is new.',
  'secret-missing': 'A secret that is needed has no value; set the variable for the command, or in the secrets of the CI job.',
  'token-refused': 'The service does not accept the credentials; make a new token and set the secret again.',
  'right-missing': 'The credentials are good, but may not do this; give the token the right that the message names.',
  'certificate-refused': 'The server\'s certificate is not trusted, so nothing was sent; name your own authority in `NODE_EXTRA_CA_CERTS` or, for git, in `http.sslCAInfo`.',
  'request-refused': 'The service understood and said no, in the words shown; do what they ask and run the same command again.',
  'journal-write': 'The journal cannot be written, often because the disk is full; nothing further was begun, so make room and run again.',
  'journal-invalid': 'The journal is damaged, of another version, or no journal; the hint says how to go on without it.',
  'run-claimed': 'Another Slipway drives this run at this moment; wait for it, or stop it there.',
  'lease-held': 'Another release is under way, or somebody else drives this one; `slipway status` shows which, finish it first.',
  'not-approved': 'Nobody approved the plan, or the digest given is not that of the waiting plan; read it, then approve it by its digest.',
  'release-unknown': 'Neither the journal nor the remote knows such a release, or none waits for an approval; `slipway status` shows what there is.',
  'tool-missing': 'A program or a Python module is not installed; install it as the hint says and run again.',
  'command-failed': 'A program that should have worked did not, most often git; read its words below the message.',
  'port-taken': 'The port for `slipway world` is in use; choose another or leave it out.',
  'in-doubt': 'Nobody could tell whether an effect was made or taken back; look at `slipway status`, then run the same command again.',
  'denied': 'Somebody denied the plan at its gate; the release goes back, or stops with `policy: { onFailure: stop }`.',
}

const ENDINGS: readonly (readonly [number, string])[] = [
  [exitOfVerdict({ is: 'done' }), 'Done: released, or what was asked for has been shown.'],
  [exitOfVerdict({ is: 'failed', problems: [], over: true }), 'It failed. What was done so far is kept, or nothing was done; the last lines say which.'],
  [exitOfProblem('usage'), 'Something here must be put right first: the command, the config, the repository or the plan.'],
  [exitOfProblem('nothing-to-release'), 'There is nothing to release.'],
  [exitOfVerdict({ is: 'waiting', for: [] }), 'It waits for somebody, or was stopped on request. Run it again.'],
  [exitOfVerdict({ is: 'stuck', steps: [] }), 'A conflict or a doubt: a person must look.'],
  [exitOfVerdict({ is: 'rolled-back', why: '', problems: [], remains: [] }), 'Rolled back, because it was asked for or because the release failed.'],
]

/** The page. */
export function errorsPage(): string {
  return page(
    GENERATED,
    '# Errors and exit codes',
    'Every error has a code that stays the same, a sentence that names the thing and its place, and a hint. With `--json` all of them are fields of one object.',
    '## Exit codes',
    table(['Exit', 'Meaning'], ENDINGS.map(([exit, meaning]) => [String(exit), meaning])),
    '## Codes',
    'The exit code below is that of a command that the error itself ended. Where the error befell a step of a release, the end of the release decides: 1 when it failed, 5 when it stopped, 6 when it went back.',
    table(['Code', 'Exit', 'What it means and what to do'], (Object.entries(MEANINGS) as [ErrorCode, string][]).map(([each, meaning]) => [code(each), String(exitOfProblem(each)), meaning])),
  )
}
