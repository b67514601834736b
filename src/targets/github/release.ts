// The kind github.release: publishes the draft, the moment when everybody sees the release.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { github } from './client.ts'
import { releaseById } from './releases.ts'
import { accessShape, idShape, releaseAnswer, type GitHubRelease } from './shape.ts'
import { TOKEN } from './words.ts'

const input = z.strictObject({
  ...accessShape,
  /** The id of the draft release. */
  release: idShape,
  tag: z.string().min(1),
  /** Whether GitHub shows it as the latest release; never left to GitHub's own default. */
  latest: z.enum(['true', 'false']),
  prerelease: z.boolean(),
})

const output = z.strictObject({ url: z.string(), immutable: z.boolean() })

/** The published release. Taken back it is a draft again, or, where releases are immutable, deleted. */
export const githubRelease = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'github.release',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'the notifications that watchers received and the copies that others made; where releases are immutable, the name of the tag stays spent',
    async undo(world, { release: id, tag, ...access }) {
      const release = await releaseById(world, access, id)
      if (release === undefined) return
      if (release.tag_name !== tag) {
        throw new Refused({ code: 'request-refused', message: `The release ${release.html_url} was moved from the tag ${tag} to ${release.tag_name}, so it was left alone.`, hint: 'Find out who moved it; take it back by hand if nobody needs it.' })
      }
      if (release.draft) return
      if (release.immutable) {
        await github(world, access).write('DELETE /repos/{owner}/{repo}/releases/{release_id}', { release_id: id }, { to: 'delete the immutable release', right: 'Contents: write', shape: z.unknown() })
        return
      }
      await github(world, access).write('PATCH /repos/{owner}/{repo}/releases/{release_id}', { release_id: id, draft: true }, { to: 'make the release a draft again', right: 'Contents: write', shape: releaseAnswer })
    },
  },
  examples: ({ repository, tag }) => [{ repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, release: 1, tag, latest: 'true', prerelease: false }],
  describe: ({ repository, tag, latest }) => ({
    apply: `Publish the release ${tag} in ${repository}${latest === 'true' ? ' as the latest' : ', not as the latest'}.`,
    undo: 'Make the release a draft again; an immutable one is deleted.',
    byHand: [`gh release edit ${tag} --repo ${repository} --draft=false --latest=${latest}`],
  }),
  async probe(look, { release: id, tag, ...access }) {
    const release = await releaseById(look, access, id)
    if (release === undefined) return { state: 'withdrawn' }
    if (release.tag_name !== tag) return { state: 'conflict', found: `${release.html_url} was moved from the tag ${tag} to ${release.tag_name}` }
    return release.draft ? { state: 'absent' } : { state: 'present', output: outputOf(release) }
  },
  async apply(world, { release, latest, prerelease, ...access }) {
    const published = await github(world, access).write(
      'PATCH /repos/{owner}/{repo}/releases/{release_id}',
      { release_id: release, draft: false, prerelease, make_latest: latest },
      { to: 'publish the release', right: 'Contents: write', shape: releaseAnswer },
    )
    return outputOf(published)
  },
})

function outputOf({ html_url, immutable }: GitHubRelease): z.infer<typeof output> {
  return { url: html_url, immutable }
}
