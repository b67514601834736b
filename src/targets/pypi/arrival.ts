// pypi.arrival: waits until the index lists what a workflow was to publish, and compares it with what the plan names.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { digest } from '../checks/digest.ts'
import { evidenceLine } from '../checks/evidence.ts'
import { groundFiles } from './artifact.ts'
import { isWheel, versionIn } from './name.ts'
import { readListing, simplePage, type ListedFile } from './simple.ts'
import { yanking } from './yank.ts'

const file = z.strictObject({ name: z.string(), sha256: digest })
const input = z.strictObject({
  /** Base of the index: `https://pypi.org`. */
  index: z.url(),
  project: z.string(),
  version: z.string(),
  /** What was built here. */
  files: z.array(file).min(1),
  workflow: z.string(),
})
const output = z.strictObject({
  url: z.string(),
  /** What the index lists, which is what users get. */
  files: z.array(file),
  /** Whether it is, byte for byte, what was built here. */
  same: z.boolean(),
  evidence: z.array(evidenceLine),
})

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/**
 * A release on the index that a workflow made. A workflow builds by itself, so other bytes are no conflict: they are told, and verified as far
 * as they can be, by installing them.
 */
export const pypiArrival = defineKind<Input, Output>({
  kind: 'pypi.arrival',
  input,
  output,
  reversal: { is: 'by-hand', leaves: yanking.leaves, instructions: (asked) => yanking.instructions(asked) },
  examples: (ground) => {
    const { files, package: project, version } = groundFiles(ground)
    return [{ index: 'https://pypi.org', project, version, files: files.map(({ name, sha256 }) => ({ name, sha256 })), workflow: 'publish.yml' }]
  },
  describe: ({ project, version, index, workflow }) => ({
    apply: `Wait until ${new URL(index).host} lists ${project} ${version} as ${workflow} published it, and compare its files with what was built.`,
    undo: yanking.words({ index, project, version }),
    byHand: [`python3 -m pip download --no-deps --no-cache-dir --index-url ${index}/simple/ ${project}==${version}`],
  }),
  async probe(look, asked) {
    const { index, project, version, files, workflow } = asked
    const listing = await readListing(look, index, project)
    if ('unreadable' in listing) return { state: 'unknown', why: listing.unreadable, blind: false }
    const host = new URL(index).host
    const there = listing.files.filter(({ name }) => versionIn(name, project) === version)
    if (there.length > 0 && there.every(({ yanked }) => yanked)) return { state: 'withdrawn' }
    const sorts = [...new Set(files.map(({ name }) => isWheel(name)))]
    const missing = sorts.filter((wheel) => !there.some(({ name }) => isWheel(name) === wheel)).map((wheel) => wheel ? 'wheel' : 'source distribution')
    if (missing.length > 0) return { state: 'absent', missing: `${host} lists no ${missing.join(' and no ')} of ${project} ${version}, though ${workflow} ended green: the index may lag, or the workflow published nothing there`, by: 'machine' }
    const unnamed = there.find(({ sha256 }) => sha256 === undefined)
    if (unnamed !== undefined) return { state: 'unknown', why: `${host} gives no sha256 of ${unnamed.name}`, blind: false }
    return { state: 'present', output: comparison(asked, there) }
  },
})

function comparison({ index, project, version, files, workflow }: Input, there: readonly ListedFile[]): Output {
  const listed = there.map(({ name, sha256 }) => file.parse({ name, sha256 })).toSorted((one, other) => one.name < other.name ? -1 : 1)
  const differences = [
    ...listed.flatMap(({ name, sha256 }) => {
      const built = files.find((each) => each.name === name)
      if (built === undefined) return [`${name} was not built here`]
      return built.sha256 === sha256 ? [] : [`${name} has ${sha256}, here ${built.sha256} was built`]
    }),
    ...files.filter(({ name }) => !listed.some((each) => each.name === name)).map(({ name }) => `${name} was built here and is not there`),
  ]
  const same = differences.length === 0
  const title = `${project} ${version} as ${workflow} published it`
  const detail = same ? `byte for byte what was built here: ${listed.map(({ name }) => name).join(', ')}` : `other bytes than were built here, since the workflow builds by itself: ${differences.join('; ')}`
  return { url: simplePage(index, project), files: listed, same, evidence: [{ title, passed: same, detail }] }
}
