// The example project, cut down so that a whole release of it takes seconds.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeExampleProject } from '../../scripts/example-project.ts'

/** What a project publishes beside its packages. */
export interface Cargo {
  readonly image: boolean
  /** What is told of packages and image: what is in them, or where they come from. */
  readonly papers: 'sbom' | 'provenance'
  /** Who publishes the package: whoever has the index's token, which is meant when left out, the job as a trusted publisher, or a workflow that Slipway starts. */
  readonly by?: 'token' | 'identity' | 'workflow'
}

const IMAGE = `image:
  repository: ghcr.io/oneflow-ai/oneflow-ai
  platforms: [linux/amd64]
  floating: [latest]
  smoke: false
  builder: buildah
`

/** Built in a second, upon nothing and without running anything. */
const DOCKERFILE = `FROM scratch
LABEL org.opencontainers.image.version="2.0.0"
COPY src/ /srv/
`

const WORKFLOW = 'name: Publish\non: workflow_dispatch\njobs: {}\n'

const BY = {
  token: '',
  identity: '  auth: trusted\n',
  workflow: '  via: {repository: oneflow-ai/oneflow, workflow: pypi-publish.yml, on: dispatch}\n',
}

/** Makes the project in an empty folder, with one check, installed on the one Python that is given. */
export function makeCrashProject(folder: string, { python, image, papers, by = 'token' }: Cargo & { readonly python: string }): void {
  makeExampleProject(folder)
  const minor = execFileSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' }).trim()
  const file = join(folder, 'slipway.yaml')
  let text = readFileSync(file, 'utf8')
  text = replaced(text, / {2}- name: tests\n.*\n/, '')
  text = replaced(text, /pythons: \[.*\]/, `pythons: ["${minor}"]`)
  text = replaced(text, /^pypi:\n/m, `pypi:\n${BY[by]}`)
  writeFileSync(file, `${text}${image ? IMAGE : ''}${papers}: {}\n`)
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE)
  if (by === 'workflow') {
    mkdirSync(join(folder, '.github/workflows'), { recursive: true })
    writeFileSync(join(folder, '.github/workflows/pypi-publish.yml'), WORKFLOW)
  }
  const git = (...args: readonly string[]): void => {
    const date = '2026-10-01T09:00:00Z'
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } })
  }
  git('add', '--all')
  git('commit', '--quiet', '--message', 'chore: check and install less')
}

function replaced(text: string, pattern: RegExp, by: string): string {
  const result = text.replace(pattern, by)
  if (!pattern.test(text)) throw new Error(`the example's slipway.yaml has no ${String(pattern)}`)
  return result
}
