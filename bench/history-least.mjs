// The least program in Node that reads what is new since the last tag: finds the tag, reads the range, splits it.
import { execFileSync } from 'node:child_process'

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'inherit'] })
const head = process.argv[2] ?? 'HEAD'
const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*', head).trim()
const commits = git('log', '-z', '--format=%H%n%B', `${tag}..${head}`).split('\0').map((text) => {
  const end = text.indexOf('\n')
  return { sha: text.slice(0, end), message: text.slice(end + 1) }
})
console.log(JSON.stringify({ tag, commits: commits.length, peak: process.resourceUsage().maxRSS * 1024 }))
