// The schema of `monitor`: when what is seen after a release asks to be watched or acted upon.
import { z } from 'zod'
import { ALERT_SEVERITIES } from '../model/signal.ts'

/** `monitor` as it is written. */
export const monitorSchema = z.strictObject({
  labels: z.array(z.string().min(1)).default(['regression']).describe('Issues with one of these labels are about the newest release, whatever they say.'),
  issues: z.strictObject({
    watch: z.int().positive().default(1).describe('How many open issues about the release are to be watched.'),
    act: z.int().positive().default(3).describe('How many of them ask for action.'),
  }).superRefine(({ watch, act }, context) => {
    if (act < watch) context.addIssue({ code: 'custom', path: ['act'], message: `${act} issues ask for action, and only ${watch} are to be watched: "act" cannot be less than "watch".` })
  }).prefault({}).describe('Open issues that were opened since the release and name its version or carry one of the labels.'),
  alerts: z.enum(ALERT_SEVERITIES).default('high').describe('The lowest severity of an open alert, of code scanning or Dependabot, that asks for action; lower ones are to be watched.'),
  downloads: z.strictObject({
    fall: z.int().min(1).max(100).default(50).describe('How far, in per cent, the downloads of a day may stay behind the average of the week before that is to be watched.'),
  }).prefault({}).describe('Downloads of the package.'),
}).prefault({}).describe('When what `slipway monitor` sees asks to be watched or acted upon.')
