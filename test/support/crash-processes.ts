// Ends a process with all that it started, as a machine that loses its power does.
import { execFileSync } from 'node:child_process'

/** Sends SIGKILL to a process, then to everything below it, which its programs in process groups of their own would survive. */
export function killTree(pid: number): void {
  const below = descendants(pid)
  process.kill(pid, 'SIGKILL')
  for (const each of below) {
    try {
      process.kill(each, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

function descendants(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number))
  const below = (parent: number): readonly number[] => rows.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)])
  return below(pid)
}
