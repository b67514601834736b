// Runs Python's own tools in an environment that holds nothing of the machine's pip configuration.
import type { Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { listen } from '../checks/output.ts'

/** How a Python program ended. */
export interface PythonAnswer {
  readonly code: number
  readonly stdout: string
  /** Both streams, in the order in which they came. */
  readonly text: string
}

/** One call of an interpreter. */
export interface PythonCall {
  /** Path of the interpreter. */
  readonly python: string
  readonly args: readonly string[]
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

const ENV = {
  // pip reads no file of the machine or the user: an index that is set there would be asked instead of the one named here.
  PIP_CONFIG_FILE: '/dev/null',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  PIP_PROGRESS_BAR: 'off',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONIOENCODING: 'utf-8',
  NO_COLOR: '1',
}

/** Runs an interpreter and tells its output line by line. Never rejects on a non-zero exit. */
export async function runPython(world: World, once: Once, call: PythonCall): Promise<PythonAnswer> {
  const output = listen((line) => { once.say(line) })
  const { code, stdout } = await world.run({
    program: call.python,
    args: call.args,
    folder: call.folder,
    env: { ...ENV, ...call.env },
    signal: once.signal,
    heard: (text) => { output.heard(text) },
  })
  const text = output.end()
  if (once.signal.aborted) throw new Error(`Interrupted: ${call.python} ${call.args.join(' ')}`)
  return { code, stdout, text }
}
