// What a release needs of git: the program, and a remote that takes pushes.
import { Refused } from '../../model/error.ts'
import { met, unmet, untested, type Finding, type Need, type NeedContext } from '../../model/need.ts'
import type { World } from '../../model/world.ts'
import { fillVersion } from './names.ts'
import { remoteTrouble } from './trouble.ts'
import type { GitSettings } from './settings.ts'

/** Settings that come through the environment (GIT_CONFIG_COUNT) are known since this version. */
const LEAST = [2, 31] as const

/** Any version will do: nothing is pushed. */
const SAMPLE = '0.0.0-doctor'

/** The needs of the git target. */
export function gitNeeds(context: NeedContext, settings: GitSettings): readonly Need[] {
  const { remote, mainBranch, tagPattern, releaseBranchPattern } = context
  // One look for all: the remote says whether it takes a push before it hears of what.
  let tried: Promise<Finding> | undefined
  const push = (world: World): Promise<Finding> => tried ??= dryRun(world, context, settings)
  const elsewhere = !context.active.some(({ name }) => name === 'github')
  const deletes = async (world: World): Promise<Finding> => {
    const finding = await push(world)
    return finding.is === 'met' ? untested(`${remote} takes pushes, but whether it lets refs be deleted only shows when one is`) : finding
  }
  return [
    { of: 'tools', title: `git ${LEAST.join('.')} or newer`, look: lookAtGit },
    { of: 'forward', title: `push the branch ${releaseBranchPattern} and the tag ${tagPattern} to ${remote}${settings.merge === 'push' ? `, and ${mainBranch} itself` : ''}`, look: push },
    ...(elsewhere ? [{ of: 'back', title: `delete the branch ${releaseBranchPattern} and the tag ${tagPattern} on ${remote}`, look: deletes } as const] : []),
  ]
}

async function lookAtGit(world: World): Promise<Finding> {
  const { stdout } = await world.git(['version'])
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? []
  const enough = Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1])
  if (enough) return met(stdout.trim())
  return unmet({ code: 'tool-missing', message: `${stdout.trim() || 'git'} is too old.`, hint: `Install git ${LEAST.join('.')} or newer: https://git-scm.com` })
}

/** A push that stops before anything is sent (https://git-scm.com/docs/git-push#Documentation/git-push.txt---dry-run): only the remote's greeting is read. */
async function dryRun(world: World, { remote, repository, tagPattern, releaseBranchPattern }: NeedContext, { token }: GitSettings): Promise<Finding> {
  if (repository === '') return untested(`there is no remote ${remote}, as said above`)
  const refs = [`HEAD:refs/heads/${fillVersion(releaseBranchPattern, SAMPLE)}`, `HEAD:refs/tags/${fillVersion(tagPattern, SAMPLE)}`]
  const answer = await world.git(['push', '--dry-run', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no', remote, ...refs], { secret: token })
  if (answer.code === 0) return met('the remote takes pushes from here (git push --dry-run)')
  const trouble = remoteTrouble(answer, { remote, doing: 'push to' })
  if (trouble instanceof Refused) return unmet(trouble.problems[0])
  return unmet({ code: 'remote-unreachable', message: `The remote ${remote} does not answer.`, hint: 'Check the network and your access, then run the same command again.', detail: answer.stderr.trim() })
}
