// The action and the generated workflows, run step by step against the rehearsal forge: each job on a machine of its own.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { serveProject } from '../../src/app/serve-project.ts'
import { jobLog } from '../support/actions-log.ts'
import { readAction, readWorkflow, runAction, runJob } from '../support/actions-runner.ts'
import { makeCrashProject } from '../support/crash-project.ts'
import { pythonWith } from '../support/python.ts'

const root = resolve(import.meta.dirname, '../..')
const action = readAction(readFileSync(join(root, 'action.yml'), 'utf8'))
const USES = `example/slipway@${'0123456789'.repeat(4)}`
const TOKEN = 'actions-test-token-0123456789'

const folder = mkdtempSync(join(tmpdir(), 'slipway-actions-'))
after(() => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) })
const python = pythonWith(['build', 'twine', 'pip'])
const env = {
  PATH: [dirname(process.execPath), dirname(python), '/usr/bin', '/bin'].join(delimiter), HOME: join(folder, 'home'), TMPDIR: folder,
  SLIPWAY_PYTHON: python, PYENV_ROOT: join(folder, 'home'), UV_PYTHON_INSTALL_DIR: join(folder, 'home'),
  GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GITHUB_REPOSITORY: 'oneflow-ai/oneflow', GITHUB_RUN_ID: '1', GITHUB_JOB: 'job',
}
const where = { actionPath: root, workspace: folder, env }

test('no shell line of the action holds an expression, and every other action is pinned', () => {
  for (const { run, uses } of action.runs.steps) {
    assert.ok(!(run ?? '').includes('${{'), run)
    if (uses !== undefined) assert.match(uses, /@[0-9a-f]{40}$/)
  }
})

test('inputs that try to be shell, options or another command do nothing of it', async () => {
  const mark = join(folder, 'mark')
  for (const inputs of [{ command: `check; touch ${mark}` }, { command: '--version' }, { version: `$(touch ${mark})` }, { version: '--yes' }, { 'succeed-on': '0 1 *' }]) {
    const end = await runAction(action, inputs, where)
    assert.equal(end.code, 2, JSON.stringify(inputs))
    assert.match(end.log, /the input [a-z-]+ is not what it must be/)
  }
  const end = await runAction(action, { command: 'check', args: `--folder\n$(touch ${mark})\n\n\`touch ${mark}\``, folder: `; touch ${mark}` }, where)
  assert.equal(end.code, 2)
  assert.throws(() => readFileSync(mark))
})

test('a workflow that a person has changed is shown and left, until it is overwritten on purpose', () => {
  const project = join(folder, 'edited')
  makeCrashProject(project, { python, image: false, papers: 'sbom' })
  const cli = (...args: string[]): { code: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/slipway.js'), 'ci', 'github', ...args, '--folder', project], { encoding: 'utf8', env })
    return { code: status, text: stdout + stderr }
  }
  const publish = join(project, '.github/workflows/slipway-publish.yml')
  assert.match(cli().text, /--uses OWNER\/slipway@COMMIT/)
  assert.equal(cli('--uses', 'example/slipway@v1').code, 2, 'a tag can be moved')
  assert.equal(cli('--uses', USES, '--schedule', '0 6 * * 1').code, 0)
  const written = readFileSync(publish, 'utf8')
  assert.equal(cli().code, 0, 'the action and the schedule are known from the files')
  assert.match(readFileSync(join(project, '.github/workflows/slipway-prepare.yml'), 'utf8'), /cron: '0 6 \* \* 1'/)
  writeFileSync(publish, written.replace('ubuntu-latest', 'my-runner'))
  assert.equal(cli('--check').code, 0, 'the change is a person\'s, and slipway.yaml has not moved on')
  const config = join(project, 'slipway.yaml')
  writeFileSync(config, `${readFileSync(config, 'utf8')}provenance: {}\n`)
  assert.equal(cli('--check').code, 1)
  const refused = cli()
  assert.equal(refused.code, 2)
  assert.match(refused.text, /-\s+runs-on: my-runner/)
  assert.match(readFileSync(publish, 'utf8'), /my-runner/)
  assert.equal(cli('--force').code, 0)
  assert.match(readFileSync(publish, 'utf8'), /id-token: write/)
  assert.equal(cli('--check').code, 0)
})

test('the workflow that verifies is removed when nobody wants it, but not one that a person has changed', () => {
  const project = join(folder, 'unwanted')
  makeCrashProject(project, { python, image: false, papers: 'sbom' })
  const cli = (...args: string[]): { code: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/slipway.js'), 'ci', 'github', ...args, '--folder', project], { encoding: 'utf8', env })
    return { code: status, text: stdout + stderr }
  }
  const verify = join(project, '.github/workflows/slipway-verify.yml')
  const wrong = cli('--uses', USES, '--verify-schedule', 'never')
  assert.equal(wrong.code, 2)
  assert.match(wrong.text, /five parts, e\.g\. "0 6 \* \* 1", or none for no such workflow/)
  assert.match(cli('--help').text, /--verify-schedule <cron\|none>/)
  assert.equal(cli('--uses', USES).code, 0)
  const written = readFileSync(verify, 'utf8')
  assert.match(cli('--check', '--verify-schedule', 'none').text, /slipway-verify\.yml: nobody wants it any more/)
  assert.equal(readFileSync(verify, 'utf8'), written, 'to check changes nothing')
  const removed = cli('--verify-schedule', 'none')
  assert.deepEqual([removed.code, existsSync(verify)], [0, false], removed.text)
  assert.match(removed.text, /Removed \.github\/workflows\/slipway-verify\.yml/)
  assert.deepEqual([cli().code, cli('--check').code, existsSync(verify)], [0, 0, false], 'the choice is kept')
  for (const [text, exit, words] of [['name: mine\n', 0, /in place/], [`${written}# mine\n`, 2, /Left \S+slipway-verify\.yml as it is: nobody wants it any more, but somebody has changed it/]] as const) {
    writeFileSync(verify, text)
    const left = cli()
    assert.equal(left.code, exit, left.text)
    assert.match(left.text, words)
    assert.equal(readFileSync(verify, 'utf8'), text)
  }
  assert.deepEqual([cli('--force').code, existsSync(verify)], [0, false])
})

test('the generated workflows prepare and publish a release, each job on a fresh clone', async () => {
  const project = join(folder, 'project')
  makeCrashProject(project, { python, image: false, papers: 'sbom' })
  const git = (at: string, ...args: string[]): string => execFileSync('git', args, { cwd: at, encoding: 'utf8', env: { ...env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' } }).trim()
  const cli = (...args: string[]): string => execFileSync(process.execPath, [join(root, 'bin/slipway.js'), ...args, '--folder', project], { encoding: 'utf8', env: { ...env, GITHUB_TOKEN: '' } })
  cli('ci', 'github', '--uses', USES)
  assert.match(cli('ci', 'github', '--check'), /are what slipway\.yaml asks for/)
  git(project, 'add', '.')
  git(project, 'commit', '--quiet', '--message', 'ci: let the workflows release')
  const { world, gitRoutes } = await serveProject({ project, folder: join(folder, 'world'), token: TOKEN })
  await using _ = world
  const worldFile = join(folder, 'world.json')
  writeFileSync(worldFile, JSON.stringify({ routes: world.served.routes, gitRoutes, trustedRoot: world.trustedRoot }))

  let jobs = 0
  const job = async (name: 'prepare' | 'publish' | 'verify', inputs: Record<string, string>) => {
    const workspace = join(folder, `job-${(jobs += 1)}`)
    git(folder, 'clone', '--quiet', world.bare, workspace)
    git(workspace, 'remote', 'set-url', 'origin', git(project, 'remote', 'get-url', 'origin'))
    const { jobs: all } = readWorkflow(readFileSync(join(workspace, `.github/workflows/slipway-${name}.yml`), 'utf8'))
    const of = all[name]
    assert.ok(of !== undefined)
    return runJob(of, { uses: USES, action, actionPath: root, workspace, env: { ...env, SLIPWAY_WORLD: worldFile }, contexts: { 'github.token': TOKEN, 'secrets.PYPI_TOKEN': TOKEN, 'secrets.TESTPYPI_TOKEN': TOKEN, ...inputs } })
  }
  const [early] = await job('publish', {})
  assert.equal(early?.outputs['outcome'], 'nothing', 'nothing is begun by publishing')
  const [prepared] = await job('prepare', { 'inputs.bump': 'minor' })
  assert.equal(prepared?.code, 0, prepared?.log)
  assert.deepEqual([prepared?.outputs['outcome'], prepared?.outputs['version']], ['waiting', '2.1.0'], prepared?.log)
  assert.equal(git(world.bare, 'tag', '--list', 'v2.1.0'), '', 'nothing is published yet')
  const [published, verified] = await job('publish', {})
  assert.equal(published?.code, 0, published?.log)
  assert.deepEqual([published?.outputs['outcome'], published?.outputs['version'], published?.outputs['exit-code']], ['done', '2.1.0', '0'])
  assert.equal(git(world.bare, 'tag', '--list', 'v2.1.0'), 'v2.1.0')
  assert.equal(verified?.code, 0, verified?.log)
  assert.match(published?.summary ?? '', /sha256:[0-9a-f]{64}/)
  const [nothing] = await job('verify', { 'inputs.version': '9.9.9' })
  assert.equal(nothing?.code, 5)
  assert.match(nothing?.log ?? '', /Neither the journal here nor the one at origin knows a published release of 9\.9\.9/)
  const releasing = world.served.calls.length
  const [scheduled] = await job('verify', { 'inputs.version': '' })
  assert.equal(scheduled?.code, 0, scheduled?.log)
  assert.match(scheduled?.log ?? '', /What users fetch of 2\.1\.0 is what was built\./)
  assert.deepEqual(world.served.calls.slice(releasing).filter(({ method, url }) => !['GET', 'HEAD'].includes(method) && !url.includes('git-upload-pack')).map(({ method, url }) => `${method} ${url}`), [], 'it only reads')
  const store = (type: string, text: string): string => execFileSync('git', ['hash-object', '-w', '-t', type, '--stdin'], { cwd: world.bare, encoding: 'utf8', input: text, env }).trim()
  const journal = git(world.bare, 'cat-file', 'blob', 'refs/slipway/journal:journal.jsonl')
  const rewritten = store('blob', `${journal.replace(/("run":"2\.1\.0\/publish\/[^"]+","plan":"sha256:)[0-9a-f]{64}/g, `$1${'0'.repeat(64)}`)}\n`)
  const honest = git(world.bare, 'rev-parse', 'refs/slipway/journal')
  const tree = execFileSync('git', ['mktree'], { cwd: world.bare, encoding: 'utf8', input: `100644 blob ${rewritten}\tjournal.jsonl\n`, env }).trim()
  git(world.bare, 'update-ref', 'refs/slipway/journal', git(world.bare, 'commit-tree', tree, '-m', 'rewritten'))
  const [other] = await job('verify', { 'inputs.version': '' })
  assert.equal(other?.code, 5, other?.log)
  assert.match(other?.log ?? '', /is not what was shipped: its plan has another digest/)
  git(world.bare, 'update-ref', 'refs/slipway/journal', honest)
  const file = [...world.pypi.projects.values()].flatMap(({ releases }) => [...releases.values()]).find(({ version }) => version === '2.1.0')?.files[0]
  assert.ok(file !== undefined)
  Object.assign(file, { bytes: new TextEncoder().encode('something else') })
  const [forged] = await job('verify', { 'inputs.version': '' })
  assert.equal(forged?.code, 1, forged?.log)
  assert.match(forged?.log ?? '', /^::error /m)
  assert.match(forged?.summary ?? '', /❌/)
  for (const { log, summary } of [prepared, published, verified, scheduled].filter((end) => end !== undefined)) {
    assert.ok(!log.includes(TOKEN) && !summary.includes(TOKEN))
    assert.deepEqual(jobLog(log).commands.filter(({ name }) => !['group', 'endgroup', 'notice'].includes(name)), [])
  }
})
