// Discussions over GraphQL, asked by Octokit's own GraphQL client.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'

const LIST = `query list($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { title mine: viewerDidAuthor category { name } } pageInfo { hasNextPage endCursor } }
  }
}`
const CREATE = 'mutation ($input: CreateDiscussionInput!) { createDiscussion(input: $input) { discussion { id url } } }'
const of = { owner: 'acme', name: 'oneflow' }

test('discussions are opened, listed page by page and deleted', async () => {
  await using rig = await createRig()
  const { graphql } = rig.octokit(TOKENS.maker)
  const { repository } = await graphql<{ repository: { id: string; discussionCategories: { nodes: { id: string; slug: string }[] } } }>('{ repository(owner: "acme", name: "oneflow") { id discussionCategories(first: 10) { nodes { id slug } } } }')
  const category = repository.discussionCategories.nodes.find(({ slug }) => slug === 'announcements')
  for (const title of ['one', 'two', 'three']) {
    const { createDiscussion } = await graphql<{ createDiscussion: { discussion: { url: string } } }>(CREATE, { input: { repositoryId: repository.id, categoryId: category?.id, title, body: 'Words.' } })
    assert.match(createDiscussion.discussion.url, /^https:\/\/github\.com\/acme\/oneflow\/discussions\/\d+$/)
    rig.later(1)
  }
  const titles: string[] = []
  for (let after: string | null = null; ;) {
    const answer: { repository: { discussions: { nodes: { title: string; mine: boolean; category: { name: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } } = await graphql(LIST, { ...of, first: 2, after })
    const { nodes, pageInfo } = answer.repository.discussions
    titles.push(...nodes.map(({ title, mine, category: { name } }) => `${title} ${mine} ${name}`))
    if (!pageInfo.hasNextPage) break
    after = pageInfo.endCursor
  }
  assert.deepEqual(titles, ['three true Announcements', 'two true Announcements', 'one true Announcements'])
  await graphql('mutation ($id: ID!) { deleteDiscussion(input: {id: $id}) { discussion { id } } }', { id: rig.state.discussions[1]?.id })
  assert.deepEqual(rig.state.discussions.map(({ title }) => title), ['one', 'three'])
})

test('what GitHub refuses, it refuses in an answer of status 200, with a type', async () => {
  await using rig = await createRig()
  const wanted = { input: { repositoryId: 'R_1', categoryId: 'DIC_1', title: 'no', body: 'no' } }
  const refused = (type: string | undefined, message: RegExp) => (error: unknown) => {
    const [first] = (error as { errors?: { type?: string; message: string }[] }).errors ?? []
    assert.equal(first?.type, type)
    assert.match(first?.message ?? '', message)
    return true
  }
  await assert.rejects(rig.octokit(TOKENS.reader).graphql(CREATE, wanted), refused('FORBIDDEN', /not accessible/))
  await assert.rejects(rig.octokit(TOKENS.maker).graphql(LIST, { ...of, name: 'other', first: 1 }), refused('NOT_FOUND', /Could not resolve to a Repository/))
  await assert.rejects(rig.octokit(TOKENS.maker).graphql('{ repository(owner: "acme", name: "oneflow") { stars } }'), refused(undefined, /Field 'stars' doesn't exist/))
  await assert.rejects(rig.octokit(TOKENS.maker).graphql('{ repository('), refused(undefined, /Parse error/))
  await assert.rejects(rig.octokit('wrong').graphql(LIST, { ...of, first: 1 }), { status: 401 })
  await assert.rejects(rig.octokit().graphql(LIST, { ...of, first: 1 }), { status: 401 })
  assert.deepEqual(rig.state.discussions, [])
})
