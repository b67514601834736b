// pypi.build: wheel and sdist of a tree, the same bytes however often it is built.
import { z } from 'zod'
import { Refused, type Place } from '../../model/error.ts'
import { defineKind, type Once } from '../../model/kind.ts'
import type { Scratch, World } from '../../model/world.ts'
import { normalName } from '../../model/python-name.ts'
import { copyByHand } from '../checks/copy.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { lastLines } from '../checks/output.ts'
import { about, artifact, fieldOf, groundFiles, type BuiltFile } from './artifact.ts'
import { FINISH } from './finish.ts'
import { isWheel } from './name.ts'
import { runPython } from './python.ts'

const input = z.strictObject({
  tree: z.string(),
  package: z.string(),
  /** As PEP 440 writes it. */
  version: z.string(),
  /** Seconds since 1970: the release's own date. */
  epoch: z.number().int().nonnegative(),
  /** False builds with what the Python that runs `build` has installed. */
  isolated: z.boolean(),
})
const output = z.strictObject({ artifacts: z.array(artifact), evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

const built = z.array(about.extend({ name: z.string() }))

/** Builds the packages. Throws Refused `build-failed`, `build-no-wheel` or `wheel-version`. */
export const pypiBuild = defineKind<Input, Output>({
  kind: 'pypi.build',
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => {
    const { package: name, version } = groundFiles(ground)
    return [{ tree: ground.release.tree, package: name, version, epoch: Math.floor(Date.parse(ground.release.date) / 1000), isolated: false }]
  },
  describe: (build) => ({
    apply: `Build the wheel and the sdist of ${build.package} ${build.version} from a clean copy of tree ${build.tree.slice(0, 7)}.`,
    undo: 'Nothing to take back: a build changes nothing outside.',
    byHand: [...copyByHand(build.tree), `SOURCE_DATE_EPOCH=${build.epoch} python3 -m build${build.isolated ? '' : ' --no-isolation'}`],
  }),
  probe: async (look, build) => {
    const probe = await probeEvidence(look, keyOf(build), output)
    if (probe.state !== 'present') return probe
    const kept = await Promise.all(probe.output.artifacts.map(({ sha256 }) => look.artifacts.has(sha256)))
    return kept.every(Boolean) ? probe : { state: 'absent' }
  },
  apply: (world, build, once) => world.scratch(async (out) => {
    const files = await makeFiles({ world, once, out }, build)
    const wheel = files.find(({ name }) => isWheel(name))
    if (wheel === undefined) {
      throw new Refused({
        code: 'build-no-wheel',
        message: `The build of ${build.package} ${build.version} made no wheel, only ${files.map(({ name }) => name).join(', ') || 'files of other sorts'}.`,
        hint: 'Look at the build-system table of pyproject.toml: its build backend must be able to make wheels.',
      })
    }
    for (const file of files) await checkIdentity(world, file, build)
    const artifacts: BuiltFile[] = []
    for (const { name, ...read } of files) {
      const { sha256, size } = await out.keep(`dist/${name}`)
      artifacts.push({ name, mediaType: isWheel(name) ? 'application/zip' : 'application/gzip', size, sha256, by: 'pypi', about: read })
    }
    const title = `build of ${build.package} ${build.version} from tree ${build.tree.slice(0, 7)}`
    const detail = artifacts.map(({ name, sha256 }) => `${name} ${sha256}`).join(', ')
    const result = { artifacts, evidence: [{ title, passed: true, detail }] }
    await recordEvidence(world, { key: keyOf(build), title, passed: true, output: result })
    return result
  }),
})

function keyOf(build: Input): string {
  return evidenceKey('pypi.build', build)
}

/** Builds into `dist/` of the outer folder and returns what was read out of each file there. */
async function makeFiles(bench: { world: World; once: Once; out: Scratch }, build: Input): Promise<z.infer<typeof built>> {
  const { world, once, out } = bench
  const python = await world.pythonWith(['build'])
  await out.write('finish.py', FINISH)
  await world.scratch(async (source) => {
    const { code, text } = await runPython(world, once, {
      python: python.path,
      args: ['-m', 'build', ...(build.isolated ? [] : ['--no-isolation']), '--outdir', `${out.path}/dist`, '.'],
      folder: source.path,
      env: { PIP_INDEX_URL: world.address('https://pypi.org/simple/'), SOURCE_DATE_EPOCH: String(build.epoch), PYTHONHASHSEED: '0' },
    })
    if (code !== 0) throw failed(build, text)
  }, { checkout: build.tree })
  const { code, stdout, text } = await runPython(world, { ...once, say: () => {} }, {
    python: python.path,
    args: ['-I', 'finish.py', String(build.epoch), 'dist'],
    folder: out.path,
  })
  if (code !== 0) throw failed(build, text)
  return built.parse(JSON.parse(stdout))
}

function failed(build: Input, text: string): Refused {
  return new Refused({
    code: 'build-failed',
    message: `${build.package} ${build.version} cannot be built from tree ${build.tree.slice(0, 7)}.`,
    hint: `${unequipped(build, text) ? 'What pyproject.toml needs to build could not be had: look at the connection and the index, or write `isolated: false` under "pypi" to build with what is installed here. ' : ''}See what the build says, then try it by hand: ${pypiBuild.describe(build).byHand.join(' && ')}`,
    detail: lastLines(text),
  })
}

/** True when the build's own environment could not be filled, so that nothing was built yet. */
function unequipped({ isolated }: Input, text: string): boolean {
  return isolated && /No matching distribution found|Could not find a version that satisfies|_in_isolated_env[^]*env\.install\(/.test(text)
}

async function checkIdentity(world: World, file: z.infer<typeof built>[number], build: Input): Promise<void> {
  const [name, version] = [fieldOf({ about: file }, 'name'), fieldOf({ about: file }, 'version')]
  if (normalName(name) !== normalName(build.package)) {
    throw new Refused({
      code: 'package-invalid',
      message: `${file.name} is a package called ${name}, but slipway.yaml says ${build.package}.`,
      hint: 'Correct "package" under "pypi" in slipway.yaml, or the name in setup.py or pyproject.toml.',
    })
  }
  if (version === build.version) return
  const place = await whereFrom(world, build.tree, version)
  throw new Refused({
    code: 'wheel-version',
    message: `${file.name} carries version ${version}, but the release is ${build.version}.`,
    hint: place === undefined
      ? 'Find where the build takes its version from (setup.py or pyproject.toml), and list that file under "version.places" in slipway.yaml.'
      : `The build seems to take its version from ${place.file}, line ${place.line ?? 1}: list that file under "version.places" in slipway.yaml.`,
    ...(place === undefined ? {} : { place }),
  })
}

/** The likeliest place in the tree that the build took this version from: packaging files first. */
async function whereFrom(world: World, tree: string, version: string): Promise<Place | undefined> {
  const { stdout } = await world.git(['grep', '-n', '-F', '-e', version, tree, '--', '*.py', '*.toml', '*.cfg', '*.txt'])
  const places = stdout.split('\n').flatMap((line) => {
    const [, file, number] = /^[^:]+:(.+?):(\d+):/.exec(line) ?? []
    return file === undefined || number === undefined ? [] : [{ file, line: Number(number) }]
  })
  return places.find(({ file }) => /^(?:pyproject\.toml|setup\.py|setup\.cfg)$/.test(file)) ?? places[0]
}
