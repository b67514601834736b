// An Atom feed: a file of a branch of the repository (that of its pages, as a rule), changed by one commit at a time.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import { webAddressOf } from '../../../model/web-address.ts'
import type { Look, World } from '../../../model/world.ts'
import { github } from '../../github/client.ts'
import { accessShape, apiShape, repositoryShape, type Access } from '../../github/shape.ts'
import { defineChannel } from '../channel.ts'
import { onlyShape, secretName } from '../shapes.ts'
import { emptyFeed, entryIn, entryText, withEntry, withoutEntry } from '../text/atom.ts'
import { htmlOf } from '../text/render.ts'

const entryShape = z.strictObject({ id: z.string().min(1), title: z.string().min(1), html: z.string(), link: z.url().exactOptional(), updated: z.iso.datetime() })
const input = z.strictObject({
  ...accessShape, branch: z.string().min(1), path: z.string().min(1), feed: z.strictObject({ id: z.string().min(1), title: z.string().min(1) }), entry: entryShape,
})
const output = z.strictObject({ entry: z.string() })

type Input = z.infer<typeof input>

const ROUTE = '/repos/{owner}/{repo}/contents/{path}'
// https://docs.github.com/rest/repos/contents
const fileAnswer = z.object({ sha: z.string(), content: z.string() })

async function fileOf(look: Look, { branch, path, ...at }: Pick<Input, keyof Access | 'branch' | 'path'>): Promise<{ readonly sha: string; readonly text: string } | undefined> {
  const found = await github(look, accessIn(at)).read(`GET ${ROUTE}`, { path, ref: branch }, fileAnswer)
  return found === undefined ? undefined : { sha: found.sha, text: Buffer.from(found.content, 'base64').toString() }
}

/** Writes the file where it is still as it was read: GitHub refuses any other. */
async function write(world: World, at: Input, { text, sha, message }: { readonly text: string; readonly sha: string | undefined; readonly message: string }): Promise<void> {
  await github(world, accessIn(at)).write(`PUT ${ROUTE}`, { path: at.path, branch: at.branch, message, content: Buffer.from(text).toString('base64'), ...(sha === undefined ? {} : { sha }) }, {
    to: `write ${at.path}`, right: 'Contents: write', shape: z.unknown(),
  })
}

function accessIn({ repository, api, token }: Access): Access {
  return { repository, api, token }
}

/** One entry of the feed. */
export const announceFeed = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.feed',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'who has read the feed keeps what was in it, and its branch keeps its history',
    async undo(world, at) {
      const file = await fileOf(world, at)
      const found = file === undefined ? undefined : entryIn(file.text, at.entry.id)
      if (file === undefined || found === undefined) return
      if (found !== entryText(at.entry)) throw new Refused({ code: 'request-refused', message: `The entry ${at.entry.id} of ${at.path} says something else, so it was left alone.` })
      await write(world, at, { text: withoutEntry(file.text, at.entry.id), sha: file.sha, message: `Take back "${at.entry.title}"` })
    },
  },
  examples: ({ repository: { owner, name }, branch, version, tag, release: { date } }) => [{
    repository: `${owner}/${name}`, api: 'https://api.github.com', token: { $secret: 'GITHUB_TOKEN' }, branch, path: 'docs/releases.atom',
    feed: { id: `https://github.com/${owner}/${name}/releases`, title: 'Releases of oneflow-ai' },
    entry: { id: `https://github.com/${owner}/${name}/releases/tag/${tag}`, title: `oneflow-ai ${version} is out`, html: '<p>A feature &amp; more.</p>', updated: date },
  }],
  describe: ({ repository, branch, path, entry }) => ({
    apply: `Add an entry to ${path} of ${repository} (${branch}): ${entry.title}`,
    undo: 'Take the entry out again.',
    byHand: [`# Add the entry to ${path} on the branch ${branch}, and push it.`],
  }),
  async probe(look, at) {
    const file = await fileOf(look, at)
    const found = file === undefined ? undefined : entryIn(file.text, at.entry.id)
    if (found === undefined) return { state: 'absent' }
    return found === entryText(at.entry) ? { state: 'present', output: { entry: at.entry.id } } : { state: 'conflict', found: `the entry ${at.entry.id} says something else` }
  },
  async apply(world, at) {
    const file = await fileOf(world, at)
    const text = withEntry(file?.text ?? emptyFeed(at.feed, at.entry.updated), at.entry)
    if (text === undefined) throw new Refused({ code: 'request-refused', message: `${at.path} on the branch ${at.branch} is no Atom feed.`, hint: 'Name another file in `announce.feed.path`, or delete this one.' })
    await write(world, at, { text, sha: file?.sha, message: `Tell of "${at.entry.title}"` })
    return { entry: at.entry.id }
  },
})

const settings = z.strictObject({
  branch: z.string().min(1).default('gh-pages').describe('The branch that holds the file.'),
  path: z.string().min(1).default('releases.atom').describe('The file; it is made where there is none.'),
  repository: repositoryShape.describe('The repository as owner/name; when left out, the one that the remote is.').optional(),
  token: secretName.default('GITHUB_TOKEN').describe('The name of the secret that opens GitHub.'),
  api: apiShape.default('https://api.github.com').describe('Where the REST API is served, for GitHub Enterprise Server.'),
  only: onlyShape,
}).describe('An Atom feed in a branch of the repository.')

/** A feed. */
export const feed = defineChannel<z.infer<typeof settings>>({
  name: 'feed',
  kind: announceFeed,
  blind: false,
  settings,
  announce(message, { branch, path, repository: other, token, api, only }, { tag, repository: remote }) {
    const repository = other ?? URL.parse(webAddressOf(remote) ?? '')?.pathname.slice(1) ?? ''
    const at: Access = { repository, api, token: { $secret: token } }
    const home = `https://github.com/${repository}/releases`
    return [{
      title: `Add an entry to the feed ${path}`,
      only,
      input: {
        ...at, branch, path, feed: { id: home, title: `Releases of ${message.name}` },
        entry: { id: `${home}/tag/${encodeURIComponent(tag)}`, title: message.title, html: htmlOf(message.body), ...(message.page === undefined ? {} : { link: message.page }), updated: message.date },
      },
      async ready(world) {
        const found = await github(world, at).read('GET /repos/{owner}/{repo}/branches/{branch}', { branch }, z.object({ name: z.string() }))
        if (found === undefined) throw new Refused({ code: 'request-refused', message: `${repository} has no branch ${branch} for the feed.`, hint: `Push one, for instance with \`git push origin HEAD:${branch}\`, or name another in \`announce.feed.branch\`.` })
        return met(`${repository} has the branch ${branch}`)
      },
    }]
  },
  secrets: ({ token }) => [{ name: token, for: 'GitHub: contents, read and write' }],
})
