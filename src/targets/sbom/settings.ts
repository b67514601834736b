// What slipway.yaml says under "sbom".
import { z } from 'zod'

/** The formats that an SBOM can be written in. */
export const format = z.enum(['cyclonedx', 'spdx'])

/** The settings of the target. */
export const settings = z.strictObject({
  formats: z.array(format).min(1).default(['cyclonedx'])
    .describe('What the SBOMs are written as: cyclonedx (1.6) or spdx (2.3), or both. A scan reads CycloneDX.'),
})

/** The settings of the target. */
export type Settings = z.infer<typeof settings>

/** A format that an SBOM can be written in. */
export type Format = z.infer<typeof format>
