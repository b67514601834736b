// The demo: the example project's 2.1.0 is planned, rehearsed as a whole release, image included, announced, rolled back, and found rolled back.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeBaseImage } from './base-image.ts'
import { makeExampleProject, type ExampleBase } from './example-project.ts'
import { NotProvided, provideImageTools, provision } from './provision.ts'

const root = resolve(import.meta.dirname, '..')
const report = join(root, 'demo-report.html')

const python = await provision().catch((error: unknown) => {
  if (!(error instanceof NotProvided)) throw error
  console.error(error.message)
  process.exit(1)
})
const { base, words } = await imageBase()
const folder = mkdtempSync(join(tmpdir(), 'slipway-demo-'))
const project = join(folder, 'oneflow')
try {
  makeExampleProject(project, { announces: true, ...(base === undefined ? {} : { base }) })
  console.log(`\nThe example project, at 2.0.0 with changes waiting, is a git repository of its own now.\n${words}\n\n$ slipway rehearse minor --report demo-report.html\n`)
  const { status } = spawnSync(process.execPath, [join(root, 'bin/slipway.js'), 'rehearse', 'minor', '--report', report], { cwd: project, stdio: 'inherit', env: { ...process.env, SLIPWAY_PYTHON: python } })
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What the example's image is built upon, and a sentence that says so; undefined where no image can be built. */
async function imageBase(): Promise<{ readonly base?: ExampleBase; readonly words: string }> {
  const { builder } = await provideImageTools()
  if (builder === undefined) return { words: 'No image builder (docker buildx, podman or buildah) is here, so its container image is left out of this release.' }
  if (await reachesRegistry()) return { base: 'registry', words: `Its container image is built with ${builder} upon python:3.12-slim.` }
  const local = await makeBaseImage()
  if (local === undefined) return { words: `No registry answers for a base image and none can be made here, so its container image is left out of this release.` }
  return { base: local, words: `No registry answers for a base image: its container image is built with ${local.builder} upon ${local.name}, a stand-in that was made here and can do no more than unpack a wheel.` }
}

async function reachesRegistry(): Promise<boolean> {
  return fetch('https://registry-1.docker.io/v2/', { signal: AbortSignal.timeout(4_000) }).then((answer) => answer.status === 401 || answer.ok, () => false)
}
