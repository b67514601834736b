// What a release needs for Python packages: interpreters, their tools, and an index that takes the upload.
import { met, unmet, untested, type Finding, type Need } from '../../model/need.ts'
import { normalName } from '../../model/python-name.ts'
import type { World } from '../../model/world.ts'
import { allowanceHere } from './allowance.ts'
import { lookAtPublisher } from './publisher-need.ts'
import { readListing } from './simple.ts'
import { base, USUAL_PYTHONS, type Settings } from './settings.ts'
import { readToken } from './token-shape.ts'

/** The modules that build and check a package, and those that a build without isolation takes from the same Python. */
function modulesOf({ isolated }: Settings): readonly string[] {
  return isolated ? ['build', 'twine'] : ['build', 'twine', 'wheel', 'setuptools']
}

const DEBIAN = ['python3-build', 'twine', 'python3-wheel', 'python3-setuptools', 'python3-venv']

/** The needs of the pypi target. */
export function pypiNeeds(set: Settings): readonly Need[] {
  const modules = modulesOf(set)
  const final: Index = { index: base(set.index), upload: set.upload, auth: set.auth, token: set.token }
  const trial: Index = { index: base(set.trialIndex), upload: set.trialUpload, auth: set.auth, token: set.trialToken }
  return [
    { of: 'tools', title: `a Python with ${modules.join(', ')}`, install: { modules, debian: DEBIAN }, look: (world) => lookAtTools(world, modules) },
    { of: 'tools', title: `the Pythons ${(set.pythons ?? USUAL_PYTHONS).join(', ')}, to try the package on`, look: (world) => lookAtPythons(world, set) },
    ...[...(set.trial ? [trial] : []), ...(set.via === undefined ? [final] : [])].flatMap((at) => uploadNeeds(set.package, at)),
    yankNeed(set.package, final),
  ]
}

/** An index, where files are sent to it, and the secret that opens it. */
interface Index {
  readonly index: string
  readonly upload: string
  readonly auth: Settings['auth']
  readonly token: string
}

async function lookAtTools(world: World, modules: readonly string[]): Promise<Finding> {
  const { version, path } = await world.pythonWith(modules)
  const shown = await world.run({ program: path, args: ['-c', `from importlib.metadata import version\nprint(', '.join(m + ' ' + version(m) for m in ${JSON.stringify(modules)}))`], timeout: 30_000 })
  return met(`Python ${version} at ${path}${shown.code === 0 ? `, ${shown.stdout.trim()}` : ''}`)
}

async function lookAtPythons(world: World, set: Settings): Promise<Finding> {
  const found = new Map((await world.interpreters()).map(({ version }) => [version.split('.').slice(0, 2).join('.'), version]))
  const wanted = set.pythons ?? USUAL_PYTHONS
  const missing = wanted.filter((minor) => !found.has(minor))
  if (missing.length === 0) return met(wanted.map((minor) => found.get(minor) ?? minor).join(', '))
  return untested(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed here: the release goes on and reports the package as not verified there`, `Install ${missing.length === 1 ? 'it' : 'them'}, for example with \`uv python install ${missing.join(' ')}\`.`)
}

function uploadNeeds(project: string, at: Index): readonly Need[] {
  const host = new URL(at.index).host
  return [{ of: 'forward', title: `upload ${project} to ${host}`, look: (world) => lookAtUpload(world, project, at) }]
}

/** What the index and the token itself tell; nothing is sent that could become a file. */
async function lookAtUpload(world: World, project: string, { index, auth, token }: Index): Promise<Finding> {
  const host = new URL(index).host
  const listing = await readListing(world, index, project).catch((error: unknown) => ({ unreadable: error instanceof Error ? error.message : String(error) }))
  if ('unreadable' in listing) return unmet({ code: 'remote-unreachable', message: `${host} gives no answer.`, hint: 'Check the connection and run the same command again.', detail: listing.unreadable })
  if (auth === 'trusted' || (auth === 'auto' && allowanceHere(world, { index, token }) === 'identity')) return lookAtPublisher(world, { index, project, isThere: listing.files.length > 0 })
  if (!world.hasSecret(token)) return untested(`${token} has no value (as said above)`)
  const isNew = listing.files.length === 0
  const read = await world.secret(token, async (value) => readToken(value))
  const real = world.address(`${index}/`) === new URL(`${index}/`).href
  if (read === undefined) {
    const known = ['pypi.org', 'test.pypi.org'].includes(host)
    if (known && real) return unmet({ code: 'token-refused', message: `${token} does not hold an API token of ${host}: those begin with "pypi-".`, hint: `Make one at https://${host}/manage/account/token/ and set the secret again.` })
    return untested(`only an upload shows whether ${host} takes the token in ${token}`)
  }
  if (read.index !== host) return unmet({ code: 'token-refused', message: `The token in ${token} is for ${read.index}, not for ${host}.`, hint: `Make one at https://${host}/manage/account/token/ and set the secret again.` })
  if (read.ends !== undefined && read.ends <= world.now()) return unmet({ code: 'token-refused', message: `The token in ${token} ended ${read.ends.toISOString()}.`, hint: `Make a new one at https://${host}/manage/account/token/ and set the secret again.` })
  if (read.projects !== undefined && !read.projects.some((each) => each === normalName(project))) return unmet({ code: 'right-missing', message: `The token in ${token} is for ${read.projects.join(', ')} only, not for ${project}.`, hint: `Make one whose scope is the project ${project} at https://${host}/manage/account/token/.` })
  const scope = read.projects === undefined ? 'for every project of its owner' : `for ${read.projects.join(', ')}`
  // A token for a project is made when the project is there.
  return untested(`${isNew && read.projects === undefined ? `${project} has no files on ${host} yet; ` : ''}the token is ${scope}, and only an upload shows whether it still lives`)
}

function yankNeed(project: string, { index }: Index): Need {
  const host = new URL(index).host
  return {
    of: 'back',
    title: `yank a version of ${project} on ${host}`,
    look: async () => untested(`${host} has no API for it: a person yanks by hand, who must be an Owner of the project`, `See who is at https://${host}/project/${normalName(project)}/ and that you can log in there.`),
  }
}
