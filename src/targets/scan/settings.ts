// What slipway.yaml says under "scan": a scanner's name alone, or a policy.
import { z } from 'zod'
import { ignored } from './policy.ts'
import { THRESHOLDS } from './severity.ts'

/** What may look for vulnerabilities. */
export const SCANNERS = ['osv', 'trivy', 'grype', 'none'] as const

const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))\S+$/, 'This is not a path inside the repository.')

const whole = z.strictObject({
  with: z.enum(SCANNERS).default('osv').describe('What looks for vulnerabilities: osv is built in and reads SBOMs; trivy and grype are programs that read the image; none looks for nothing.'),
  fail: z.enum(THRESHOLDS).default('high').describe('The lowest severity that stops the release; an unknown severity counts as medium.'),
  fixedOnly: z.boolean().default(false).describe('Let through what no version has a fix for.'),
  ignore: z.array(ignored).default([]).describe('Findings that are let through on purpose.'),
  vex: z.array(path).default([]).describe('OpenVEX documents in the repository, whose statements excuse findings.'),
  database: z.string().min(1).exactOptional().describe('A folder of OSV advisories on this machine, looked into in place of the API.'),
  sarif: z.boolean().default(false).describe('Upload the findings to GitHub\'s code scanning.'),
  api: z.url({ protocol: /^https?$/, message: 'This is not a web address (https://…).' }).default('https://api.osv.dev').describe('Where OSV\'s API is.'),
})

/** The settings of the target, with the name of a scanner as the short form. */
export const settings = z.union([
  z.enum(SCANNERS).transform((name): z.infer<typeof whole> => whole.parse({ with: name })),
  whole.superRefine((set, context) => {
    if (set.database !== undefined && set.with !== 'osv') context.addIssue({ code: 'custom', path: ['database'], message: `A folder of advisories is for osv; ${set.with} has a database of its own.` })
  }),
])

/** The settings of the target. */
export type Settings = z.infer<typeof settings>
