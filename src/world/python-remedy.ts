// What to tell somebody whose Pythons lack a module.
import { SlipwayError } from '../model/error.ts'

/** `tool-missing`, with commands that work also where the system's Python may not be added to. `python` is the newest one found. */
export function missingModules(modules: readonly string[], python: string | undefined): SlipwayError {
  const list = modules.join(' and ')
  if (python === undefined) {
    return new SlipwayError({
      code: 'tool-missing',
      message: `No Python 3 was found, and ${list} need one.`,
      hint: 'Install Python 3.8 or newer, or set SLIPWAY_PYTHON to the path of one, and run again.',
    })
  }
  return new SlipwayError({
    code: 'tool-missing',
    message: `No Python on this machine can import ${list}.`,
    hint: `Make one that can, and run again: ${python} -m venv ~/.slipway-python && ~/.slipway-python/bin/python -m pip install ${modules.join(' ')} `
      + '&& export SLIPWAY_PYTHON=~/.slipway-python/bin/python',
  })
}
