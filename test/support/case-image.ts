// The project of the cases about images: the example with nothing to release but its tag and an image of one file upon nothing, which every builder makes at once.
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceIn, withoutPackage, type Rig } from './rig.ts'

/** The image that these cases publish: its registry's host and its name there. */
export const CASE_IMAGE = { host: 'ghcr.io', name: 'oneflow-ai/oneflow-ai' }

const CONFIG = `image:
  repository: ${CASE_IMAGE.host}/${CASE_IMAGE.name}
  platforms: [linux/amd64]
  floating: [latest]
  smoke: false
`

const DOCKERFILE = `FROM scratch
LABEL org.opencontainers.image.version="2.0.0"
COPY LICENSE /
`

/** Puts an image in the place of the example's package and of GitHub: its steps come one after another, so that what is printed has one order. */
export function withImage(project: string, git: Rig['git']): void {
  withoutPackage(project, git)
  const config = join(project, 'slipway.yaml')
  replaceIn(config, /^github:\n(?: .*\n)+/m, '')
  replaceIn(config, 'git:\n', 'git:\n  merge: push\n')
  appendFileSync(config, CONFIG)
  writeFileSync(join(project, 'Dockerfile'), DOCKERFILE)
  git(['commit', '--quiet', '--all', '--message', 'chore: release a small image'], project)
}
