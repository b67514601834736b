// What the repository itself tells: its forge, main branch, tags and owners.
import { compareSemVer, tryParse, type SemVer } from '../../version/index.ts'
import { found, type Detected, type Guess, type ProjectFacts } from './facts.ts'

/** `owner/name` of a remote on GitHub; undefined elsewhere. */
export function githubRepository(url: string | undefined): string | undefined {
  const [, owner, name] = /^(?:https?:\/\/(?:[^/@]*@)?github\.com\/|(?:ssh:\/\/)?git@(?:ssh\.)?github\.com(?::\d+)?[:/])([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/i.exec(url ?? '') ?? []
  return owner === undefined || name === undefined ? undefined : `${owner}/${name}`
}

/** The pattern of tags that carry versions, and the highest of them. */
export interface Tags {
  readonly pattern: string
  readonly last: { readonly tag: string; readonly version: string } | undefined
}

const USUAL = 'v{version}'

/** The pattern that most tags have. */
export function tagsOf(tags: readonly string[]): Tags {
  const patterns = new Map<string, { readonly tag: string; readonly version: string; readonly parsed: SemVer }[]>()
  for (const tag of tags) {
    const [, before = '', version = ''] = /^(.*?)(\d+\.\d+\.\d+.*)$/.exec(tag) ?? []
    const parsed = tryParse(version)
    if (parsed === undefined) continue
    const pattern = `${before}{version}`
    patterns.set(pattern, [...(patterns.get(pattern) ?? []), { tag, version, parsed }])
  }
  const [most] = [...patterns].toSorted((a, b) => b[1].length - a[1].length || Number(b[0] === USUAL) - Number(a[0] === USUAL))
  if (most === undefined) return { pattern: USUAL, last: undefined }
  const [last] = most[1].toSorted((a, b) => compareSemVer(b.parsed, a.parsed))
  return { pattern: most[0], last: last && { tag: last.tag, version: last.version } }
}

/** Guesses everything under `git` and `github`. */
export function detectRepository(facts: ProjectFacts, tags: Tags): Detected {
  const { remote, branch } = facts
  const repository = githubRepository(remote?.url)
  const owners = readOwners(facts)
  const guesses: Guess[] = []
  if (remote !== undefined && remote.name !== 'origin') guesses.push({ setting: 'git.remote', value: remote.name, because: 'it is the only remote' })
  if (branch !== undefined) guesses.push({ setting: 'git.branch', value: branch, because: remote === undefined ? 'it is checked out' : `it is the main branch of ${remote.name}`, ...(branch === 'main' && { isDefault: true as const }) })
  const because = tags.last === undefined ? 'there is no tag of a version yet' : `the last tag is ${tags.last.tag}`
  guesses.push({ setting: 'git.tag', value: tags.pattern, because, ...(tags.pattern === USUAL && { isDefault: true as const }) })
  if (repository === undefined) {
    guesses.push({ setting: 'git.merge', value: 'push', because: remote === undefined ? 'there is no remote yet' : 'the remote is not on GitHub, so no pull request is opened' })
    return found({ guesses, remarks: remote === undefined ? ['The repository has no remote yet: add one with `git remote add origin URL` before the first release.'] : [] })
  }
  guesses.push({ setting: 'github.repository', value: repository, because: `${remote?.name ?? 'the remote'} is ${remote?.url ?? ''}` })
  if (owners === undefined || owners.people.length === 0) {
    const teams = owners === undefined || owners.teams.length === 0 ? [] : [`${owners.file} names ${owners.teams.join(', ')}: a team cannot be asked for a review by name, so nobody is asked.`]
    return found({
      guesses,
      remarks: [...teams, 'A release waits for one approval of its pull request. If you release alone, write `approvals: 0` under `github`.'],
      questions: [{
        setting: 'github.approvals', text: 'How many approvals does the pull request of a release need? [1]',
        read: (answer) => /^\d$/.test(answer) && answer !== '1' ? Number(answer) : undefined,
      }],
    })
  }
  guesses.push({ setting: 'github.reviewers', value: owners.people, because: `${owners.file} names them`, place: { file: owners.file, line: owners.line } })
  return found({ guesses })
}

interface Owners {
  readonly file: string
  readonly line: number
  readonly people: string[]
  readonly teams: readonly string[]
}

/** The owners of everything: the last line of CODEOWNERS whose pattern is `*`, else all who are named. */
function readOwners({ texts }: ProjectFacts): Owners | undefined {
  const file = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].find((path) => texts.has(path))
  if (file === undefined) return undefined
  const lines = (texts.get(file) ?? '').split('\n').map((text, index) => ({ line: index + 1, words: text.replace(/#.*/, '').trim().split(/\s+/) })).filter(({ words }) => words.length > 1)
  const everything = lines.findLast(({ words }) => words[0] === '*')
  const named = (everything === undefined ? lines : [everything]).flatMap(({ words }) => words.slice(1)).filter((word) => word.startsWith('@')).map((word) => word.slice(1))
  const people = [...new Set(named.filter((name) => /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)))]
  return { file, line: (everything ?? lines[0])?.line ?? 1, people, teams: [...new Set(named.filter((name) => name.includes('/')))] }
}
