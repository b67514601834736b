// image.build: an image of a tree for each platform, with an index over them, the same bytes however often it is built.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Once } from '../../model/kind.ts'
import type { Scratch, World } from '../../model/world.ts'
import { copyByHand, shellWord } from '../checks/copy.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { listOf } from '../checks/lists.ts'
import { digest } from '../checks/digest.ts'
import { imageArtifact, platformInName } from './artifact.ts'
import { placePackages } from './build-context.ts'
import { buildTrouble } from './build-trouble.ts'
import { BUILDERS, findBuilder, type Builder, type BuilderName } from './builder.ts'
import { openInside } from './inside.ts'
import { argsOf, checkDockerfile, labelsOf, VERSION_LABEL } from './labels.ts'
import { keepImage, keepIndex, type KeptImage } from './layout.ts'

const input = z.strictObject({
  tree: z.string(),
  /** The label org.opencontainers.image.revision; no part of what tells one build from another. */
  commit: z.string(),
  /** `ghcr.io/acme/app` */
  image: z.string(),
  version: z.string(),
  /** ISO 8601, UTC: the release's own date, and the time of everything in the image. */
  date: z.iso.datetime(),
  platforms: z.array(z.string()).min(1),
  dockerfile: z.string(),
  context: z.string(),
  args: z.record(z.string(), z.string()),
  labels: z.strictObject({ title: z.string(), source: z.string().exactOptional(), licenses: z.string().exactOptional() }),
  /** Artifacts of other steps; the Python packages among them are put into `dist/` of the context. */
  wheels: listOf(z.object({ name: z.string(), sha256: digest, by: z.string() })).transform((all) => all.filter(({ by }) => by === 'pypi')),
  builder: z.enum(['auto', ...BUILDERS]),
})
const output = z.strictObject({ artifacts: z.array(imageArtifact), evidence: z.array(evidenceLine) })

/** What is to be built. */
export type BuildInput = z.infer<typeof input>

type Output = z.infer<typeof output>

/**
 * Builds the image. Throws Refused `tool-missing`, `build-failed`, `platform-unbuildable`, `image-version`, `image-invalid`, `digest-mismatch` or
 * `wheel-not-inside`.
 */
export const imageBuild = defineKind<BuildInput, Output>({
  kind: 'image.build',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ release, version, repository: { owner, name }, artifacts }) => [{
    tree: release.tree,
    commit: release.commit,
    image: `ghcr.io/${owner}/${name}`,
    version,
    date: new Date(release.date).toISOString(),
    platforms: ['linux/amd64', 'linux/arm64'],
    dockerfile: 'Dockerfile',
    context: '.',
    args: {},
    labels: { title: name, source: `https://github.com/${owner}/${name}` },
    wheels: artifacts.filter(({ by }) => by === 'pypi').map(({ name: file, sha256, by }) => ({ name: file, sha256, by })),
    builder: 'auto',
  }],
  describe: (build) => ({
    apply: `Build ${build.image} ${build.version} for ${build.platforms.join(' and ')} from a clean copy of tree ${build.tree.slice(0, 7)}.`,
    undo: 'Nothing to take back: a build changes nothing outside.',
    byHand: byHand(build),
  }),
  probe: async (look, build) => {
    const probe = await probeEvidence(look, keyOf(build), output)
    if (probe.state !== 'present') return probe
    const kept = await Promise.all(probe.output.artifacts.map(({ sha256 }) => look.artifacts.has(sha256)))
    return kept.every(Boolean) ? probe : { state: 'absent' }
  },
  apply: async (world, build, once) => {
    const builder = await findBuilder(world, build.builder)
    return world.scratch(async (out) => {
      const images = await makeImages({ world, once, out, builder }, build)
      const wheel = wheelOf(build)
      const look = wheel === undefined ? undefined : await openInside(world, wheel)
      const inside: string[] = []
      for (const image of images) {
        const found = await look?.(image)
        inside.push(found?.installed === true ? `${image.platform}: ${wheel?.name ?? ''} is inside, ${found.files} files compared` : `${image.platform}: it installs no wheel of this release`)
      }
      const index = await keepIndex({ world, scratch: out, image: build.image, version: build.version }, images)
      const artifacts = [...new Map([index, ...images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers])].map((one) => [one.sha256, one])).values()]
      const title = `build of ${build.image} ${build.version} from tree ${build.tree.slice(0, 7)}`
      const result = { artifacts, evidence: [{ title, passed: true, detail: [`${index.sha256} by ${builder.name}`, ...inside].join('; ') }] }
      await recordEvidence(world, { key: keyOf(build), title, passed: true, output: result })
      return result
    })
  },
})

// Without the commit: a merge that makes another commit of the same tree makes no other image.
function keyOf({ commit: _, ...recipe }: BuildInput): string {
  return evidenceKey('image.build', recipe)
}

function wheelOf({ wheels }: BuildInput): BuildInput['wheels'][number] | undefined {
  return wheels.find(({ name }) => name.endsWith('.whl'))
}

interface Bench {
  readonly world: World
  readonly once: Once
  /** Takes what is built. */
  readonly out: Scratch
  readonly builder: Builder
}

/** Builds each platform from the same clean copy, and keeps what comes out when it is what was asked for. */
async function makeImages({ world, once, out, builder }: Bench, build: BuildInput): Promise<readonly KeptImage[]> {
  return world.scratch(async (source) => {
    const dockerfile = { path: build.dockerfile, text: await dockerfileIn(source, build) }
    checkDockerfile(dockerfile, build.version)
    const packages = await placePackages(world, source, build)
    const wheel = packages.find((path) => path.endsWith('.whl'))
    const recipe = {
      folder: source.path,
      context: build.context,
      dockerfile: build.dockerfile,
      args: { ...build.args, ...argsOf(build, wheel) },
      labels: labelsOf(build, dockerfile.text),
      epoch: Math.floor(Date.parse(build.date) / 1000),
    }
    const images: KeptImage[] = []
    for (const platform of build.platforms) {
      const layout = platformInName(platform)
      const { code, text } = await builder.build({ world, once }, { ...recipe, platform, layout: `${out.path}/${layout}` })
      if (code !== 0) throw buildTrouble({ image: build.image, platform, dockerfile, said: text, byHand: byHand(build, builder.name).join(' && ') })
      const image = await keepImage({ world, scratch: out, image: build.image, version: build.version }, layout, platform)
      checkImage(image, build)
      images.push(image)
    }
    return images
  }, { checkout: build.tree })
}

async function dockerfileIn(source: Scratch, { dockerfile, context, tree }: BuildInput): Promise<string> {
  const at = dockerfile.lastIndexOf('/')
  const names = await source.list(at < 0 ? '.' : dockerfile.slice(0, at))
  if (!names.includes(dockerfile.slice(at + 1))) {
    throw new Refused({
      code: 'build-failed',
      message: `There is no ${dockerfile} in tree ${tree.slice(0, 7)} to build the image from.`,
      hint: 'Write and commit it, or name another file as "dockerfile" under "image" in slipway.yaml.',
      place: { file: dockerfile },
    })
  }
  if ((await source.list(context)).length === 0) {
    throw new Refused({
      code: 'build-failed',
      message: `There is no folder ${context} in tree ${tree.slice(0, 7)} for the image to be built from.`,
      hint: 'Name another folder as "context" under "image" in slipway.yaml.',
      place: { file: context },
    })
  }
  return source.read(dockerfile)
}

/** Compares the platform and the version label with what was asked for. */
function checkImage({ platform, says }: KeptImage, { version, dockerfile, builder }: BuildInput): void {
  const [os, architecture, variant] = platform.split('/')
  if (says.os !== os || says.architecture !== architecture || (variant !== undefined && says.variant !== undefined && says.variant !== variant)) {
    throw new Refused({
      code: 'platform-unbuildable',
      message: `The image that was built for ${platform} is one for ${[says.os, says.architecture, says.variant].filter((part) => part !== undefined).join('/')}.`,
      hint: `Take a fixed --platform out of the last FROM of ${dockerfile}, correct "platforms" under "image" in slipway.yaml${builder === 'auto' ? ', or name another "builder" there' : ''}.`,
      place: { file: dockerfile },
    })
  }
  const label = says.config?.Labels?.[VERSION_LABEL]
  if (label === version) return
  throw new Refused({
    code: 'image-version',
    message: label === undefined ? `The image for ${platform} has no label ${VERSION_LABEL}.` : `The image for ${platform} says in its label ${VERSION_LABEL} that it is version ${label}, but the release is ${version}.`,
    hint: `Take the label in ${dockerfile} from the build argument: ARG VERSION after the last FROM, and LABEL ${VERSION_LABEL}=$VERSION.`,
    place: { file: dockerfile },
  })
}

/** What a person would type: the image of every platform, built at once with the builder that is asked for, else with docker. */
function byHand(build: BuildInput, builder: BuilderName = build.builder === 'auto' ? 'buildx' : build.builder): readonly string[] {
  const wheel = wheelOf(build)
  const epoch = Math.floor(Date.parse(build.date) / 1000)
  const dated = `SOURCE_DATE_EPOCH=${epoch}`
  const image = `${build.image}:${build.version}`
  const args = Object.entries({ ...build.args, ...argsOf(build, wheel === undefined ? undefined : `dist/${wheel.name}`) })
  const labels = Object.entries(labelsOf(build, ''))
  const [program, into] = builder === 'buildx'
    ? ['docker buildx build', `--provenance=false --sbom=false --tag ${image} --output type=oci,dest=/tmp/image.tar,rewrite-timestamp=true`]
    : [`${builder} build --format oci --timestamp ${epoch} --layers=false`, `--manifest ${image}`]
  return [
    ...copyByHand(build.tree),
    ...(wheel === undefined ? [] : [`${dated} python3 -m build --outdir ${build.context}/dist`]),
    [
      dated, program, `--platform ${build.platforms.join(',')}`,
      ...args.map(([name, value]) => `--build-arg ${shellWord(`${name}=${value}`)}`),
      ...labels.map(([name, value]) => `--label ${shellWord(`${name}=${value}`)}`),
      into, `--file ${build.dockerfile}`, build.context,
    ].join(' '),
  ]
}
