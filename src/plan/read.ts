// Reads a plan back from text. A plan from a file is untrusted: its form, its digest and its references are checked here,
// each step's input again by its kind when it is run.
import { SlipwayError } from '../model/error.ts'
import { PLAN_FORMAT, type Plan } from '../model/plan.ts'
import { z } from 'zod'
import { expectedDigest } from './digest.ts'
import { checkSteps } from './check.ts'

const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)])
const json = z.json()
const objectId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)

const planSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  digest,
  stage: z.enum(['prepare', 'publish', 'rollback', 'announce', 'recall']),
  subject: z.strictObject({ repository: z.string(), commit: objectId, tree: objectId }),
  date: z.iso.datetime(),
  releases: z.array(z.strictObject({ name: z.string(), from: z.string().nullable(), to: z.string(), because: z.array(z.string()) })).min(1),
  artifacts: z.array(z.strictObject({ name: z.string(), mediaType: z.string(), size: z.int().nonnegative(), sha256: digest, by: z.string(), about: z.record(z.string(), json) })),
  basis: z.array(z.strictObject({ ask: z.string(), about: z.record(z.string(), json), saw: json })),
  exceptions: z.array(z.strictObject({ rule: z.enum(['freeze', 'line-ended', 'line-security']), of: z.string(), reason: z.string().nullable(), stage: z.enum(['prepare', 'publish']) })).min(1).exactOptional(),
  steps: z.array(z.strictObject({
    id: z.string().min(1),
    kind: z.string(),
    title: z.string(),
    input: json,
    needs: z.array(z.string()),
    reversal: z.enum(['reversible', 'compensable', 'by-hand', 'final', 'none']),
    back: z.string().optional(),
    starts: z.array(z.string()).optional(),
    gate: z.string().optional(),
    key: z.string().optional(),
    begunAt: z.iso.datetime().optional(),
    made: json.optional(),
  })),
})

/**
 * Parses the text of a plan file. Throws SlipwayError: `plan-unreadable` (no JSON), `plan-format` (another format, naming both),
 * `plan-invalid` (not of the plan's form), `plan-edited` (its digest is not that of its content).
 */
export function readPlan(file: string, text: string, kinds: ReadonlySet<string>): Plan {
  const again = 'Make it again with `slipway plan --out FILE`.'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new SlipwayError({ code: 'plan-unreadable', message: `The plan file ${file} is not JSON.`, hint: again, place: { file } })
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== PLAN_FORMAT) {
    const found = typeof format === 'string' ? `is of the format ${format}` : 'names no format'
    throw new SlipwayError({ code: 'plan-format', message: `The plan file ${file} ${found}; this Slipway reads ${PLAN_FORMAT}.`, hint: `${again} Or run it with the Slipway that wrote it.`, place: { file } })
  }
  const parsed = planSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue === undefined ? '' : ` at /${issue.path.join('/')}: ${issue.message}`
    throw new SlipwayError({ code: 'plan-invalid', message: `The plan file ${file} is not a plan${where}.`, hint: again, place: { file } })
  }
  const plan = parsed.data as unknown as Plan
  const expected = expectedDigest(plan)
  if (plan.digest !== expected) {
    throw new SlipwayError({
      code: 'plan-edited',
      message: `The plan file ${file} was changed after it was made: it says ${plan.digest}, its content is ${expected}.`,
      hint: `An approval is for what was shown, so an edited plan is not run. ${again}`,
      place: { file },
    })
  }
  checkSteps(plan.steps, kinds)
  return plan
}
