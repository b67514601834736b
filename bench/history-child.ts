// The measured child: the next version and the notes of a commit (HEAD) in the current folder, and its own peak memory.
import { notesFromCommits } from '../src/changelog/index.ts'
import { surveyHistory } from '../src/survey/history.ts'
import { surveyTags } from '../src/survey/tags.ts'
import { decideBump, nextVersion } from '../src/version/index.ts'
import { lookOnly } from '../src/world/readonly.ts'
import { openWorld } from '../src/world/world.ts'

/** What the child prints, as JSON. */
export interface HistoryReport {
  readonly last: string
  readonly next: string
  readonly commits: number
  /** Characters of the notes. */
  readonly notes: number
  /** Bytes resident at the most. */
  readonly peak: number
}

const folder = process.cwd()
const commit = process.argv[2] ?? 'HEAD'
const evidence = { find: async () => undefined, record: async () => undefined }
const look = lookOnly(openWorld({ repository: folder, folder, env: process.env, version: 'bench', evidence }))
const { last } = await surveyTags(look, { pattern: 'v{version}', commit })
if (last === undefined) throw new Error('the history has no release')
const commits = await surveyHistory(look, { since: `refs/tags/${last.tag}`, commit })
const { bump } = decideBump({ commits, unreleased: undefined, current: last.version })
if (bump === undefined) throw new Error('nothing asks for a release')
const notes = notesFromCommits(commits)
const report: HistoryReport = { last: last.tag, next: nextVersion(last.version, bump), commits: commits.length, notes: notes.length, peak: process.resourceUsage().maxRSS * 1024 }
console.log(JSON.stringify(report))
