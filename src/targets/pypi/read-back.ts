// Reads back what an index says of where a file comes from, and verifies it (https://docs.pypi.org/api/integrity/).
import { z } from 'zod'
import { bodyJson } from '../../model/http.ts'
import type { World } from '../../model/world.ts'
import type { EvidenceLine } from '../checks/evidence.ts'
import type { Policy } from '../signing/policy.ts'
import { PUBLISHED, statedIn, verifyAttestation, type Subject } from './attestation.ts'
import { readListing, type ListedFile } from './simple.ts'

const provenance = z.object({ version: z.literal(1), attestation_bundles: z.array(z.object({ attestations: z.array(z.unknown()) })) })

/** Which files must be attested by whom, and where. */
export interface ReadingBack {
  readonly index: string
  readonly project: string
  readonly files: readonly Subject[]
  readonly policy: Policy
}

/**
 * A line of evidence for each file. A file that the index lists without provenance, because somebody uploaded it without, is told as not passed:
 * nothing can add it. Throws Refused `signature-invalid` for an attestation that does not hold, and a plain Error where one cannot be read now.
 */
export async function readBack(world: World, { index, project, files, policy }: ReadingBack): Promise<readonly EvidenceLine[]> {
  const listing = await readListing(world, index, project)
  if ('unreadable' in listing) throw new Error(listing.unreadable)
  const trustedRoot = await world.trustedRoot()
  const lines: EvidenceLine[] = []
  for (const { name, sha256 } of files) {
    const title = `attestation of ${name}`
    const attestations = await attestationsOf(world, listing.files.find((file) => file.name === name))
    const ours = attestations.filter((each) => statedIn(each) === PUBLISHED || statedIn(each) === undefined)
    const signers: string[] = []
    for (const each of ours) signers.push(await verifyAttestation(each, { name, sha256, policy, trustedRoot }))
    lines.push(signers.length === 0
      ? { title, passed: false, detail: `${new URL(index).host} keeps none, as of a file that was uploaded by hand; it cannot be added any more` }
      : { title, passed: true, detail: `signed by ${signers.join(', ')}, and in the public log` })
  }
  return lines
}

async function attestationsOf(world: World, listed: ListedFile | undefined): Promise<readonly unknown[]> {
  const url = listed?.provenance
  if (url === undefined) return []
  const answer = await world.http({ method: 'GET', url, headers: { accept: 'application/vnd.pypi.integrity.v1+json' } })
  const read = provenance.safeParse(bodyJson(answer))
  if (answer.status !== 200 || !read.success) throw new Error(`${url} did not answer with provenance (${answer.status})`)
  return read.data.attestation_bundles.flatMap(({ attestations }) => attestations)
}
