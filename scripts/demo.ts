// The demo: the example project's 2.1.0 is planned, rehearsed as a whole release, rolled back, and found rolled back.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeExampleProject } from './example-project.ts'
import { NotProvided, provision } from './provision.ts'

const root = resolve(import.meta.dirname, '..')
const report = join(root, 'demo-report.html')

const python = await provision().catch((error: unknown) => {
  if (!(error instanceof NotProvided)) throw error
  console.error(error.message)
  process.exit(1)
})
const folder = mkdtempSync(join(tmpdir(), 'slipway-demo-'))
const project = join(folder, 'oneflow')
try {
  makeExampleProject(project)
  console.log(`\nThe example project, at 2.0.0 with changes waiting, is a git repository of its own now.\n\n$ slipway rehearse minor --report demo-report.html\n`)
  const { status } = spawnSync(process.execPath, [join(root, 'bin/slipway.js'), 'rehearse', 'minor', '--report', report], { cwd: project, stdio: 'inherit', env: { ...process.env, SLIPWAY_PYTHON: python } })
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
