// Bundles the command line and the library into dist/, or the folder named, and checks that the result starts.
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build, type Plugin } from 'esbuild'

/** Zod brings its messages in fifty languages, a fifth of the whole program; ours are English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({ contents: "export { default as en } from './en.js'", resolveDir: dirname(path) }))
  },
}

const root = resolve(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(root, 'dist'))
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }

await rm(dist, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: dist,
  bundle: true,
  // Parts that are imported where they are needed become files of their own, so that a start loads only what it uses.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  define: { SLIPWAY_VERSION: JSON.stringify(version) },
  // Some dependencies are CommonJS and ask for Node's own modules by `require`, which an ES module has to make first.
  banner: { js: "import { createRequire as slipwayRequire } from 'node:module'; const require = slipwayRequire(import.meta.url);" },
  legalComments: 'linked',
  // Large or CommonJS, and loaded only where something is signed, listed, scanned or unpacked: they stay what npm installs.
  external: ['@cyclonedx/*', '@sigstore/*', '@renovatebot/pep440', 'ajv', 'ajv-formats', 'ajv-formats-draft2019', 'fflate', 'packageurl-js', 'semver', 'spdx-expression-parse', 'tar-stream'],
  plugins: [englishOnly],
  metafile: true,
  logLevel: 'warning',
})

const start = `import { main } from ${JSON.stringify(pathToFileURL(join(dist, 'main.js')).href)}; await main(['--version'])`
const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', start])
if (stdout.trim() !== version) throw new Error(`dist/main.js --version printed ${JSON.stringify(stdout)}, not ${version}`)
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
console.log(`${dist}: ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KB, slipway ${version}`)
