// Bundles the command line and the library into dist/, or the folder named, and checks that the result starts.
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { bundle } from './bundle.ts'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(root, 'dist'))
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }

await rm(dist, { recursive: true, force: true })
const { outputs } = await bundle(dist, { main: 'src/cli/main.ts', index: 'src/index.ts' })

const start = `import { main } from ${JSON.stringify(pathToFileURL(join(dist, 'main.js')).href)}; await main(['--version'])`
const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', start])
if (stdout.trim() !== version) throw new Error(`dist/main.js --version printed ${JSON.stringify(stdout)}, not ${version}`)
const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0)
console.log(`${dist}: ${Object.keys(outputs).length} files, ${Math.round(bytes / 1024)} KB, slipway ${version}`)
