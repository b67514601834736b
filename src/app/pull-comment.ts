// Keeps the one comment on a release's pull request up to date, from moment to moment and not step by step. Whatever becomes of it, the release goes on.
import type { RunEvent, Verdict, Waiting } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import { redacted } from '../model/secret.ts'
import { Refused } from '../model/error.ts'
import { isRateLimit, keepComment, type CommentPlace, type KeptComment } from '../targets/github/index.ts'
import type { App } from './app.ts'
import { storyOf, type Story } from './story.ts'

/** Who keeps the comment while runs are driven. */
export interface PullComment {
  /** Hears what a run tells; costs nothing. */
  hear(event: RunEvent): void
  /** A person is about to be asked for an approval. */
  atGate(gate: string, plan: Plan): void
  /** Brings the comment up to date where something has happened since. Never rejects. */
  bring(): Promise<void>
}

/** What keeping it needs. */
export interface PullCommentParts extends Pick<App, 'world' | 'journal'> {
  /** The story in Markdown. */
  text(story: Story): string
  redact(text: string): string
  /** Tells what did not work, in one line. */
  note(text: string): void
}

/** Changes of the comment in one process: a release has some ten moments, and one that goes round in circles is cut short. */
const MOST = 40

/** Steps after which a pull request is not what it was. */
const TURNS: ReadonlySet<string> = new Set(['github.pull', 'github.review', 'github.merge', 'github.merged'])

/** Begins with nothing known of any comment. */
export function keepPullComment({ world, journal, text, redact, note }: PullCommentParts): PullComment {
  const noted = new Set<string>()
  const waits = new Map<string, Waiting>()
  let at: { readonly plan: Plan; readonly verdict?: Verdict } | undefined
  let known: { readonly pull: string; readonly comment: KeptComment } | undefined
  let due = false
  let left = MOST
  let refused = false
  let bringing: Promise<void> | undefined

  const hear = (event: RunEvent): void => {
    switch (event.type) {
      case 'run':
        waits.clear()
        at = { plan: event.plan }
        due = true
        return
      case 'waiting':
        waits.set(event.step, { step: event.step, for: event.for })
        due ||= event.way === 'undo' || at?.plan.stage === 'prepare'
        return
      case 'verdict':
        if (at === undefined) return
        if (event.verdict.is === 'waiting') for (const each of event.verdict.for) waits.set(each.step, each)
        else waits.clear()
        at = { ...at, verdict: event.verdict }
        due = true
        return
      case 'entry': {
        const { entry, step } = event
        if (entry.type === 'settled') waits.delete(entry.step)
        if (entry.type === 'gate') for (const [id, { gate }] of waits) if (gate === entry.gate) waits.delete(id)
        due ||= entry.type === 'turned' || entry.type === 'gate' || (entry.type === 'settled' && TURNS.has(step?.kind ?? ''))
        return
      }
      case 'by-hand': case 'output': case 'progress':
    }
  }

  const update = async (): Promise<void> => {
    if (at === undefined || refused || left <= 0) return
    const [release] = at.plan.releases
    const found = await storyOf({ journal }, release.to)
    if (found === undefined) return
    const { place } = found
    const told = redacted({ ...found.story, waits: [...waits.values()], verdict: at.verdict }, redact)
    left -= 1
    const of = { name: release.name, version: release.to, text: redact(text(told)) }
    try {
      const comment = await keepComment(world, place, { ...of, known: known?.pull === nameOf(place) ? known.comment : undefined }).catch((error: unknown) => {
        // What is in doubt is looked for once more; absence so soon proves nothing, so that nothing is made a second time.
        if (error instanceof Refused || isRateLimit(error)) throw error
        return keepComment(world, place, { ...of, make: false })
      })
      known = { pull: nameOf(place), comment }
    } catch (error) {
      known = undefined
      refused = error instanceof Refused
      tell(place, error)
    }
  }
  const tell = ({ repository, pull }: CommentPlace, error: unknown): void => {
    const [problem] = error instanceof Refused ? error.problems : []
    const why = problem === undefined ? (error instanceof Error ? error.message : String(error)) : [problem.message, problem.hint].join(' ')
    const line = `The comment on pull request ${pull} of ${repository} is not up to date; the release goes on all the same. ${why}`.replace(/\s+/g, ' ').trim()
    if (!noted.has(line)) note(line)
    noted.add(line)
  }
  return {
    hear,
    atGate(gate, { steps }) {
      const step = steps.find((each) => each.gate === gate)?.id
      if (step !== undefined) waits.set(step, { step, for: 'an approval of this plan', gate })
      due = true
    },
    async bring() {
      await bringing
      if (!due) return
      due = false
      bringing = update().catch((error: unknown) => { note(`The comment on the pull request is not up to date: ${error instanceof Error ? error.message : String(error)}`) })
      await bringing
    },
  }
}

function nameOf({ repository, pull }: CommentPlace): string {
  return `${repository}#${pull}`
}
