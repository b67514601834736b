// Bundles the program as it is published.
import { dirname, resolve } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

/** Zod brings its messages in fifty languages, a fifth of the whole program; ours are English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({ contents: "export { default as en } from './en.js'", resolveDir: dirname(path) }))
  },
}

const root = resolve(import.meta.dirname, '..')

/** Bundles these entries, file names from the project's root by the name that each gets, into the folder `outdir`. Returns what esbuild says of the result; rejects with esbuild's own errors. */
export async function bundle(outdir: string, entries: Readonly<Record<string, string>>): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    // Parts that are imported where they are needed become files of their own, so that a start loads only what it uses.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Some dependencies are CommonJS and ask for Node's own modules by `require`, which an ES module has to make first.
    banner: { js: "import { createRequire as slipwayRequire } from 'node:module'; const require = slipwayRequire(import.meta.url);" },
    legalComments: 'linked',
    // Large or CommonJS, and loaded only where something is signed, listed, scanned or unpacked: they stay what npm installs.
    external: ['@cyclonedx/*', '@sigstore/*', '@renovatebot/pep440', 'ajv', 'ajv-formats', 'ajv-formats-draft2019', 'fflate', 'nodemailer', 'nodemailer/*', 'packageurl-js', 'semver', 'spdx-expression-parse', 'tar-stream'],
    plugins: [englishOnly],
    metafile: true,
    logLevel: 'warning',
  })
  return metafile
}
