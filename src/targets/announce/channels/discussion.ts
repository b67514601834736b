// A discussion on GitHub, found again by a marker that nobody sees.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { defineKind } from '../../../model/kind.ts'
import { met, unmet } from '../../../model/need.ts'
import type { Look } from '../../../model/world.ts'
import { isMarked, marker, withoutMarkers } from '../../github/marker.ts'
import { accessShape, apiShape, repositoryShape, type Access } from '../../github/shape.ts'
import { webAddressOf } from '../../../model/web-address.ts'
import { defineChannel } from '../channel.ts'
import { graphql } from '../github-graphql.ts'
import { onlyShape, secretName } from '../shapes.ts'
import { fitted, shortenedWords } from '../text/fit.ts'
import { unmentioning } from '../text/render.ts'

/** Characters that a body may have, with room for the marker. */
const LIMIT = 65_000
/** Characters of a title. */
const TITLE = 256
/** How far GitHub's clock may be behind ours when the newest discussions are looked through, in milliseconds. */
const SKEW = 24 * 60 * 60_000

const input = z.strictObject({ ...accessShape, category: z.string().min(1), title: z.string().min(1).max(TITLE), body: z.string().min(1), since: z.iso.datetime() })
const output = z.strictObject({ id: z.string(), url: z.string() })

type Input = z.infer<typeof input>

const discussionShape = z.object({ id: z.string(), url: z.string(), body: z.string(), createdAt: z.iso.datetime(), viewerDidAuthor: z.boolean() })
const pageShape = z.object({ repository: z.object({ discussions: z.object({ nodes: z.array(discussionShape), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) }) }) })
const placeShape = z.object({ repository: z.object({ id: z.string(), hasDiscussionsEnabled: z.boolean(), discussionCategories: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })) }) }) })

const LIST = `query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: 50, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { id url body createdAt viewerDidAuthor }
      pageInfo { hasNextPage endCursor }
    }
  }
}`
const PLACE = `query ($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id hasDiscussionsEnabled discussionCategories(first: 50) { nodes { id name slug } } }
}`
const CREATE = `mutation ($repository: ID!, $category: ID!, $title: String!, $body: String!) {
  createDiscussion(input: {repositoryId: $repository, categoryId: $category, title: $title, body: $body}) { discussion { id url } }
}`
const DELETE = `mutation ($id: ID!) { deleteDiscussion(input: {id: $id}) { discussion { id } } }`

const RIGHT = 'Discussions: write'

/** Ours, the newest first: what carries the marker and was written by whoever asks. */
async function find(look: Look, { since, ...at }: Input, key: string): Promise<z.infer<typeof discussionShape> | undefined> {
  const [owner = '', name = ''] = at.repository.split('/')
  for (let after: string | null = null; ;) {
    const { repository: { discussions: { nodes, pageInfo } } }: z.infer<typeof pageShape> = await graphql(look, at, { query: LIST, variables: { owner, name, after }, shape: pageShape, right: 'Discussions: read' })
    const ours = nodes.find(({ body, viewerDidAuthor }) => viewerDidAuthor && isMarked(body.replaceAll('\r\n', '\n'), key))
    if (ours !== undefined) return ours
    const last = nodes.at(-1)
    if (!pageInfo.hasNextPage || last === undefined || Date.parse(last.createdAt) < Date.parse(since) - SKEW) return undefined
    after = pageInfo.endCursor
  }
}

/** Where it is opened: the ids of repository and category. Throws Refused when there is no such place. */
async function placeOf(look: Look, access: Access, category: string): Promise<{ readonly repository: string; readonly category: string }> {
  const [owner = '', name = ''] = access.repository.split('/')
  const { repository } = await graphql(look, access, { query: PLACE, variables: { owner, name }, shape: placeShape, right: 'Discussions: read' })
  const { discussionCategories: { nodes } } = repository
  if (!repository.hasDiscussionsEnabled) throw new Refused({ code: 'request-refused', message: `${access.repository} has no discussions.`, hint: 'Switch them on in its settings (Features), or take `announce.discussion` out of slipway.yaml.' })
  const found = nodes.find(({ name: each, slug }) => [each.toLowerCase(), slug].includes(category.toLowerCase()))
  if (found === undefined) throw new Refused({ code: 'request-refused', message: `The discussions of ${access.repository} have no category "${category}".`, hint: `Set \`announce.discussion.category\` to one of: ${nodes.map((each) => each.name).join(', ')}.` })
  return { repository: repository.id, category: found.id }
}

/** One discussion. */
export const announceDiscussion = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.discussion',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'the mails that GitHub has sent about it stay',
    async undo(world, at, _, { key }) {
      const ours = await find(world, at, key)
      if (ours === undefined) return
      await graphql(world, at, { query: DELETE, variables: { id: ours.id }, shape: z.unknown(), right: RIGHT })
    },
  },
  examples: ({ repository: { owner, name }, version, release: { date } }) => [{
    repository: `${owner}/${name}`, api: 'https://api.github.com', token: { $secret: 'GITHUB_TOKEN' },
    category: 'Announcements', title: `oneflow-ai ${version} is out`, body: '- A feature, for <everybody>.', since: date,
  }],
  describe: ({ repository, category, title }) => ({
    apply: `Open a discussion in ${category} of ${repository}: ${title}`,
    undo: 'Delete the discussion.',
    byHand: [`gh api graphql -f query='mutation { createDiscussion(input: {repositoryId: "REPOSITORY", categoryId: "CATEGORY", title: "TITLE", body: "BODY"}) { discussion { url } } }'`],
  }),
  async probe(look, at, key) {
    const ours = await find(look, at, key)
    return ours === undefined ? { state: 'absent' } : { state: 'present', output: { id: ours.id, url: ours.url } }
  },
  async apply(world, at, { key }) {
    const place = await placeOf(world, at, at.category)
    const body = `${withoutMarkers(at.body).trimEnd()}\n\n${marker(key)}`
    const made = await graphql(world, at, {
      query: CREATE, variables: { ...place, title: at.title, body }, right: RIGHT,
      shape: z.object({ createDiscussion: z.object({ discussion: z.object({ id: z.string(), url: z.string() }) }) }),
    })
    return made.createDiscussion.discussion
  },
})

const settings = z.strictObject({
  category: z.string().min(1).default('Announcements').describe('The category, by its name or its slug.'),
  repository: repositoryShape.describe('The repository as owner/name; when left out, the one that the remote is.').optional(),
  token: secretName.default('GITHUB_TOKEN').describe('The name of the secret that opens GitHub.'),
  api: apiShape.default('https://api.github.com').describe('Where the REST API is served, for GitHub Enterprise Server.'),
  only: onlyShape,
}).describe('A discussion on GitHub.')

/** GitHub's discussions. */
export const discussion = defineChannel<z.infer<typeof settings>>({
  name: 'discussion',
  kind: announceDiscussion,
  blind: false,
  settings,
  announce(message, { category, repository: named, token, api, only }, { repository: remote }) {
    const repository = named ?? URL.parse(webAddressOf(remote) ?? '')?.pathname.slice(1) ?? ''
    const text = fitted(message, { limit: LIMIT, measure: (part) => part.length, render: unmentioning })
    const at: Access = { repository, api, token: { $secret: token } }
    return [{
      title: `Open a discussion in ${category}${shortenedWords(text, LIMIT)}`,
      only,
      input: { ...at, category, title: message.title.slice(0, TITLE), body: text.text === '' ? message.title : text.text, since: message.date },
      async ready(world) {
        if (!repositoryShape.safeParse(repository).success) return unmet({ code: 'config-invalid', message: 'Nothing tells in which repository the discussion is to be opened.', hint: 'Set `announce.discussion.repository` in slipway.yaml.' })
        await placeOf(world, at, category)
        return met(`${repository} has the category`)
      },
    }]
  },
  secrets: ({ token }) => [{ name: token, for: 'GitHub: discussions, read and write' }],
})
