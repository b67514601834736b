// Asks a Python what it is and what it can import.
import { parse } from 'node:path'
import { launch } from './process.ts'

/** What a Python 3 says of itself. */
export interface PythonAnswer {
  /** `3.12.1`, or `3.15.0b2` for a prerelease. */
  readonly version: string
  readonly executable: string
  /** The Python that a virtual environment stands on; the same path outside of one. */
  readonly base: string
  /** True when every module that was asked for can be imported. */
  readonly imports: boolean
}

// Old enough in its grammar for every Python 3.
const question = `
import importlib, json, sys
def can(name):
    try:
        importlib.import_module(name)
        return True
    except Exception:
        return False
info = sys.version_info
level = {"alpha": "a%d", "beta": "b%d", "candidate": "rc%d"}.get(info[3])
print(json.dumps({
    "version": "%d.%d.%d" % info[:3] + (level % info[4] if level else ""),
    "executable": sys.executable,
    "base": getattr(sys, "_base_executable", sys.executable) or sys.executable,
    "imports": all(can(name) for name in sys.argv[1:]),
}))
`

const patience = 10_000

/** Undefined when there is no Python 3 at this path, or none that answers in 10 s. */
export async function askPython(path: string, env: Readonly<Record<string, string>>, modules: readonly string[] = []): Promise<PythonAnswer | undefined> {
  try {
    // In the root folder, since Python imports from the current one first.
    const folder = parse(process.cwd()).root
    const answer = await launch({ program: path, args: ['-c', question, ...modules], folder, env, signal: AbortSignal.timeout(patience), limit: 65_536, leftovers: 'killed' })
    const told = answer.code === 0 ? JSON.parse(answer.stdout) as PythonAnswer : undefined
    return told?.version.startsWith('3.') ? told : undefined
  } catch {
    return undefined
  }
}
