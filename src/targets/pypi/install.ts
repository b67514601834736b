// pypi.install: the built wheel in a fresh virtual environment of one Python, tried with the smoke line before anybody else does.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { shellWord } from '../checks/copy.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { lastLines } from '../checks/output.ts'
import { artifact, fieldOf, groundFiles } from './artifact.ts'
import { isWheel } from './name.ts'
import { distribution, distributionsIn, findPython, installFresh, trySmoke } from './venv.ts'

const input = z.strictObject({
  artifacts: z.array(artifact).min(1),
  package: z.string(),
  version: z.string(),
  /** A minor version, `3.11`, or `3` for the newest found. */
  python: z.string(),
  /** One line of Python. */
  smoke: z.string(),
  /** Base of the index that dependencies come from. */
  index: z.string(),
  /** Whether the project claims to support this Python: then a wheel that does not is a failure. */
  claimed: z.boolean(),
})
const environment = z.strictObject({
  /** `3.12.1` */
  python: z.string(),
  packages: z.array(distribution),
})
const output = z.strictObject({
  evidence: z.array(evidenceLine),
  /** What was installed; null where nothing was, and in evidence of before this was kept. */
  environment: environment.nullable().default(null),
})

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Installs and tries the wheel. Throws Refused `install-failed`; a Python that is not there is reported as not verified. */
export const pypiInstall = defineKind<Input, Output>({
  kind: 'pypi.install',
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => {
    const { files, ...known } = groundFiles(ground)
    const smoke = `import importlib.metadata as m; m.version("${known.package}")`
    return [{ artifacts: files, ...known, python: '3', smoke, index: 'https://pypi.org', claimed: false }]
  },
  describe: (test) => ({
    apply: `Install ${wheelOf(test).name} with Python ${test.python} into a fresh virtual environment and run: ${test.smoke}`,
    undo: 'Nothing to take back: the environment is gone after the test.',
    byHand: [
      `python${test.python} -m venv /tmp/try`,
      `/tmp/try/bin/python -m pip install --no-cache-dir dist/${wheelOf(test).name}`,
      `cd / && /tmp/try/bin/python -I -c ${shellWord(test.smoke)}`,
    ],
  }),
  probe: (look, test) => probeEvidence(look, keyOf(test), output),
  apply: async (world, test, once) => {
    const wheel = wheelOf(test)
    const title = `install of ${wheel.name} on Python ${test.python}`
    const notVerified = (why: string): Output => ({ evidence: [{ title, passed: false, detail: `not verified: ${why}` }], environment: null })
    const python = await findPython(world, test.python)
    if (python === undefined) return notVerified(`no Python ${test.python} found`)
    return world.scratch(async (scratch) => {
      const bench = { world, once, python, folder: scratch.path }
      const path = await scratch.place(wheel.sha256, wheel.name)
      const pip = await installFresh(bench, ['--index-url', world.address(`${test.index}/simple/`), path])
      const cannot = pip.code === 0 ? undefined : whyNotHere(test, pip.text)
      if (cannot !== undefined) return notVerified(cannot)
      const found = pip.code !== 0 ? { wrong: 'pip cannot install it', text: pip.text } : await trySmoke({ ...bench, venv: pip.venv }, test)
      if (found !== undefined) throw failed(test, python.version, found)
      const packages = await distributionsIn(bench, pip.venv, pip.brought)
      const result = {
        evidence: [{ title, passed: true, detail: `Python ${python.version}: ${test.smoke}` }],
        environment: packages === undefined ? null : { python: python.version, packages },
      }
      await recordEvidence(world, { key: keyOf(test), title, passed: true, output: result })
      return result
    })
  },
})

// The key holds the Python that was asked for, not the one that was found: a probe cannot look for interpreters.
function keyOf(test: Input): string {
  return evidenceKey('pypi.install', { wheel: wheelOf(test).sha256, python: test.python, smoke: test.smoke })
}

/** Why the wheel is not for this Python at all, as far as pip says so and the project does not claim otherwise. */
function whyNotHere(test: Input, text: string): string | undefined {
  const wheel = wheelOf(test)
  if (text.includes(`${wheel.name} is not a supported wheel on this platform`)) return 'the wheel is for another Python or platform'
  const disallowed = text.includes(`Package '${fieldOf(wheel, 'name')}' requires a different Python`)
  return disallowed && !test.claimed ? `the package needs Python ${fieldOf(wheel, 'requires_python')}` : undefined
}

function wheelOf({ artifacts }: Input): Input['artifacts'][number] {
  const wheel = artifacts.find(({ name }) => isWheel(name))
  if (wheel !== undefined) return wheel
  throw new Refused({ code: 'build-no-wheel', message: `There is no wheel among ${artifacts.map(({ name }) => name).join(', ')}.`, hint: 'Build the project again.' })
}

function failed(test: Input, version: string, { wrong, text }: { wrong: string; text: string }): Refused {
  return new Refused({
    code: 'install-failed',
    message: `${wheelOf(test).name} does not work on Python ${version}: ${wrong}.`,
    hint: `Mend the package (or "smoke" and "pythons" under "pypi" in slipway.yaml), or see for yourself: ${pypiInstall.describe(test).byHand.join(' && ')}`,
    detail: lastLines(text),
  })
}
