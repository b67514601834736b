// The kind github.draft: makes the draft release, which nobody sees before it is published.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { releaseBody } from './body.ts'
import { github } from './client.ts'
import { isMarked } from './marker.ts'
import { listReleases } from './releases.ts'
import { accessShape, commitShape, idShape, releaseAnswer, type GitHubRelease } from './shape.ts'
import { TOKEN, wordOf } from './words.ts'

const input = z.strictObject({
  ...accessShape,
  tag: z.string().min(1),
  commit: commitShape,
  title: z.string().min(1),
  notes: z.string(),
  prerelease: z.boolean(),
})

const output = z.strictObject({ id: idShape, uploadUrl: z.string(), url: z.string() })

type DraftInput = z.infer<typeof input>

/** The draft of the release, found again by the marker in its body, also after it was published. */
export const githubDraft = defineKind<DraftInput, z.infer<typeof output>>({
  kind: 'github.draft',
  input,
  output,
  // A draft is found by listing, and lists may be a moment behind: a second draft would be the price of haste.
  settlesWithin: 5000,
  reversal: {
    is: 'reversible',
    async undo(world, wanted, _output, { key }) {
      const found = await find(world, wanted, key)
      if (found.is === 'none') return
      if (found.is === 'conflict') throw new Refused({ code: 'release-exists', message: `The draft was left alone: ${found.why}.`, hint: 'Look at the releases on GitHub and delete by hand what nobody needs.' })
      if (!found.release.draft) throw new Refused({ code: 'request-refused', message: `The release ${found.release.html_url} is published, so it is no draft to delete.`, hint: 'Take its publication back first.' })
      await github(world, wanted).write('DELETE /repos/{owner}/{repo}/releases/{release_id}', { release_id: found.release.id }, { to: 'delete the draft release', right: 'Contents: write', shape: z.unknown() })
    },
  },
  examples: ({ repository, tag, release, version }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, tag, commit: release.commit, title: version, notes: '### Added\n\n- Something new.', prerelease: false,
  }],
  describe: ({ repository, tag, title, commit, prerelease }) => ({
    apply: `Make a draft release ${tag} in ${repository}.`,
    undo: 'Delete the draft release.',
    byHand: [`gh release create ${tag} --repo ${repository} --draft${prerelease ? ' --prerelease' : ''} --target ${commit} --title ${wordOf(title)} --notes-file NOTES.md`],
  }),
  async probe(look, wanted, key) {
    const found = await find(look, wanted, key)
    if (found.is === 'none') return { state: 'absent' }
    return found.is === 'conflict' ? { state: 'conflict', found: found.why } : { state: 'present', output: outputOf(found.release) }
  },
  async apply(world, wanted, { key }) {
    const { tag, commit, title, notes, prerelease } = wanted
    const made = await github(world, wanted).write(
      'POST /repos/{owner}/{repo}/releases',
      { tag_name: tag, target_commitish: commit, name: title, body: releaseBody(notes, key), draft: true, prerelease },
      { to: 'make the draft release', right: 'Contents: write', shape: releaseAnswer },
    )
    return outputOf(made)
  },
})

type Found = { readonly is: 'none' } | { readonly is: 'ours'; readonly release: GitHubRelease } | { readonly is: 'conflict'; readonly why: string }

async function find(look: Look, wanted: DraftInput, key: string): Promise<Found> {
  const releases = await listReleases(look, wanted)
  const ours = releases.filter(({ body }) => isMarked(body, key))
  const [first, second] = ours
  if (first !== undefined && second !== undefined) return { is: 'conflict', why: `there are ${ours.length} releases of this plan, ${first.html_url} and ${second.html_url}` }
  const other = releases.find((release) => release.tag_name === wanted.tag && release !== first)
  if (other !== undefined) return { is: 'conflict', why: `${other.html_url} is a ${other.draft ? 'draft' : 'release'} of ${wanted.tag} that this plan did not make` }
  if (first === undefined) return { is: 'none' }
  return first.tag_name === wanted.tag ? { is: 'ours', release: first } : { is: 'conflict', why: `${first.html_url} was moved from the tag ${wanted.tag} to ${first.tag_name}` }
}

function outputOf({ id, upload_url, html_url }: GitHubRelease): z.infer<typeof output> {
  return { id, uploadUrl: upload_url, url: html_url }
}
