// Names of drivers: which process, on which host, drives a run, and whether it still can.
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * This process as one readable line, the same for as long as it lives: host, process id and, where the system tells them,
 * the start time in clock ticks since boot and the process id space (two containers may share a host name).
 */
export function thisDriver(): string {
  const start = statusOf(process.pid)?.start
  return `${hostname()} pid ${process.pid}${start === undefined ? '' : ` start ${start} space ${space()}`}`
}

/**
 * False only when the driver was a process of this host that is certainly gone: no process has its id, or one that started
 * at another time has it. A driver on another host, and a name that `thisDriver` did not make, count as alive.
 */
export function isAlive(driver: string): boolean {
  const named = /^(?<host>.+) pid (?<pid>[1-9]\d*)(?: start (?<start>\d+) space (?<space>\d*))?$/.exec(driver)?.groups
  if (named?.['host'] !== hostname() || (named['space'] ?? '') !== space()) return true
  const pid = Number(named['pid'])
  if (!exists(pid)) return false
  const now = statusOf(pid)
  if (now === undefined || named['start'] === undefined) return true
  return now.start === named['start'] && !now.dead
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 3 is the state, field 22 the start time. */
function statusOf(pid: number): { readonly start: string; readonly dead: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 2, the program's name, may itself hold spaces and parentheses.
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const start = fields[18]
    return start === undefined ? undefined : { start, dead: state === 'Z' || state === 'X' }
  } catch {
    return undefined
  }
}

function space(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''
  } catch {
    return ''
  }
}
