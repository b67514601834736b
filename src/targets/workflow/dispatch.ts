// workflow.dispatch: starts the workflow on the release's tag (https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event).
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { shellWord } from '../checks/copy.ts'
import { github } from '../github/client.ts'
import { idShape } from '../github/shape.ts'
import { TOKEN } from '../github/words.ts'
import { runsOf, runsShape } from './runs.ts'

const input = z.strictObject({ ...runsShape, inputs: z.record(z.string(), z.string()) })
const output = z.strictObject({ run: idShape })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Newer servers tell the run; others answer with nothing, and the run is found by its tag. */
const started = z.union([z.object({ workflow_run_id: idShape }), z.unknown().transform(() => undefined)])

/** One start. A run that was dispatched on this tag, by whomever, is this release's: the tag is the mark by which it is found again. */
export const workflowDispatch = defineKind<Input, Output>({
  kind: 'workflow.dispatch',
  input,
  output,
  // A run is listed within seconds; a second start would publish a second time, so it is given minutes.
  settlesWithin: 180_000,
  reversal: { is: 'final', because: 'What a workflow has begun to publish cannot be called back; what arrived is taken back by itself.' },
  examples: ({ repository, tag, release, version }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, workflow: 'publish.yml', tag, commit: release.commit, inputs: { version },
  }],
  describe: ({ workflow, repository, tag, inputs }) => ({
    apply: `Start ${workflow} in ${repository} on the tag ${tag}${Object.keys(inputs).length === 0 ? '' : ` with ${Object.entries(inputs).map(([name, value]) => `${name}=${value}`).join(', ')}`}.`,
    undo: 'Nobody can call it back; what arrived is taken back by itself.',
    byHand: [`gh workflow run ${workflow} --repo ${repository} --ref ${tag}${Object.entries(inputs).map(([name, value]) => ` -f ${shellWord(`${name}=${value}`)}`).join('')}`],
  }),
  async probe(look, asked) {
    const [first] = (await runsOf(look, asked, ['workflow_dispatch'])).toReversed()
    return first === undefined ? { state: 'absent' } : { state: 'present', output: { run: first.id } }
  },
  async apply(world, { workflow, tag, commit: _, inputs, ...access }) {
    const answer = await github(world, access).write('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', { workflow_id: workflow, ref: tag, inputs, return_run_details: true }, {
      to: `start the workflow ${workflow}`, right: 'Actions: write', shape: started,
    })
    if (answer === undefined) throw new Error(`GitHub took the start of ${workflow} without telling its run`)
    return { run: answer.workflow_run_id }
  },
})
