// What slipway.yaml says under "image".
import { z } from 'zod'
import type { ReleaseContext } from '../../model/target.ts'
import { isPrerelease, parseSemVer } from '../../version/semver.ts'
import { viaSettings } from '../workflow/index.ts'
import { imageName } from './reference.ts'

const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'This is not the name of a secret (letters, digits and underscores).')

/** Fills the parts of a version into a tag's pattern: `{version}`, `{major}`, `{minor}`, `{patch}`. */
export function fillTag(pattern: string, version: string): string {
  const { major, minor, patch } = parseSemVer(version)
  return pattern.replaceAll('{version}', version).replaceAll('{major}', String(major)).replaceAll('{minor}', String(minor)).replaceAll('{patch}', String(patch))
}

/** The form of a tag (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests). */
export const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

const pattern = z.string().refine((text) => TAG.test(fillTag(text, '1.0.0')), 'A tag holds letters, digits, ".", "_" and "-" only, and no "+"; {version}, {major}, {minor} and {patch} stand for parts of the version.')

const platform = z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/, 'A platform is written as os/architecture: linux/amd64.')

const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))\S+$/, 'This is not a path inside the repository.')

/** The settings of the target. */
export const settings = z.strictObject({
  repository: imageName.describe('Where the image is published, registry included: ghcr.io/acme/app.'),
  via: viaSettings.describe('Built and published by a workflow of the project instead of from here; Slipway starts or finds its run, follows it, and believes what the registry shows. What is said here about building is not used then.').optional(),
  platforms: z.array(platform).min(1).default(['linux/amd64', 'linux/arm64']).describe('The platforms that the image is for.'),
  dockerfile: path.default('Dockerfile').describe('The Dockerfile, from the root of the repository.'),
  context: path.default('.').describe('The folder that the Dockerfile copies from.'),
  args: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'This is not the name of a build argument.'), z.string()).default({})
    .describe('Further build arguments; VERSION, BUILD_DATE and VCS_REF are always given, and WHEEL where a wheel is built.'),
  builder: z.enum(['auto', 'buildx', 'podman', 'buildah']).default('auto').describe('What builds the image; the first of them that is found when left out.'),
  tag: pattern.refine((text) => text.includes('{version}'), 'The version tag must hold {version}.').default('{version}').describe('The version tag, which never moves.'),
  floating: z.array(pattern).default(['latest']).describe('Tags that move to the newest release: latest, {major}, {major}.{minor}.'),
  mountFrom: z.array(z.string().regex(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/, 'This is not the name of a repository.')).default([])
    .describe('Repositories of the same registry that hold layers of the base image, which are then mounted and not sent: acme/base.'),
  title: z.string().min(1).optional().describe('The label org.opencontainers.image.title; the project\'s name when left out.'),
  licenses: z.string().min(1).optional().describe('The label org.opencontainers.image.licenses, an SPDX expression.'),
  source: z.url().optional().describe('The label org.opencontainers.image.source; the page of the git remote when left out.'),
  smoke: z.strictObject({
    port: z.int().min(1).max(65_535).default(8000).describe('The port that the container listens on.'),
    path: z.string().regex(/^\/\S*$/, 'A path begins with a slash: /health.').default('/health').describe('The path that answers when the container works.'),
  }).or(z.literal(false)).default({ port: 8000, path: '/health' }).describe('How a started container is seen to work; false when it is not to be started.'),
  username: z.string().min(1).optional().describe('Who logs in to the registry; the token\'s owner does for ghcr.io.'),
  public: z.boolean().default(true).describe('Whether anybody may pull the image; then a release is done only when it was pulled without a login.'),
  token: secretName.optional().describe('The name of the secret that opens the registry; GITHUB_TOKEN for ghcr.io, else REGISTRY_TOKEN. Where it is not set, what `docker login` has kept is used.'),
}).superRefine(({ tag, floating }, context) => {
  floating.forEach((each, at) => {
    if (fillTag(each, '1.2.3') === fillTag(tag, '1.2.3')) context.addIssue({ code: 'custom', path: ['floating', at], message: 'This is the version tag, which never moves.' })
  })
})

/** The settings of the target. */
export type Settings = z.infer<typeof settings>

/**
 * The moving tags that a release takes: none for a prerelease. `latest` goes to the newest release alone, `{major}` and `{major}.{minor}` to the
 * newest of their line, so that a backport moves only what its own users follow.
 */
export function movingTags({ floating }: Pick<Settings, 'floating'>, { release, newest, newestIn }: Pick<ReleaseContext, 'release' | 'newest' | 'newestIn'>): readonly string[] {
  if (isPrerelease(parseSemVer(release.to))) return []
  const moves = (text: string): boolean => text.includes('{minor}') || text.includes('{version}') ? newestIn.minor : text.includes('{major}') ? newestIn.major : newest
  return [...new Set(floating.filter(moves).map((text) => fillTag(text, release.to)))]
}
