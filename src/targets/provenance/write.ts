// provenance.statement: the provenance of one artifact as a file that nobody has signed.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { stored } from '../signing/log.ts'
import { fileNames, groundSignings, stated, type Stated } from './shape.ts'
import { statementText } from './statement.ts'

type Output = z.infer<typeof stored>

/** Writes the statement into the artifact store: the same facts, the same bytes. */
export const provenanceStatement = defineKind<Stated, Output>({
  kind: 'provenance.statement',
  input: stated,
  output: stored,
  reversal: { is: 'none' },
  examples: (ground) => groundSignings(ground).map((one) => stated.parse(one)),
  describe: ({ name }) => ({
    apply: `Write the provenance of ${name} to ${fileNames.statement(name)}, unsigned.`,
    undo: 'Nothing to take back: a file in the artifact store changes nothing outside.',
    byHand: [`sha256sum ${name}`, `$EDITOR ${fileNames.statement(name)}  # https://slsa.dev/spec/v1.2/build-provenance`],
  }),
  async probe(look, wanted) {
    const made = storedAs(statementText(wanted))
    return await look.artifacts.has(made.sha256) ? { state: 'present', output: made } : { state: 'absent' }
  },
  apply: (world, wanted) => world.scratch(async (scratch) => {
    await scratch.write('statement.json', statementText(wanted))
    return scratch.keep('statement.json')
  }),
})

function storedAs(text: string): Output {
  return { sha256: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: Buffer.byteLength(text) }
}
