// checks.run: one command on a clean copy of the release's tree, never run twice on the same tree once it has passed.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { copyByHand } from './copy.ts'
import { duration, milliseconds } from './duration.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from './evidence.ts'
import { lastLines, listen } from './output.ts'

const input = z.strictObject({ name: z.string(), run: z.string(), tree: z.string(), timeout: duration.exactOptional() })
const output = z.strictObject({
  evidence: z.array(evidenceLine),
  /** The digest of the whole output, in the artifact store. */
  log: z.string(),
})

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Runs one check. Throws Refused `check-failed` with the last lines of its output. */
export const checkRun = defineKind<Input, Output>({
  kind: 'checks.run',
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => [{ name: 'files', run: 'ls', tree: ground.release.tree }, { name: 'clock', run: 'true', tree: ground.release.tree, timeout: '1m' }],
  describe: (check) => ({
    apply: `Run the check "${check.name}" on a clean copy of tree ${check.tree.slice(0, 7)}: ${check.run}`,
    undo: 'Nothing to take back: a check changes nothing outside.',
    byHand: byHand(check),
  }),
  probe: (look, check) => probeEvidence(look, keyOf(check), output),
  apply: (world, check, once) => world.scratch(async (scratch) => {
    const heard = listen((line) => { once.say(line) })
    const { code, timedOut } = await world.run({
      program: 'sh',
      args: ['-c', check.run],
      folder: scratch.path,
      signal: once.signal,
      ...(check.timeout === undefined ? {} : { timeout: milliseconds(check.timeout) }),
      heard: (text) => { heard.heard(text) },
    })
    if (once.signal.aborted) throw new Error(`The check "${check.name}" was interrupted.`)
    const text = heard.end()
    await scratch.write('slipway-check.log', text)
    const log = await scratch.keep('slipway-check.log')
    const how = timedOut === true ? `did not end within ${check.timeout ?? ''}` : `ended with exit code ${code}`
    const passed = code === 0
    const result = { evidence: [{ title: titleOf(check), passed, detail: `${how}; output ${log.sha256}` }], log: log.sha256 }
    await recordEvidence(world, { key: keyOf(check), title: titleOf(check), passed, output: result })
    if (passed) return result
    throw new Refused({
      code: 'check-failed',
      message: `The check "${check.name}" ${how}.`,
      hint: `Mend what it found, or run it by hand on the same files: ${byHand(check).join(' && ')}`,
      detail: lastLines(text),
    })
  }, { checkout: check.tree }),
})

function keyOf({ name, run, tree }: Input): string {
  return evidenceKey('checks.run', { name, run, tree })
}

function titleOf({ name, tree }: Input): string {
  return `check "${name}" on tree ${tree.slice(0, 7)}`
}

function byHand({ run, tree }: Input): readonly string[] {
  return [...copyByHand(tree), run]
}
