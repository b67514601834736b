// What the steps of a case call by name: changes to the world and to the way in which the program is run.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { indexFile, storeFile } from '../../src/rehearsal/pypi/state.ts'
import { IMAGE_HOOKS } from './case-hooks-image.ts'
import { RIG_TOKEN, type Rig, type RunOptions } from './rig.ts'

/** What a hook may arrange for the run of its case. */
export interface Arrangement {
  run: RunOptions
  /** Awaited after the run. */
  readonly afterwards: (() => void | Promise<void>)[]
}

/** A hook. A text that it returns says why the case cannot be tried on this machine. */
export type Hook = (rig: Rig, arrangement: Arrangement) => void | string | Promise<void | string>

function setRight(rig: Rig, rights: Readonly<Record<string, 'read' | 'write' | 'none'>>): void {
  const tokens = rig.world.github.tokens as Record<string, unknown>
  tokens[RIG_TOKEN] = { login: 'owner', rights }
}

function setPypiTokens(rig: Rig, tokens: readonly { readonly token: string; readonly user?: string; readonly projects?: readonly string[] }[]): void {
  (rig.world.pypi.tokens as unknown[]).splice(0, Infinity, ...tokens)
}

/** Presses Ctrl-C when the program has come to a point, and lets it go on when it has heard it. */
function interruptAt(arrangement: Arrangement, come: (program: Parameters<NonNullable<RunOptions['started']>>[0]) => Promise<void>, go: () => Promise<void> = async () => undefined): void {
  arrangement.run = {
    ...arrangement.run,
    started(program) {
      arrangement.afterwards.push(() => interrupting)
      const interrupting = (async () => {
        await program.before(come(program))
        program.pressCtrlC()
        await program.printed('Stopping')
        await go()
      })()
      interrupting.catch(() => undefined)
    },
  }
}

/** Every hook, by the name that case.json gives. */
export const CASE_HOOKS = {
  ...IMAGE_HOOKS,
  'the job has an identity that nobody registered': ({ world: { identity, pypi } }, arrangement) => {
    pypi.publishers.length = 0
    arrangement.run = { ...arrangement.run, env: { ...arrangement.run.env, ...identity } }
  },
  'the remote is down': (rig) => { rig.onCall = ({ url }) => url.startsWith('https://github.com/') ? 'cut' : undefined },
  'GitHub has a release of this tag': ({ world: { github } }) => {
    github.releases.push({
      id: github.nextId(), author: 'sam', tag: 'v2.1.0', target: 'main', name: 'Made by hand', body: null, draft: false, prerelease: false, immutable: false, makeLatest: 'true',
      createdAt: github.now(), updatedAt: github.now(), publishedAt: github.now(), assets: [],
    })
  },
  'the index has this version': ({ world: { pypi } }) => {
    const file = indexFile({ filename: 'oneflow_ai-2.1.0.tar.gz', version: '2.1.0', type: 'sdist', pythonTag: 'source', bytes: Buffer.from('made elsewhere'), metadata: undefined, requiresPython: undefined }, pypi.now())
    const project = pypi.projects.get('oneflow-ai')
    if (project === undefined) throw new Error('the index has no project oneflow-ai')
    storeFile(pypi, project, { file, metadata: { name: 'oneflow-ai', version: '2.1.0' } })
  },
  'the GitHub token may only read': (rig) => {
    setRight(rig, { contents: 'read', pull_requests: 'read' })
    const next = rig.world.faults.next
    const body = 'remote: Permission to oneflow-ai/oneflow.git denied to owner.\n'
    rig.world.faults.next = (call) => call.url.host === 'github.com' && /receive-pack/.test(call.url.href) ? { status: 403, body } : next(call)
  },
  'the GitHub token may push but not open pull requests': (rig) => { setRight(rig, { contents: 'write', pull_requests: 'read' }) },
  'GitHub does not answer': (rig) => { rig.onCall = ({ url }) => url.startsWith('https://api.github.com/') ? 'cut' : undefined },
  'the GitHub token is a classic one that reads': (rig) => {
    const tokens = rig.world.github.tokens as Record<string, unknown>
    tokens[RIG_TOKEN] = { login: 'owner', rights: { contents: 'write', pull_requests: 'write' }, scopes: ['read:org', 'gist'] }
  },
  'the GitHub token is a classic one of an administrator': (rig) => {
    const tokens = rig.world.github.tokens as Record<string, unknown>
    tokens[RIG_TOKEN] = { login: 'owner', rights: { contents: 'write', pull_requests: 'write', administration: 'write' }, scopes: ['repo'] }
  },
  'GitHub does not know the token': (rig) => { delete (rig.world.github.tokens as Record<string, unknown>)[RIG_TOKEN] },
  'a ruleset lets nobody make or delete tags': ({ world: { github } }) => {
    github.addRuleset({ name: 'releases only', target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }, { type: 'deletion' }], bypass: [] })
  },
  'a ruleset for tags that the owner may pass by': ({ world: { github } }) => {
    github.addRuleset({ name: 'releases only', target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }, { type: 'deletion' }], bypass: ['owner'] })
  },
  'main takes no squash merges and wants two approvals': ({ world: { github } }) => {
    github.mergeMethods = ['merge']
    github.requiredApprovals = 2
  },
  'somebody closes every milestone': ({ world: { github } }) => { for (const milestone of github.milestones) milestone.state = 'closed' },
  'main wants two approvals': ({ world: { github } }) => { github.requiredApprovals = 2 },
  'releases are immutable': ({ world: { github } }) => { github.setImmutable(true) },
  'the index has withdrawn the token': (rig) => { setPypiTokens(rig, []) },
  'the token is for another project': (rig) => { setPypiTokens(rig, [{ token: RIG_TOKEN, user: 'owner', projects: ['another'] }]) },
  'the index gives the token its rights': (rig) => { setPypiTokens(rig, [{ token: RIG_TOKEN, user: 'owner' }]) },
  'api.github.com has a certificate of its own making': async (rig, arrangement) => {
    const [key, cert] = [join(rig.folder, 'key.pem'), join(rig.folder, 'cert.pem')]
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=api.github.com', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' })
    if (made.status !== 0) return 'openssl, which makes the certificate, is not installed'
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end('{}'))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const world = JSON.parse(readFileSync(rig.worldFile, 'utf8')) as { routes: Record<string, string> }
    world.routes['api.github.com'] = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    writeFileSync(rig.worldFile, JSON.stringify(world))
    arrangement.afterwards.push(() => { server.close() })
    return undefined
  },
  'a stored artifact is changed': ({ state }) => {
    const store = join(state, 'artifacts', 'sha256')
    const wheel = readdirSync(store, { recursive: true, encoding: 'utf8' }).map((path) => join(store, path)).filter((path) => statSync(path).isFile()).find((path) => readFileSync(path).subarray(0, 2).toString() === 'PK')
    if (wheel === undefined) throw new Error('there is no wheel in the store')
    chmodSync(wheel, 0o644)
    const bytes = readFileSync(wheel)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(wheel, bytes)
  },
  'the disk of the journal is nearly full': (rig, arrangement) => {
    mkdirSync(rig.state, { recursive: true })
    const mount = ['unshare', '--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs -o size=160k tmpfs "$0" && exec "$@"', rig.state]
    if (spawnSync(mount[0] ?? '', [...mount.slice(1), 'true'], { stdio: 'ignore' }).status !== 0) return 'no file system of a chosen size can be mounted here'
    arrangement.run = { ...arrangement.run, through: mount }
    return undefined
  },
  'the journal cannot be written': (rig, arrangement) => {
    mkdirSync(rig.state, { recursive: true })
    const mount = ['unshare', '--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs "$0" && exec "$@"', rig.state]
    if (spawnSync(mount[0] ?? '', [...mount.slice(1), 'true'], { stdio: 'ignore' }).status !== 0) return 'no read-only file system can be mounted here'
    arrangement.run = { ...arrangement.run, through: mount }
    return undefined
  },
  'another Slipway is in the middle of this release': async (rig, arrangement) => {
    const hold = rig.hold('check')
    const other = rig.run(['release', 'minor', '--yes'])
    await Promise.race([hold.reached, other.then(({ code, stdout, stderr }) => { throw new Error(`the other one ended with ${code} too early: ${stdout}${stderr}`) })])
    arrangement.afterwards.push(async () => {
      await hold.letGo()
      const { code, stdout, stderr } = await other
      if (code !== 0) throw new Error(`the other one ended with ${code}: ${stdout}${stderr}`)
    })
  },
  'Ctrl-C in the middle of a check': (rig, arrangement) => {
    const hold = rig.hold('check')
    interruptAt(arrangement, () => hold.reached, () => hold.letGo())
  },
  'Ctrl-C in the middle of the build': (rig, arrangement) => {
    const hold = rig.hold('build')
    // The check, which runs beside it, is over by then.
    interruptAt(arrangement, async (program) => { await Promise.all([hold.reached, program.printed('✓ Check')]) }, () => hold.letGo())
  },
  'Ctrl-C in the middle of an upload to the index': (rig, arrangement) => {
    const arrived = Promise.withResolvers<undefined>()
    const goes = Promise.withResolvers<undefined>()
    rig.onCall = async ({ method, url }, moment) => {
      if (method !== 'POST' || !url.startsWith('https://upload.pypi.org/') || moment !== 'before') return
      arrived.resolve(undefined)
      await goes.promise
    }
    interruptAt(arrangement, () => arrived.promise, async () => { goes.resolve(undefined) })
  },
  'nobody reviews at first': ({ world }) => { world.github.autoReview = false },
  'Ctrl-C while the review is awaited': (_, arrangement) => {
    interruptAt(arrangement, (program) => program.printed('waiting'))
  },
  'the reviewer approves': ({ world }) => {
    const pull = world.github.pulls.find(({ state }) => state === 'open')
    if (pull === undefined) throw new Error('there is no open pull request')
    world.github.people.approve(pull.number, 'release-reviewer')
  },
  'the plan at the gate is denied': async (rig) => {
    const plan = (await rig.run(['status', '--json'])).stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { type: string; runs?: { stage: string; digest: string }[] })
    const digest = plan.find(({ type }) => type === 'status')?.runs?.find(({ stage }) => stage === 'publish')?.digest
    const { code, stderr } = await rig.run(['approve', '--deny', '--by', 'sam', '--digest', digest ?? ''])
    if (code !== 0) throw new Error(stderr)
  },
  'the history has no commit yet': ({ project }) => {
    execFileSync('git', ['update-ref', '-d', 'HEAD'], { cwd: project })
  },
} as const satisfies Readonly<Record<string, Hook>> as Readonly<Record<string, Hook>>
