// The state of the local repository and its remote, and what must be so before a release.
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Look } from '../model/world.ts'
import { askRemote, gitText, lines } from './git.ts'

/** The local repository. */
export interface Repository {
  /** The commit checked out. */
  readonly head: string
  readonly tree: string
  /** The branch checked out; undefined when HEAD is detached. */
  readonly branch: string | undefined
  /** Tracked files with changes and untracked files, as git lists them. */
  readonly dirty: readonly string[]
  /** `Name <mail>` of who commits here. */
  readonly author: string
}

/** Looks at the repository. Throws SlipwayError when it has no commit or nobody to commit as. */
export async function surveyRepository(look: Look): Promise<Repository> {
  const [ids, status, ident] = await Promise.all([
    look.git(['rev-parse', '--quiet', 'HEAD^{commit}', 'HEAD^{tree}', '--symbolic-full-name', 'HEAD']),
    gitText(look, ['status', '--porcelain']),
    look.git(['var', 'GIT_COMMITTER_IDENT']),
  ])
  const [head, tree, name = ''] = lines(ids.stdout)
  if (ids.code !== 0 || head === undefined || tree === undefined) throw withoutCommit()
  return {
    head,
    tree,
    branch: name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : undefined,
    dirty: lines(status).map((line) => line.slice(3)),
    author: authorOf(ident.code === 0 ? ident.stdout : ''),
  }
}

/** The commit checked out, for who only reads and commits nothing. Throws SlipwayError `not-a-repository` when there is none. */
export async function headCommit(look: Look): Promise<string> {
  const { code, stdout } = await look.git(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'])
  if (code !== 0) throw withoutCommit()
  return stdout.trim()
}

function withoutCommit(): SlipwayError {
  return new SlipwayError({ code: 'not-a-repository', message: 'The repository has no commit yet.', hint: 'Commit the project first.' })
}

function authorOf(ident: string): string {
  const author = /^(.*<[^>]*>)/.exec(ident)?.[1]
  if (author === undefined) {
    throw new SlipwayError({ code: 'usage', message: 'git does not know who commits here.', hint: 'Run `git config user.name NAME` and `git config user.email MAIL`.' })
  }
  return author
}

/** Where releases are made from. */
export interface Upstream {
  readonly remote: string
  readonly branch: string
}

/** The remote's address, the commit its branch points to, and its tags that may name versions. Throws SlipwayError `remote-missing`, `remote-unreachable` or `wrong-branch`. */
export async function surveyRemote(look: Look, { remote, branch, tag, token }: Upstream & { /** The pattern of version tags: `v{version}`. */ readonly tag: string; /** The name of the secret that opens the remote. */ readonly token?: string }): Promise<{ readonly url: string; readonly head: string; readonly tags: readonly string[] }> {
  const url = await look.git(['remote', 'get-url', remote])
  if (url.code !== 0) {
    throw new SlipwayError({ code: 'remote-missing', message: `The repository has no remote named ${remote}.`, hint: `Add it with \`git remote add ${remote} URL\`, or set \`git.remote\` in slipway.yaml.` })
  }
  const refs = await askRemote(look, token, ['--refs', remote, `refs/heads/${branch}`, `refs/tags/${tag.split('{version}')[0] ?? ''}*`])
  if (refs.code !== 0) {
    throw new SlipwayError({ code: 'remote-unreachable', message: `The remote ${remote} does not answer.`, hint: 'Check the network and your access, then run the same command again.', detail: refs.stderr.trim() })
  }
  const listed = lines(refs.stdout).map((line) => line.split('\t'))
  const head = listed.find(([, name]) => name === `refs/heads/${branch}`)?.[0]
  if (head === undefined) {
    throw new SlipwayError({ code: 'wrong-branch', message: `The remote ${remote} has no branch ${branch}.`, hint: `Push it with \`git push ${remote} ${branch}\`, or set \`git.branch\` in slipway.yaml.` })
  }
  const tags = listed.flatMap(([, name = '']) => name.startsWith('refs/tags/') ? [name.slice('refs/tags/'.length)] : [])
  return { url: url.stdout.trim(), head, tags }
}

/** A problem when the remote has version tags that are not here: what was released last, and what is the newest, cannot be told without them. */
export async function missingTags(look: Look, { remote, tags }: { readonly remote: string; readonly tags: readonly string[] }): Promise<readonly Problem[]> {
  const here = new Set(lines(await gitText(look, ['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags'])))
  const missing = tags.filter((tag) => !here.has(tag))
  if (missing.length === 0) return []
  const shown = missing.slice(0, 3).join(', ')
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : ''
  return [{ code: 'behind-remote', message: `${remote} has tags of versions that are not here: ${shown}${more}. Without them nobody can tell what was released last, and what is the newest.`, hint: `Run \`git fetch --tags ${remote}\` (in GitHub Actions: \`fetch-depth: 0\` for actions/checkout).` }]
}

/** Everything that keeps a release from starting here, all at once; empty when nothing does. */
export async function obstacles(look: Look, repository: Repository, upstream: Upstream & { readonly head: string }): Promise<readonly Problem[]> {
  const { remote, branch } = upstream
  const problems: Problem[] = []
  if (repository.dirty.length > 0) {
    const shown = repository.dirty.slice(0, 5).join(', ')
    const more = repository.dirty.length > 5 ? ` and ${repository.dirty.length - 5} more` : ''
    problems.push({ code: 'tree-dirty', message: `The work tree has changes that are not committed: ${shown}${more}.`, hint: 'Commit them, stash them, or add them to .gitignore: a release is made of committed files only.' })
  }
  if (repository.branch === undefined) {
    problems.push({ code: 'head-detached', message: 'No branch is checked out (HEAD is detached).', hint: `Run \`git switch ${branch}\`.` })
  } else if (repository.branch !== branch) {
    problems.push({ code: 'wrong-branch', message: `The branch ${repository.branch} is checked out; releases are made from ${branch}.`, hint: `Run \`git switch ${branch}\`, or set \`git.branch\` in slipway.yaml.` })
  }
  if (repository.head !== upstream.head) {
    const ahead = (await look.git(['merge-base', '--is-ancestor', upstream.head, repository.head])).code === 0
    problems.push(ahead
      ? { code: 'behind-remote', message: `${remote}/${branch} does not have the commits that are checked out here.`, hint: `Push them with \`git push ${remote} ${branch}\`: a release is made of what everybody can see.` }
      : { code: 'behind-remote', message: `${remote}/${branch} has commits that are not here (it is at ${upstream.head.slice(0, 12)}).`, hint: `Run \`git pull --ff-only ${remote} ${branch}\`; if git says that the branches have diverged, \`git pull --rebase ${remote} ${branch}\` and push.` })
  }
  return problems
}
