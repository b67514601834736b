// What slipway.yaml says under "pypi".
import { z } from 'zod'
import { viaSettings } from '../workflow/index.ts'

const webAddress = z.url({ protocol: /^https?$/, message: 'This is not a web address (https://…).' })
const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'This is not the name of a secret (letters, digits and underscores).')

/** The settings of the target. */
export const settings = z.strictObject({
  package: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'This is not a name that a Python package can have.')
    .describe('The name on PyPI.'),
  smoke: z.string().regex(/^\S[^\r\n]*$/, 'The smoke test is one line of Python.')
    .describe('One line of Python that works only if the installed package does: from src.main import OneFlowAI.'),
  pythons: z.array(z.string().regex(/^3\.\d+$/, 'A Python is given by its minor version, in quotes: \'3.12\'.')).min(1)
    .describe('The Pythons that the package supports, each tried if found; 3.9 to 3.13, as far as the package allows, when left out.').optional(),
  isolated: z.boolean().default(true)
    .describe('Build in an environment of its own, with the requirements of pyproject.toml; otherwise with what is installed.'),
  auth: z.enum(['auto', 'token', 'trusted']).default('auto')
    .describe('How uploads are allowed: token by a stored API token; trusted by the identity of the job, which the index must know as a publisher; auto by the token if it has a value, else by the identity.'),
  attestations: z.boolean().default(true).describe('Sign each file for the index (PEP 740) where it is uploaded by the identity of the job.'),
  token: secretName.default('PYPI_TOKEN').describe('The name of the secret that holds the API token.'),
  via: viaSettings.describe('Published by a workflow of the project instead of from here; Slipway starts or finds its run, follows it, and verifies what the index lists.').optional(),
  index: webAddress.default('https://pypi.org').describe('The index that users install from.'),
  upload: webAddress.default('https://upload.pypi.org/legacy/').describe('Where files are uploaded.'),
  trial: z.boolean().default(false).describe('Upload to a trial index first, and install from there.'),
  trialToken: secretName.default('TESTPYPI_TOKEN').describe('The name of the secret that holds the trial index\'s API token.'),
  trialIndex: webAddress.default('https://test.pypi.org').describe('The trial index.'),
  trialUpload: webAddress.default('https://test.pypi.org/legacy/').describe('Where files are uploaded for a trial.'),
})

/** The settings of the target. */
export type Settings = z.infer<typeof settings>

/** The Pythons to try when the settings name none. */
export const USUAL_PYTHONS: readonly string[] = ['3.9', '3.10', '3.11', '3.12', '3.13']

/** An address without a slash at its end. */
export function base(url: string): string {
  return url.replace(/\/+$/, '')
}
