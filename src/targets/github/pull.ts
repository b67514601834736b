// The kind github.pull: opens the release's pull request, with what was proved and built in its body.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { listOf } from '../checks/lists.ts'
import { pullBody } from './body.ts'
import { github } from './client.ts'
import { isMarked } from './marker.ts'
import { accessShape, commitShape, idShape, pullAnswer, type Access, type Pull } from './shape.ts'
import { published, TOKEN, wordOf } from './words.ts'

const proof = z.object({ title: z.string(), passed: z.boolean(), detail: z.string().default('') })
const built = z.object({ name: z.string(), size: z.int().nonnegative(), sha256: z.string(), internal: z.boolean().exactOptional() })

const input = z.strictObject({
  ...accessShape,
  /** The release branch. */
  head: z.string().min(1),
  /** The branch that it is merged into. */
  base: z.string().min(1),
  commit: commitShape,
  version: z.string(),
  title: z.string().min(1),
  notes: z.string(),
  evidence: listOf(proof),
  /** Those that only their own target publishes are left out. */
  artifacts: listOf(built).transform((artifacts) => artifacts.filter(({ internal }) => internal !== true)),
})

const output = z.strictObject({ number: idShape, url: z.string() })

type PullInput = z.infer<typeof input>

const RIGHT = 'Pull requests: write'

/** The pull request of the release branch, found again by the marker in its body. */
export const githubPull = defineKind<PullInput, z.infer<typeof output>>({
  kind: 'github.pull',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'the closed pull request and the notifications that it sent',
    async undo(world, wanted, _output, { key }) {
      const { ours, others } = await find(world, wanted, key)
      if (ours === undefined && others[0] !== undefined) {
        throw new Refused({ code: 'request-refused', message: `The pull request ${others[0].html_url} is not the one that this release opened, so it was left alone.`, hint: 'Close it by hand if nobody needs it.' })
      }
      if (ours === undefined || (ours.state === 'closed' && ours.merged_at === null)) return
      if (ours.merged_at !== null) {
        throw new Refused({ code: 'request-refused', message: `The pull request ${ours.html_url} is merged and cannot be closed any more.`, hint: 'Take its change back with a pull request that reverts it.' })
      }
      await github(world, wanted).write('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: ours.number, state: 'closed' }, { to: 'close the pull request', right: RIGHT, shape: pullAnswer })
    },
  },
  examples: ({ repository, version, branch, release, artifacts }) => [{
    repository: `${repository.owner}/${repository.name}`,
    api: 'https://api.github.com',
    token: TOKEN,
    head: `release/v${version}`,
    base: branch,
    commit: release.commit,
    version,
    title: `Release ${version}`,
    notes: '### Added\n\n- Something new.',
    evidence: [{ title: 'tests', passed: true, detail: '12 passed' }, { title: 'Python 3.9', passed: false, detail: 'not installed' }],
    artifacts: published(artifacts).map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  }],
  describe: ({ repository, head, base, title }) => ({
    apply: `Open a pull request in ${repository} from ${head} into ${base}.`,
    undo: 'Close the pull request.',
    byHand: [`gh pr create --repo ${repository} --head ${head} --base ${base} --title ${wordOf(title)} --body-file NOTES.md`],
  }),
  async probe(look, wanted, key) {
    const { ours, others } = await find(look, wanted, key)
    if (ours !== undefined && (ours.state === 'open' || ours.merged_at !== null)) return { state: 'present', output: { number: ours.number, url: ours.html_url } }
    if (others[0] !== undefined) return { state: 'conflict', found: `${others[0].html_url} is open from the same branch and was not opened by this release` }
    return ours === undefined ? { state: 'absent' } : { state: 'withdrawn' }
  },
  async apply(world, wanted, { key }) {
    const { head, base, title } = wanted
    const opened = await github(world, wanted).write(
      'POST /repos/{owner}/{repo}/pulls',
      { head, base, title, body: pullBody({ ...wanted, key }) },
      { to: 'open the pull request', right: RIGHT, shape: pullAnswer },
    )
    return { number: opened.number, url: opened.html_url }
  },
})

/** The newest pull request that carries our marker, open or merged ones first, and open ones of others from the same branch into the same. */
async function find(look: Look, { head, base, ...access }: Access & Pick<PullInput, 'head' | 'base'>, key: string): Promise<{ readonly ours: Pull | undefined; readonly others: readonly Pull[] }> {
  const owner = access.repository.split('/')[0] ?? ''
  const pulls = await github(look, access).list('GET /repos/{owner}/{repo}/pulls', { head: `${owner}:${head}`, state: 'all' }, pullAnswer)
  const marked = pulls.filter(({ body }) => isMarked(body, key))
  return {
    ours: marked.find(({ state, merged_at }) => state === 'open' || merged_at !== null) ?? marked[0],
    others: pulls.filter((pull) => pull.state === 'open' && pull.base.ref === base && !marked.includes(pull)),
  }
}
