// Pure: the workflows of GitHub Actions that make a project's releases, as text.
import { createHash } from 'node:crypto'
import type { SecretNeed } from '../model/target.ts'
import { settingsOf, type Project } from './project.ts'

/** What the workflows are made for, beside the project. */
export interface WorkflowOptions {
  /** The action that runs Slipway: `OWNER/REPOSITORY@COMMIT`. */
  readonly uses: string
  /** A cron line for releases that are prepared by themselves. */
  readonly schedule?: string
  /** A cron line for the verification of the newest release, or `none` for no such workflow; weekly when it is left out. */
  readonly verifySchedule?: string
  /** The name of the environment that is the gate before publishing. */
  readonly environment: string
}

/** One file: its path in the repository and its whole text. */
export interface WorkflowFile {
  readonly path: string
  readonly text: string
}

// Each is the commit that its version's tag names.
const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0'
const SETUP_PYTHON = 'actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0'
const SETUP_QEMU = 'docker/setup-qemu-action@29109295f81e9208d7d86ff1c6c12d2833863392 # v3.6.0'

const [PREPARE, PUBLISH, VERIFY] = ['.github/workflows/slipway-prepare.yml', '.github/workflows/slipway-publish.yml', '.github/workflows/slipway-verify.yml']

/** Mondays, at a minute that not everybody has. */
const WEEKLY = '23 5 * * 1'

/** The paths of the files, in the order of `workflowsFor`. */
export const WORKFLOW_PATHS: readonly [string, string, string] = [PREPARE, PUBLISH, VERIFY]

/** Settings of a target that a workflow of the project may publish. */
interface Delegable {
  readonly via?: { readonly on: string }
}

/** What a job needs of the rights of its token. */
type Rights = Readonly<Record<string, 'read' | 'write'>>

/** The files for a project's targets; the last only where something can be verified, and is asked to be. */
export function workflowsFor(project: Project, options: WorkflowOptions): readonly WorkflowFile[] {
  return [
    { path: PREPARE, text: signed(prepareWorkflow(project, options), options) },
    { path: PUBLISH, text: signed(publishWorkflow(project, options), options) },
    ...(verifies(project) && options.verifySchedule !== 'none' ? [{ path: VERIFY, text: signed(verifyWorkflow(project, options), options) }] : []),
  ]
}

/** What the head of a file says: the action that it uses, the digest of what was written, and whether a person has changed it since. */
export interface Signed {
  readonly uses: string
  readonly digest: string
  readonly changed: boolean
}

const HEAD = /^# Written by `slipway ci github`\.[^\n]*\n# slipway-ci: uses (\S+) environment (\S+)( verify none)? digest (sha256:[0-9a-f]{64})\n/

/** Reads the head of a file; undefined for one that Slipway did not write. */
export function readSigned(text: string): (Signed & { readonly environment: string; readonly unverified: boolean }) | undefined {
  const [head = '', uses, environment, unverified, digest] = HEAD.exec(text) ?? []
  if (uses === undefined || environment === undefined || digest === undefined) return undefined
  return { uses, environment, unverified: unverified !== undefined, digest, changed: digestOf(text.slice(head.length)) !== digest }
}

function signed(body: string, { uses, environment, verifySchedule }: WorkflowOptions): string {
  return `# Written by \`slipway ci github\`. Run it again after slipway.yaml has changed; it never overwrites what you change here.\n# slipway-ci: uses ${uses} environment ${environment}${verifySchedule === 'none' ? ' verify none' : ''} digest ${digestOf(body)}\n${body}`
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function prepareWorkflow(project: Project, options: WorkflowOptions): string {
  return `name: Prepare a release
on:
  workflow_dispatch:
    inputs:
      bump:
        description: Which version comes next
        type: choice
        options: [auto, patch, minor, major]
        default: auto
${options.schedule === undefined ? '' : `  schedule:\n    - cron: ${quoted(options.schedule)}\n`}${common('slipway-release')}
jobs:
  prepare:
    runs-on: ubuntu-latest
    timeout-minutes: 180
${rights({ contents: 'write', 'pull-requests': 'write' })}    steps:
${setUp(project)}${runSlipway(project, options, { name: 'Open the pull request of the release', version: "${{ inputs.bump || 'auto' }}", args: ['--yes', '--prepare'], succeedOn: '0 3 4', secrets: 'forge' })}`
}

function publishWorkflow(project: Project, options: WorkflowOptions): string {
  const branch = project.git.branch
  const prefix = project.git.releaseBranch.replace(/\{.*$/s, '')
  return `name: Publish a release
on:
  workflow_dispatch:
  pull_request:
    types: [closed]
    branches: [${quoted(branch)}]
${common('slipway-release')}
jobs:
  publish:
    # A pull request of a fork is none of ours, whatever its branch is called.
    if: >-
      github.event_name == 'workflow_dispatch' ||
      (github.event.pull_request.merged && startsWith(github.event.pull_request.head.ref, ${quoted(prefix)}) &&
      github.event.pull_request.head.repo.full_name == github.repository)
    runs-on: ubuntu-latest
    timeout-minutes: 180
    # The gate: whom this environment asks must approve before the job begins.
    environment: ${options.environment}
${rights(publishRights(project))}    steps:
${setUp(project)}${runSlipway(project, options, { name: 'Publish what was merged', version: '', args: ['--yes', '--publish'], succeedOn: '0', secrets: 'all' })}${verifies(project) ? runSlipway(project, options, { name: 'Verify what users fetch', command: 'verify', version: '${{ steps.slipway.outputs.version }}', args: [], succeedOn: '0', secrets: 'all' }) : ''}`
}

function verifyWorkflow(project: Project, options: WorkflowOptions): string {
  return `name: Verify a release
on:
  workflow_dispatch:
    inputs:
      version:
        description: Which version; empty for the newest that was shipped
        default: ''
  schedule:
    - cron: ${quoted(options.verifySchedule ?? WEEKLY)}
${common('slipway-verify')}
jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 180
${rights(verifyRights(project))}    steps:
${setUp(project)}${runSlipway(project, options, { name: 'Verify what users fetch', command: 'verify', version: '${{ inputs.version }}', args: [], succeedOn: '0', secrets: 'forge' })}`
}

/** What the publish job may write, this one may read, and nothing else. */
function verifyRights(project: Project): Rights {
  return Object.fromEntries(Object.keys(publishRights(project)).filter((name) => ['contents', 'packages', 'attestations'].includes(name)).map((name) => [name, 'read' as const]))
}

/** No right but those that a job asks for, and never two runs of a group at once; one that runs is not cut off. */
function common(group: string): string {
  return `permissions: {}
concurrency:
  group: ${group}
  cancel-in-progress: false`
}

function publishRights(project: Project): Rights {
  const image: Delegable & { readonly repository?: string; readonly floating?: readonly string[] } | undefined = settingsOf(project, 'image')
  const github: { readonly attestations?: boolean } | undefined = settingsOf(project, 'github')
  const scan: { readonly sarif?: boolean } | undefined = settingsOf(project, 'scan')
  const pypi: Delegable & { readonly auth?: string } | undefined = settingsOf(project, 'pypi')
  const announce: { readonly discussion?: object } | undefined = settingsOf(project, 'announce')
  const signs = settingsOf(project, 'provenance') !== undefined
  const starts = [pypi?.via, image?.via].flatMap((via) => via === undefined ? [] : [via.on])
  return {
    contents: 'write',
    'pull-requests': 'write',
    ...(starts.length === 0 ? {} : { actions: starts.includes('dispatch') ? 'write' as const : 'read' as const }),
    // Of an image that a workflow publishes only the moving tags are moved from here.
    ...(image?.repository?.startsWith('ghcr.io/') === true ? { packages: image.via === undefined || image.floating?.length !== 0 ? 'write' as const : 'read' as const } : {}),
    ...(signs || pypi?.auth === 'trusted' ? { 'id-token': 'write' as const } : {}),
    ...(signs && github?.attestations === true ? { attestations: 'write' as const } : {}),
    ...(scan?.sarif === true && github !== undefined ? { 'security-events': 'write' as const } : {}),
    ...(announce?.discussion === undefined ? {} : { discussions: 'write' as const }),
  }
}

function rights(of: Rights): string {
  return `    permissions:\n${Object.entries(of).map(([name, right]) => `      ${name}: ${right}\n`).join('')}`
}

function verifies({ active }: Project): boolean {
  return active.some(({ target }) => target.kinds.some(({ kind }) => kind.endsWith('.verify')))
}

function setUp(project: Project): string {
  const pypi: { readonly pythons?: readonly string[] } | undefined = settingsOf(project, 'pypi')
  const image: Delegable & { readonly platforms?: readonly string[] } | undefined = settingsOf(project, 'image')
  return `      - name: Check out the branch with its whole history
        uses: ${CHECKOUT}
        with:
          ref: ${quoted(project.git.branch)}
          fetch-depth: 0
          persist-credentials: false
${pypi === undefined ? '' : `      - name: Set up the Pythons
        uses: ${SETUP_PYTHON}
        with:
          python-version: |
${(pypi.pythons ?? ['3.12']).map((each) => `            ${each}\n`).join('')}      - name: Install what builds packages
        run: python -m pip install --disable-pip-version-check build twine
`}${image?.via === undefined && (image?.platforms ?? []).some((each) => each !== 'linux/amd64') ? `      - name: Set up other platforms
        uses: ${SETUP_QEMU}
` : ''}`
}

interface SlipwayStep {
  readonly name: string
  readonly command?: string
  readonly version: string
  readonly args: readonly string[]
  readonly succeedOn: string
  readonly secrets: 'forge' | 'all'
}

function runSlipway(project: Project, { uses }: WorkflowOptions, { name, command = 'release', version, args, succeedOn, secrets }: SlipwayStep): string {
  return `      - name: ${name}
${command === 'release' ? '        id: slipway\n' : ''}        uses: ${uses}
        env:
          # Who commits the release.
          GIT_AUTHOR_NAME: github-actions[bot]
          GIT_AUTHOR_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com
          GIT_COMMITTER_NAME: github-actions[bot]
          GIT_COMMITTER_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com
${secretNames(project, secrets).map((each) => `          ${each}: ${each === 'GITHUB_TOKEN' ? '${{ github.token }}' : `\${{ secrets.${each} }}`}\n`).join('')}        with:
          command: ${command}
          version: ${version === '' ? "''" : version}
${args.length === 0 ? '' : `          args: |\n${args.map((each) => `            ${each}\n`).join('')}`}          succeed-on: ${quoted(succeedOn)}
`
}

/** The secrets of the targets that reach the forge, or of all of them. A login of a container tool is no secret of a job, and what the runner gives it must not be written over. */
function secretNames({ active, git }: Project, which: SlipwayStep['secrets']): readonly string[] {
  const needs = active.filter(({ target }) => which === 'all' || target.name === 'git' || target.name === 'github').flatMap(({ target, settings }): readonly SecretNeed[] => target.secrets(settings))
  return [...new Set([git.token, ...needs.map(({ name }) => name)])].filter((name) => /^(?!ACTIONS_)[A-Za-z_]\w*$/.test(name))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
