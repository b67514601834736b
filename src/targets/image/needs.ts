// What a release needs for container images: a builder, a Dockerfile, and a registry that takes pushes.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import { parseJson } from '../../model/json.ts'
import { met, unmet, untested, type Finding, type Need, type NeedContext } from '../../model/need.ts'
import { webAddressOf } from '../../model/web-address.ts'
import type { World } from '../../model/world.ts'
import { workflowNeeds } from '../workflow/index.ts'
import { accessOf, hasCredentials } from './access.ts'
import { findBuilder } from './builder.ts'
import { isDelegated, type Delegated } from './delegated.ts'
import { REVISION_LABEL, VERSION_LABEL } from './labels.ts'
import { deletesNothing, packagePage, placeOf } from './reference.ts'
import { openSession, type Right } from './session.ts'
import type { Settings } from './settings.ts'

/** The needs of the image target. */
export function imageNeeds(context: NeedContext, set: Settings): readonly Need[] {
  const { host } = placeOf(set.repository)
  let asked: Promise<Push> | undefined
  const push = (world: World): Promise<Push> => asked ??= tokenFor(world, set, 'pull,push')
  if (isDelegated(set)) {
    return [
      ...workflowNeeds(set.via),
      { of: 'files', title: `the labels of ${set.repository}`, look: (world) => lookAtLabels(world, set) },
      ...(set.floating.length === 0 ? [] : [{ of: 'forward', title: `move ${set.floating.join(', ')} of ${set.repository}`, look: async (world) => lookAtPush(world, set, await push(world)) } satisfies Need]),
      { of: 'back', title: `delete a tag of ${set.repository}`, look: (world) => lookAtDelete(world, set) },
    ]
  }
  return [
    { of: 'tools', title: `a builder of images for ${set.platforms.join(' and ')}`, ...(set.builder === 'auto' || set.builder === 'buildah' ? { install: { debian: ['buildah'] } } : {}), look: async (world) => met((await findBuilder(world, set.builder)).name) },
    { of: 'files', title: `${set.dockerfile}, and the labels of the image`, look: (world) => lookAtDockerfile(world, context, set) },
    { of: 'forward', title: `push ${set.repository} to ${host}`, look: async (world) => lookAtPush(world, set, await push(world)) },
    { of: 'back', title: `delete a tag of ${set.repository}`, look: (world) => lookAtDelete(world, set) },
  ]
}

async function lookAtDockerfile(world: World, { repository }: NeedContext, set: Settings): Promise<Finding> {
  const { code, stdout } = await world.git(['show', `HEAD:${set.dockerfile}`])
  if (code !== 0) return unmet({ code: 'image-invalid', message: `The commit holds no ${set.dockerfile}.`, hint: 'Commit it, or name the right one with `image.dockerfile`.' })
  const source = set.source ?? webAddressOf(repository)
  const version = stdout.includes(VERSION_LABEL) ? `the version label is the Dockerfile's own` : 'the build writes the version label'
  if (source === null) return unmet({ code: 'image-invalid', message: `The image would have no label org.opencontainers.image.source: the remote's address names no page.`, hint: 'Set `image.source` to the page of the repository.' })
  return met(`${version}, org.opencontainers.image.source is ${source}`)
}

/** What writes the labels by which the image is known: what can be read of it in the files of the commit. */
async function lookAtLabels(world: World, { via, dockerfile }: Delegated): Promise<Finding> {
  for (const path of [`.github/workflows/${via.workflow}`, dockerfile]) {
    const { code, stdout } = await world.git(['show', `HEAD:${path}`])
    if (code === 0 && (stdout.includes('docker/metadata-action') || [VERSION_LABEL, REVISION_LABEL].every((label) => stdout.includes(label)))) return met(`${path} writes them`)
  }
  return untested(`nothing in ${via.workflow} or ${dockerfile} shows that ${VERSION_LABEL} and ${REVISION_LABEL} are written`, 'Without them an image is not known to be of a release: give docker/build-push-action the `labels` that docker/metadata-action makes.')
}

/** What the registry gave when it was asked for the right to push. */
type Push =
  | { readonly gave: string | undefined }
  | { readonly refused: SlipwayError }
  | { readonly silent: string }

/** Asks for a token, or that the login is taken, and sends nothing more. */
async function tokenFor(world: World, set: Settings, right: Right): Promise<Push> {
  try {
    return { gave: await openSession(world, accessOf(set)).admission(right) }
  } catch (error) {
    return error instanceof SlipwayError ? { refused: error } : { silent: error instanceof Error ? error.message : String(error) }
  }
}

async function lookAtPush(world: World, set: Settings, push: Push): Promise<Finding> {
  const { host, name } = placeOf(set.repository)
  const access = accessOf(set)
  if (!hasCredentials(world, access)) return untested(`there is nothing to log in to ${host} with (as said above)`)
  if ('silent' in push) return unmet({ code: 'remote-unreachable', message: `${host} gives no answer.`, hint: 'Check the connection and run the same command again.', detail: push.silent })
  if ('refused' in push) return unmet(push.refused.problems[0])
  const told = actionsIn(push.gave, name)
  if (told?.includes('push') === true) return met(`${host} gave a token that may push`)
  if (told !== undefined) return unmet({ code: 'right-missing', message: `${host} gives the token in ${access.token.$secret} no right to push ${set.repository}.`, hint: `Let its owner push to ${set.repository}.` })
  if (host === 'ghcr.io') return scopesOfPackages(world, set, 'write:packages')
  return untested(`${host} takes the login, and only a push shows whether it may push`)
}

/** GHCR's tokens say nothing; the scopes of a classic token do. */
async function scopesOfPackages(world: World, set: Settings, scope: 'write:packages' | 'delete:packages'): Promise<Finding> {
  const { token: { $secret: name } } = accessOf(set)
  if (!world.hasSecret(name)) return untested('ghcr.io takes the login, and only a push shows whether it may push')
  const answer = await world.secret(name, (token) => world.http({ method: 'GET', url: 'https://api.github.com/user', headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'user-agent': 'slipway' } })).catch(() => undefined)
  const scopes = answer?.headers['x-oauth-scopes']?.split(',').map((each) => each.trim())
  if (scopes?.includes(scope) === true) return met(`the token in ${name} has the scope ${scope}`)
  if (scopes !== undefined) return unmet({ code: 'right-missing', message: `The token in ${name} lacks the scope ${scope}.`, hint: `Make a classic token with ${scope} (\`gh auth refresh --scopes ${scope}\` adds it to the one of gh).` })
  return untested('ghcr.io tells nothing of what this sort of token may do', `In a workflow give the job \`packages: write\`, and name the repository under "Manage Actions access" of the package (${packagePage(set.repository)}); ghcr.io takes no fine-grained tokens.`)
}

async function lookAtDelete(world: World, set: Settings): Promise<Finding> {
  const { host, name } = placeOf(set.repository)
  if (deletesNothing(set.repository)) return untested(`${host} has no API that deletes a tag: a person does it by hand on ${packagePage(set.repository)}`, host === 'ghcr.io' ? 'That person needs the role Admin on the package.' : 'That person needs the right to delete tags there.')
  if (!hasCredentials(world, accessOf(set))) return untested(`there is nothing to log in to ${host} with (as said above)`)
  const got = await tokenFor(world, set, 'pull,push,delete')
  const told = 'gave' in got ? actionsIn(got.gave, name) : undefined
  if (told?.includes('delete') === true) return met(`${host} gave a token that may delete`)
  if (told !== undefined) return unmet({ code: 'right-missing', message: `${host} gives no right to delete tags of ${set.repository}.`, hint: 'Let the owner of the token delete there, or a rollback leaves the version tag.' })
  return untested(`only a deletion shows whether ${host} lets tags be deleted`)
}

const claims = z.object({ access: z.array(z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })) })

/** What a token says that it may do with a repository, where it is a JSON Web Token that says so (https://distribution.github.io/distribution/spec/auth/jwt/). */
export function actionsIn(token: string | undefined, repository: string): readonly string[] | undefined {
  const [, payload, signature] = token?.split('.') ?? []
  if (payload === undefined || signature === undefined) return undefined
  const read = claims.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')))
  if (!read.success) return undefined
  return read.data.access.find(({ type, name }) => type === 'repository' && name === repository)?.actions ?? []
}
