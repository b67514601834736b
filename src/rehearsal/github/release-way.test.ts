// A whole release over sockets: real git and Octokit against one repository.
import { Octokit } from '@octokit/core'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runGit } from '../git/process.ts'
import { gitService } from '../git/service.ts'
import { serve } from '../serve.ts'
import { gitPasswords } from './access.ts'
import { downloadPages } from './downloads.ts'
import { createRig, TOKENS } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }

test('a release goes from a pushed branch to a file that everybody can download, and its tag is fixed', async () => {
  await using rig = await createRig({ requiredApprovals: 1 })
  rig.state.autoReview = true
  rig.state.setImmutable(true)
  const git = gitService({ host: 'github.com', root: rig.root, tokens: gitPasswords(rig.state), pages: downloadPages(rig.state) })
  await using served = await serve({ services: [rig.service, git] })
  const octokit = new Octokit({ auth: TOKENS.maker, baseUrl: served.address('https://api.github.com').replace(/\/$/, '') })

  const clone = join(rig.root, 'clone')
  const run = async (...args: readonly string[]) => {
    const who = { GIT_AUTHOR_NAME: 'Mona', GIT_AUTHOR_EMAIL: 'mona@example.org', GIT_COMMITTER_NAME: 'Mona', GIT_COMMITTER_EMAIL: 'mona@example.org' }
    const answer = await runGit(['-C', clone, ...args], { env: who })
    if (answer.code !== 0) throw new Error(answer.stderr)
    return answer.stdout.toString().trim()
  }
  const remote = served.address('https://github.com/acme/oneflow.git').replace('http://', `http://x-access-token:${TOKENS.maker}@`)
  assert.equal((await runGit(['clone', '--quiet', remote, clone])).code, 0)
  await run('switch', '--quiet', '-c', 'release/v2.1.0')
  await writeFile(join(clone, 'VERSION'), '2.1.0\n')
  await run('commit', '--quiet', '-a', '-m', 'chore: bump version to 2.1.0')
  await run('push', '--quiet', 'origin', 'HEAD')
  const head = await run('rev-parse', 'HEAD')

  const pull = (await octokit.request('POST /repos/{owner}/{repo}/pulls', { ...at, title: 'Release 2.1.0', head: 'release/v2.1.0', base: 'main', body: 'Notes' })).data
  assert.equal(pull.head.sha, head)
  const named = { ...at, pull_number: pull.number }
  await octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', { ...named, reviewers: ['rita'] })
  const merged = (await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', { ...named, merge_method: 'squash', sha: head })).data.sha
  await run('fetch', '--quiet', 'origin', 'main')
  assert.equal(await run('rev-parse', 'FETCH_HEAD'), merged)
  assert.equal(await run('rev-parse', 'FETCH_HEAD^{tree}'), await run('rev-parse', 'HEAD^{tree}'))

  await run('tag', '-a', 'v2.1.0', '-m', 'Release 2.1.0', merged)
  await run('push', '--quiet', 'origin', 'v2.1.0')
  const release = (await octokit.request('POST /repos/{owner}/{repo}/releases', { ...at, tag_name: 'v2.1.0', body: 'Notes', draft: true })).data
  const wheel = Buffer.from('the bytes of a wheel')
  const url = release.upload_url.replace('{?name,label}', '?name=oneflow_ai-2.1.0-py3-none-any.whl')
  await octokit.request({ method: 'POST', url, data: wheel, headers: { 'content-type': 'application/octet-stream' } })
  await octokit.request('PATCH /repos/{owner}/{repo}/releases/{release_id}', { ...at, release_id: release.id, draft: false, make_latest: 'true' })

  const latest = (await octokit.request('GET /repos/{owner}/{repo}/releases/latest', at)).data
  assert.deepEqual([latest.tag_name, latest.immutable], ['v2.1.0', true])
  const file = await fetch(latest.assets[0]!.browser_download_url)
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), wheel)
  await assert.rejects(run('push', '--quiet', 'origin', ':v2.1.0'), /GH013[\s\S]*Cannot delete this tag/)
})
