// sbom.make: lists what is in each image and in the Python package, and keeps the lists as SBOMs.
import { z } from 'zod'
import { defineKind, type Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { listOf } from '../checks/lists.ts'
import { anyArtifact, environment, sbomArtifact, sbomOf, subjectsIn, type SbomArtifact, type Subject } from './artifact.ts'
import { checkCycloneDx, cycloneDx } from './cyclonedx.ts'
import type { Inventory } from './inventory.ts'
import { format, type Format } from './settings.ts'
import { spdx } from './spdx.ts'
import { stockOfImage, stockOfPackage, type Stock } from './stock.ts'

const input = z.strictObject({
  artifacts: listOf(anyArtifact),
  /** Null where a Python was not there to install on. */
  environments: z.array(environment.nullable()).transform((all) => all.filter((one) => one !== null)),
  project: z.string(),
  version: z.string(),
  /** Seconds since 1970: the release's own date. */
  epoch: z.int().nonnegative(),
  formats: z.array(format).min(1),
})
const output = z.strictObject({ artifacts: z.array(sbomArtifact), evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Makes the SBOMs. Throws Refused `image-invalid` for layers that cannot be read, `sbom-invalid` for a document that breaks its schema. */
export const sbomMake = defineKind<Input, Output>({
  kind: 'sbom.make',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ artifacts, version, release }) => [{
    artifacts: artifacts.map((one) => anyArtifact.parse(one)),
    environments: [{ python: '3.12.1', packages: [{ name: 'idna', version: '3.10' }] }],
    project: 'ground', version, epoch: Math.floor(Date.parse(release.date) / 1000), formats: ['cyclonedx', 'spdx'],
  }],
  describe: (step) => ({
    apply: `List what is in ${whatIn(step)}, and keep the list as ${step.formats.map((each) => NAMES[each]).join(' and as ')}.`,
    undo: 'Nothing to take back: an SBOM that is only kept changes nothing outside.',
    byHand: subjectsIn(step.artifacts).flatMap((subject) => step.formats.map((each) => byHand(subject, each))),
  }),
  probe: async (look, step) => {
    const probe = await probeEvidence(look, keyOf(step), output)
    if (probe.state !== 'present') return probe
    const kept = await Promise.all(probe.output.artifacts.map(({ sha256 }) => look.artifacts.has(sha256)))
    return kept.every(Boolean) ? probe : { state: 'absent' }
  },
  async apply(world, step, once) {
    const result: Output = { artifacts: [], evidence: [] }
    for (const subject of subjectsIn(step.artifacts)) {
      const stock = await stockOf({ world, once }, subject, step)
      for (const each of step.formats) result.artifacts.push(await keep(world, { subject, inventory: stock.inventory }, each))
      result.evidence.push({ title: `SBOM of ${titleOf(subject)}`, passed: stock.whole, detail: stock.detail })
    }
    await recordEvidence(world, { key: keyOf(step), title: `SBOMs of ${step.project} ${step.version}`, passed: true, output: result })
    return result
  },
})

const NAMES: Readonly<Record<Format, string>> = { cyclonedx: 'CycloneDX 1.6', spdx: 'SPDX 2.3' }

function stockOf(at: { readonly world: World; readonly once: Once }, subject: Subject, { environments, epoch }: Input): Promise<Stock> {
  return subject.of === 'image' ? stockOfImage(at, subject, epoch) : stockOfPackage(subject, environments, epoch)
}

async function keep(world: World, about: { readonly subject: Subject; readonly inventory: Inventory }, written: Format): Promise<SbomArtifact> {
  const { subject, inventory } = about
  const text = written === 'cyclonedx' ? await cycloneDx(inventory) : spdx(inventory)
  if (written === 'cyclonedx') await checkCycloneDx(`The SBOM of ${titleOf(subject)}`, text)
  return world.scratch(async (scratch) => {
    await scratch.write('sbom.json', text)
    return sbomOf(subject, written, await scratch.keep('sbom.json'))
  })
}

function keyOf({ artifacts, environments, project, version, epoch, formats }: Input): string {
  const subjects = subjectsIn(artifacts).map((subject) => (subject.of === 'image' ? [subject.image, subject.platform, subject.sha256] : [subject.file, subject.sha256]))
  return evidenceKey('sbom.make', { subjects, environments, project, version, epoch, formats })
}

function titleOf(subject: Subject): string {
  return subject.of === 'image' ? subject.platform : subject.file
}

function whatIn({ artifacts }: Input): string {
  const subjects = subjectsIn(artifacts).map((subject) => (subject.of === 'image' ? `${subject.image} for ${subject.platform}` : `${subject.file} with what it depends on`))
  return subjects.length === 0 ? 'nothing' : subjects.join(', ')
}

function byHand(subject: Subject, written: Format): string {
  const { name } = sbomOf(subject, written, { sha256: subject.sha256, size: 0 })
  const from = subject.of === 'image' ? `${subject.image}@${subject.sha256}` : 'dir:/tmp/try'
  return `syft scan ${from} -o ${written === 'cyclonedx' ? 'cyclonedx-json@1.6' : 'spdx-json@2.3'}=${name}`
}
