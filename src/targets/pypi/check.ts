// pypi.check: twine's look at the built files, as strict as the index will be.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { normalName } from '../../model/python-name.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { lastLines } from '../checks/output.ts'
import { artifact, fieldOf, groundFiles } from './artifact.ts'
import { isWheel } from './name.ts'
import { runPython } from './python.ts'

const input = z.strictObject({ artifacts: z.array(artifact).min(1) })
const output = z.strictObject({ evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Checks metadata and descriptions. Throws Refused `package-invalid` with twine's words. */
export const pypiCheck = defineKind<Input, Output>({
  kind: 'pypi.check',
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => [{ artifacts: groundFiles(ground).files }],
  describe: ({ artifacts }) => ({
    apply: `Check the metadata and the description of ${namesOf(artifacts)} with twine.`,
    undo: 'Nothing to take back: a check changes nothing outside.',
    byHand: [`python3 -m twine check --strict ${artifacts.map(({ name }) => `dist/${name}`).join(' ')}`],
  }),
  probe: (look, step) => probeEvidence(look, keyOf(step), output),
  apply: (world, step, once) => world.scratch(async (scratch) => {
    refuseNames(step.artifacts)
    const python = await world.pythonWith(['twine'])
    const paths: string[] = []
    for (const { sha256, name } of step.artifacts) paths.push(await scratch.place(sha256, `dist/${name}`))
    const { code, text } = await runPython(world, once, {
      python: python.path,
      args: ['-m', 'twine', 'check', '--strict', ...paths],
      folder: scratch.path,
    })
    const title = 'twine check --strict'
    const tooNew = code === 0 ? undefined : unknownToTwine(step.artifacts, text)
    // Nothing is recorded, so that a newer twine looks again.
    if (tooNew !== undefined) return { evidence: [{ title, passed: false, detail: `not verified: this twine does not know metadata ${tooNew} yet; a newer one does (\`python3 -m pip install --upgrade twine\`)` }] }
    if (code !== 0) {
      throw new Refused({
        code: 'package-invalid',
        message: `twine finds fault with ${namesOf(step.artifacts)}.`,
        hint: 'Mend the metadata or the long description in setup.py or pyproject.toml; the index would refuse the upload or show it wrongly.',
        detail: lastLines(text.replaceAll(`${scratch.path}/`, '')),
      })
    }
    const result = { evidence: [{ title, passed: true, detail: namesOf(step.artifacts) }] }
    await recordEvidence(world, { key: keyOf(step), title, passed: true, output: result })
    return result
  }),
})

/** The metadata version of a file that this twine is too old for, as it says itself in lines that it breaks anywhere. */
function unknownToTwine(artifacts: Input['artifacts'], text: string): string | undefined {
  const known = /supported Metadata-Version:\s*([\d.,\s]+?)\.\s*$/m.exec(text)?.[1]?.split(/[,\s]+/)
  return known && artifacts.map((file) => fieldOf(file, 'metadata_version')).find((version) => version !== '' && !known.includes(version))
}

/** What the index refuses by the name of a wheel, which twine lets pass. */
function refuseNames(artifacts: Input['artifacts']): void {
  for (const file of artifacts.filter(({ name }) => isWheel(name))) {
    const wanted = normalName(fieldOf(file, 'name')).replaceAll('-', '_')
    if (file.name.split('-')[0] !== wanted) {
      throw new Refused({
        code: 'package-invalid',
        message: `${file.name} does not begin with ${wanted}, the normalised name of the package, so PyPI would refuse it.`,
        hint: 'Build with a newer build backend (setuptools 75 or later), or write the name in lower case with dashes.',
      })
    }
    if (/-linux_(?!armv[67]l)[^-]+\.whl$/.test(file.name)) {
      throw new Refused({
        code: 'package-invalid',
        message: `${file.name} is a wheel for this Linux alone, and PyPI would refuse it.`,
        hint: 'Make it a manylinux wheel with auditwheel or cibuildwheel, or leave the compiled part out.',
      })
    }
  }
}

function keyOf({ artifacts }: Input): string {
  return evidenceKey('pypi.check', artifacts.map(({ name, sha256 }) => [name, sha256]))
}

function namesOf(artifacts: Input['artifacts']): string {
  return artifacts.map(({ name }) => name).join(', ')
}
