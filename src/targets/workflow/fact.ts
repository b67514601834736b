// The fact `workflow.state`: whether GitHub runs a workflow.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Look } from '../../model/world.ts'
import { accessShape } from '../github/shape.ts'
import { workflowState } from './runs.ts'

const question = z.strictObject({ ...accessShape, workflow: z.string() })

/** The workflow's state, null where there is none. Throws SlipwayError `remote-unreachable`. */
export async function lookForWorkflow(look: Look, about: JsonObject): Promise<Json> {
  const { workflow, ...access } = question.parse(about)
  try {
    return await workflowState(look, access, workflow)
  } catch (error) {
    if (error instanceof SlipwayError) throw error
    throw new SlipwayError({ code: 'remote-unreachable', message: `GitHub gives no answer about the workflow ${workflow} in ${access.repository}.`, hint: 'Check the connection and run the same command again.', detail: error instanceof Error ? error.message : String(error) })
  }
}
