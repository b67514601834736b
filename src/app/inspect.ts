// Looks at a rehearsal's world after the release and after the rollback: through its own protocols and with real clients.
import type { Verdict } from '../model/event.ts'
import type { RehearsalWorld } from '../rehearsal/world.ts'
import { findProject, findRelease } from '../rehearsal/pypi/state.ts'
import { tryPep440 } from '../version/index.ts'
import type { Composed } from './compose.ts'
import type { RehearsalSummary } from './rehearsal-summary.ts'
import { inspectAnnouncements } from './inspect-announcements.ts'
import { inspectImage } from './inspect-image.ts'
import type { Start } from './release.ts'

type Seen = RehearsalSummary['verified'][number]

/** What is looked at. */
export interface Inspection {
  readonly world: RehearsalWorld
  readonly composed: Composed
  readonly begun: Start
  readonly verdict: Verdict
}

/** What is in the world, and whether that is right after a release that succeeded, or after one that was taken back. */
export async function inspectAfter(after: Seen['after'], inspection: Inspection): Promise<readonly Seen[]> {
  const { world, composed, begun, verdict } = inspection
  const { context } = begun.proposal
  const out = after === 'release' && verdict.is === 'done'
  const seen: Seen[] = []
  const add = (what: string, saw: string, ok: boolean): void => void seen.push({ after, what, saw, ok })
  const { git } = composed.app.look

  const tag = (await git(['ls-remote', context.remote, `refs/tags/${context.tag}`])).stdout
  add(`git ls-remote finds the tag ${context.tag}`, tag === '' ? 'it is not there' : `it is there, as ${tag.slice(0, 12)}`, (tag !== '') === out)
  if (begun.plan.steps.some(({ kind }) => kind === 'github.pull')) {
    const published = world.github.releases.find((release) => release.tag === context.tag && !release.draft)
    add(`GitHub shows the release ${context.tag}`, published === undefined ? 'it does not' : `it does, with ${published.assets.length} assets`, (published !== undefined) === out)
    const [heading, ...more] = world.github.comments.map(({ body }) => /^## (.*)$/m.exec(body)?.[1]?.replaceAll('\\', '') ?? 'something else')
    if (composed.app.comment !== undefined) add('the pull request has one comment, which says how it ended', heading === undefined ? 'it has none' : more.length > 0 ? `it has ${more.length + 1}` : `it has: ${heading}`, more.length === 0 && heading?.endsWith(': released') === out)
  }
  if (begun.plan.steps.some(({ kind }) => kind === 'pypi.build')) {
    const input = begun.plan.steps.find(({ kind }) => kind === 'pypi.build')?.input
    const distribution = typeof input === 'object' && input !== null && 'package' in input && typeof input.package === 'string' ? input.package : context.project
    const wanted = tryPep440(context.release.to) ?? context.release.to
    const project = findProject(world.pypi, distribution)
    const release = project === undefined ? undefined : findRelease(project, wanted)
    const built = (await composed.app.journal.runs()).find(({ plan }) => plan.stage === 'publish')?.plan.artifacts.filter(({ by }) => by === 'pypi') ?? []
    const ours = (release?.files ?? []).filter(({ sha256 }) => built.some((artifact) => artifact.sha256 === `sha256:${sha256}`))
    const yanked = release?.yanked !== undefined
    const state = ours.length === 0 ? 'none of the files built here is there' : `${ours.length} of ${built.length} files, byte for byte${yanked ? ', yanked' : ''}`
    add(`the index holds ${distribution} ${wanted}`, state, out ? ours.length === built.length && ours.length > 0 && !yanked : ours.length === 0 || yanked)
    const got = await pipInstall(composed, distribution)
    add(`pip install ${distribution}`, got ?? 'finds nothing to install', out ? got?.includes(wanted) === true : got?.includes(wanted) !== true)
  }
  for (const each of await inspectImage(inspection)) add(each.what, each.saw, each.ok(out))
  for (const each of await inspectAnnouncements(inspection, out)) add(each.what, each.saw, each.ok)
  return seen
}

/** What real pip would install, asked without a version; undefined when it finds nothing. */
async function pipInstall({ app: { world } }: Composed, distribution: string): Promise<string | undefined> {
  const python = await world.pythonWith(['pip'])
  return world.scratch(async (scratch) => {
    const answer = await world.run({
      program: python.path,
      args: ['-m', 'pip', 'install', '--no-cache-dir', '--no-deps', '--disable-pip-version-check', '--target', `${scratch.path}/site`, '--index-url', world.address('https://pypi.org/simple/'), distribution],
      env: { PIP_CONFIG_FILE: '/dev/null' },
    })
    return answer.code === 0 ? /Successfully installed (.+)/.exec(answer.stdout)?.[1] : undefined
  })
}
