// Rehearses a release: clones the project, serves the world, releases, looks, rolls back, looks again. Nothing outside is touched.
import type { RunEvent, Verdict } from '../model/event.ts'
import { jumpingClock } from '../rehearsal/clock.ts'
import { cloneForRehearsal, type RehearsalClone } from '../rehearsal/clone.ts'
import { inFolder } from '../rehearsal/folder.ts'
import { openRehearsalWorld, type RehearsalWorld } from '../rehearsal/world.ts'
import { faultText } from '../rehearsal/faults.ts'
import { locateRepository } from '../world/locate.ts'
import type { RehearsalSummary } from './rehearsal-summary.ts'
import { announcePlaces, type AnnounceSettings } from '../targets/announce/index.ts'
import { fillTag, placeOf, type ImageSettings } from '../targets/image/index.ts'
import { TARGETS } from '../targets/list.ts'
import { compareSemVer, isPrerelease, parseSemVer, taggedVersion } from '../version/index.ts'
import type { JobImage } from '../rehearsal/runner/images.ts'
import type { PublishingWorkflow } from '../rehearsal/runner/job.ts'
import type { PublishedImage } from '../rehearsal/registry/registries.ts'
import { compose, type Composed, type Composition } from './compose.ts'
import { CONFIG_FILE, projectFrom, settingsOf, type Project } from './project.ts'
import { beginFeedBranch } from './feed-branch.ts'
import { missingConfig } from '../config/index.ts'
import { inspectAfter } from './inspect.ts'
import { release, type Start } from './release.ts'
import { rollback } from './rollback.ts'
import { worldSecrets } from './world-secrets.ts'
import type { VersionRequest } from './version.ts'

/** What is rehearsed, and who watches. */
export interface RehearseOptions {
  /** A folder inside the project. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly request: VersionRequest
  readonly preset: string
  readonly signal: AbortSignal
  /** Told once, before anything is done. */
  proposed(begun: Start, composed: Composed): Promise<void>
  part(title: string): void
  tell(event: RunEvent): void
  /** As in a composition. */
  readonly comment?: Composition['comment']
  note?(text: string): void
  /** Called with the world still served, before it is closed. */
  stay?(world: RehearsalWorld, folder: string): Promise<void>
}

/** What was rehearsed. */
export interface Rehearsed {
  readonly summary: RehearsalSummary
  readonly begun: Start
}

/** Milliseconds of the rehearsal's own time: nobody is really waited for. */
const PATIENCE = { person: 60 * 60_000, world: 60 * 60_000 }

/** Where pip looks for what the project needs, to build and to run: the user's index, else PyPI. Only read from. */
export function packageIndex(env: RehearseOptions['env']): string {
  const own = env['PIP_INDEX_URL']
  return `${(own !== undefined && /^https?:/.test(own) ? own : 'https://pypi.org/simple').replace(/\/+$/, '')}/`
}

/** What no rehearsal can prove. */
const UNPROVED = [
  'that the real tokens have the rights they need, for releasing and for taking back (`slipway doctor` looks at each)',
  'that a trusted publisher is set up as the index expects it',
  'that branch protections and rulesets of the real repository let the release through',
  'that the names are still free at the real services, beyond what `slipway check` saw',
]

/** Rehearses a release and its rollback. Throws SlipwayError for what would keep the real release from starting, too. */
export async function rehearse(options: RehearseOptions): Promise<Rehearsed> {
  const located = await locateRepository(options.folder)
  return inFolder(async (folder) => {
    const { clone, project } = await copyProject(located.top, `${folder}/project`)
    const clock = jumpingClock()
    const wordOf = (name: string): string => `rehearsal-${name.toLowerCase()}-value`
    const secrets = { [project.git.token]: wordOf(project.git.token), ...worldSecrets(project, wordOf) }
    await using world = await openRehearsalWorld({
      folder,
      ...participants(project, await clone.tags()),
      tokens: Object.values(secrets),
      preset: options.preset,
      packages: packageIndex(options.env),
      now: () => clock.now(),
    })
    await clone.publishTo(world.bare, project.git.branch)
    await beginFeedBranch(world.bare, project)
    const remote = await clone.remote(project.git.remote, world.remote)
    let following: Promise<unknown> = Promise.resolve()
    const followed = new Set<string>()
    await using composed = await compose({
      folder: clone.folder,
      env: { ...options.env, ...secrets, ...world.identity },
      trustedRoot: world.trustedRoot,
      routes: world.served.routes,
      gitRoutes: { [remote]: world.served.address(world.remote) },
      hermetic: true,
      clock,
      patience: PATIENCE,
      signal: options.signal,
      ask: async () => ({ verdict: 'approved', by: 'rehearsal' }),
      ...(options.comment === undefined ? {} : { comment: options.comment }),
      note: (text) => { options.note?.(text) },
      tell: (event) => {
        options.tell(event)
        if (event.type !== 'by-hand') return
        const { page, steps } = event.instructions
        const asked = [page, ...steps].join('\n')
        if (followed.has(asked)) return
        followed.add(asked)
        following = following.then(() => world.followPage(page, steps))
      },
    })
    let begun: Start | undefined
    options.part('Release')
    const released = await release(composed.app, {
      request: options.request,
      // A rehearsal is refused by no calendar; what it went past stands in the plan that is shown.
      allowance: { force: true, reason: 'rehearsed only: in earnest somebody has to say why' },
      confirm: async (start) => {
        begun = start
        await options.proposed(start, composed)
        return true
      },
    })
    if (begun === undefined) throw new Error('a rehearsal begins with a proposal')
    const verified = released.verdict.is === 'rolled-back' ? [] : [...await inspectAfter('release', { world, composed, begun, verdict: released.verdict })]
    let back: Verdict | undefined
    if (released.verdict.is === 'done' || released.verdict.is === 'stuck' || released.verdict.is === 'failed') {
      if (released.verdict.is !== 'failed' || !released.verdict.over) {
        options.part('Rollback')
        back = (await rollback(composed.app, { version: released.version })).verdict
        await following
        verified.push(...await inspectAfter('rollback', { world, composed, begun, verdict: back }))
      }
    } else if (released.verdict.is === 'rolled-back') {
      verified.push(...await inspectAfter('rollback', { world, composed, begun, verdict: released.verdict }))
    }
    await options.stay?.(world, clone.folder)
    return { begun, summary: summarise({ options, world, project, version: released.version, release: released.verdict, rollback: back, verified }) }
  })
}

/** Copies what is committed of a project, and reads its config. Throws SlipwayError `config-missing` or `config-invalid`. */
export async function copyProject(top: string, folder: string): Promise<{ readonly clone: RehearsalClone; readonly project: Project }> {
  const clone = await cloneForRehearsal(top, folder)
  const text = await clone.read(CONFIG_FILE)
  if (text === undefined) throw missingConfig(CONFIG_FILE)
  return { clone, project: projectFrom(text, TARGETS) }
}

/** Who takes part in the rehearsal of a project, by its settings, and what was released before, by its tags. */
export function participants(project: Project, tags: readonly string[]): Pick<Parameters<typeof openRehearsalWorld>[0], 'repository' | 'project' | 'images' | 'workflows' | 'places' | 'reviewers' | 'reviewsUnasked' | 'approvals'> {
  const github = settingsOf(project, 'github')
  const [via] = viasOf(project)
  const [owner, name] = (text(github?.['repository']) ?? via?.repository)?.split('/') ?? []
  const reviewers = Array.isArray(github?.['reviewers']) ? github['reviewers'].map(String) : []
  const approvals = typeof github?.['approvals'] === 'number' ? github['approvals'] : 0
  return {
    repository: { owner: owner ?? 'rehearsal', name: name ?? project.config.name },
    project: text(settingsOf(project, 'pypi')?.['package']) ?? project.config.name,
    images: publishedImages(project, tags),
    workflows: publishingWorkflows(project, tags),
    places: announcePlaces(settingsOf(project, 'announce') as AnnounceSettings | undefined),
    reviewers: reviewers.length > 0 ? reviewers : ['reviewer', ...Array.from({ length: Math.max(0, approvals - 1) }, (_, at) => `reviewer-${at + 2}`)],
    reviewsUnasked: reviewers.length === 0,
    approvals,
  }
}

/** The image that the project publishes, with the tags that its last release has. */
function publishedImages(project: Project, tags: readonly string[]): readonly PublishedImage[] {
  const settings = project.config.targets.get('image') as ImageSettings | undefined
  if (settings === undefined) return []
  const last = newestIn(project, tags)
  return [{ ...placeOf(settings.repository), former: last === undefined ? [] : [fillTag(settings.tag, last), ...settings.floating.map((pattern) => fillTag(pattern, last))] }]
}

/** The newest final version that has a tag. */
function newestIn({ git }: Project, tags: readonly string[]): string | undefined {
  const [last] = tags
    .flatMap((tag) => taggedVersion(tag, git.tag) ?? [])
    .filter(({ parsed }) => !isPrerelease(parsed))
    .toSorted((one, other) => compareSemVer(other.parsed, one.parsed))
  return last?.version
}

/** The workflows that publish something, by the settings that name them. */
function publishingWorkflows(project: Project, tags: readonly string[]): readonly PublishingWorkflow[] {
  const vias = viasOf(project)
  const image = project.config.targets.get('image') as ImageSettings | undefined
  const publishes = (file: string, target: string): boolean => vias.some((via) => via.workflow === file && via.target === target)
  return [...new Set(vias.map(({ workflow }) => workflow))].map((file) => ({
    file, packages: publishes(file, 'pypi'), images: image !== undefined && publishes(file, 'image') ? [jobImage(project, image, tags)] : [],
  }))
}

/** Which workflow publishes what is some target's. */
function viasOf(project: Project): readonly { readonly target: string; readonly repository: string; readonly workflow: string }[] {
  return ['pypi', 'image'].flatMap((target) => {
    const via = settingsOf(project, target)?.['via'] as { readonly repository: string; readonly workflow: string } | undefined
    return via === undefined ? [] : [{ target, ...via }]
  })
}

/** The image as a job publishes it: it gives it the version tag, and the moving tags where no newer version has them, as docker/metadata-action is mostly told to. */
function jobImage(project: Project, settings: ImageSettings, tags: readonly string[]): JobImage {
  const last = newestIn(project, tags)
  return {
    ...placeOf(settings.repository),
    platforms: settings.platforms,
    tagsFor(gitTag) {
      const named = taggedVersion(gitTag, project.git.tag)
      if (named === undefined) return undefined
      const moves = !isPrerelease(named.parsed) && (last === undefined || compareSemVer(named.parsed, parseSemVer(last)) > 0)
      return { version: named.version, tags: [settings.tag, ...(moves ? settings.floating : [])].map((pattern) => fillTag(pattern, named.version)) }
    },
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function summarise(seen: { options: RehearseOptions; world: RehearsalWorld; project: Project; version: string; release: Verdict; rollback: Verdict | undefined; verified: RehearsalSummary['verified'] }): RehearsalSummary {
  const { options, world, project, version, release, rollback, verified } = seen
  const calls: Record<string, number> = {}
  for (const call of world.served.calls) {
    const { host } = new URL(call.url)
    calls[host] = (calls[host] ?? 0) + 1
  }
  const fired = new Map<string, number>()
  for (const { rule } of world.faults.fired) fired.set(faultText(rule), (fired.get(faultText(rule)) ?? 0) + 1)
  const played = [...new Set(viasOf(project).map(({ workflow }) => `that ${workflow} does what it is to do: its job is played, and no line of it is run`))]
  return { version, preset: options.preset, release, rollback, verified, faults: [...fired].map(([rule, count]) => ({ rule, fired: count })), calls, unproved: [...played, ...UNPROVED] }
}
