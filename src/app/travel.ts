// The journal travels: what a run is about to do outside is on its remote before it is done, and another machine takes it up from there.
import type { Claim, Journal, NewEntry } from '../model/entry.ts'
import type { Digest, Plan } from '../model/plan.ts'
import { fold } from '../engine/fold.ts'
import { joined, parseTravel, travels, travelText, type TravelLine } from '../storage/travel-text.ts'
import { readJournalRef, unreadableJournalRef, writeJournalRef } from '../targets/git/index.ts'
import type { App } from './app.ts'
import type { Project } from './project.ts'

/** The journal of one remote, as a run uses it. */
export interface Travel {
  /**
   * Brings what other machines began under this plan into the journal here. The plan is the one that was made here: no plan, no approval
   * and no success is ever taken from the remote, so a step that was begun elsewhere is still looked for before anything is believed of it.
   */
  bring(claim: Claim, plan: Plan): Promise<void>
  /** Called after each entry was written here; resolves when the remote has all that a run elsewhere must know. */
  sent(run: string, plan: Plan, entry: NewEntry): Promise<void>
}

/** True when the journal of a project travels: as the command says, else the config, else in a job of CI alone. */
function isTravelling({ journalAt }: Pick<App, 'journalAt'>, { config }: Pick<Project, 'config'>): boolean {
  return (journalAt?.asked ?? config.journal ?? journalAt?.otherwise ?? 'local') === 'remote'
}

/** A release that the journal at a remote knows to be published to its end, and the digest of the plan that published it. */
export interface ShippedElsewhere {
  readonly version: string
  readonly plan: Digest
}

/**
 * What the journal at a project's remote knows to be shipped: the version, or the newest when it is left out. Read whether this machine's own journal
 * travels or not. Throws SlipwayError `remote-unreachable` or `journal-invalid`.
 */
export async function shippedElsewhere({ world }: Pick<App, 'world'>, { git }: Project, version?: string): Promise<ShippedElsewhere | undefined> {
  const at = { remote: git.remote, token: { $secret: git.token } }
  const text = await readJournalRef(world, at)
  const lines = text === undefined ? [] : parseTravel(text)
  if (lines === undefined) throw unreadableJournalRef(at)
  const shipped = lines.flatMap(({ run, plan, entry }): ShippedElsewhere[] => {
    const name = /^([^/]+)\/publish\//.exec(run)?.[1]
    return name === undefined || entry.type !== 'closed' || entry.outcome !== 'done' ? [] : [{ version: name, plan }]
  })
  return shipped.findLast((each) => version === undefined || each.version === version)
}

/** The journal at a project's remote; undefined where it stays on this machine. */
export function travelOf(app: App, project: Project): Travel | undefined {
  if (!isTravelling(app, project)) return undefined
  const { git } = project
  const at = { remote: git.remote, token: { $secret: git.token } }
  let unsent: readonly TravelLine[] = []
  let sending: Promise<void> | undefined

  const send = async (): Promise<void> => {
    const mine = unsent
    unsent = []
    try {
      await writeJournalRef(app.world, at, (text) => travelText(joined(withoutOver(parsed(text), mine), mine)))
    } catch (error) {
      unsent = [...mine, ...unsent]
      throw error
    }
  }
  /** Everything that is waiting when a push begins goes with it. */
  const sendAll = async (): Promise<void> => {
    while (unsent.length > 0) {
      sending ??= send().finally(() => { sending = undefined })
      await sending
    }
  }
  const parsed = (text: string | undefined): readonly TravelLine[] => {
    if (text === undefined) return []
    const lines = parseTravel(text)
    if (lines === undefined) throw unreadableJournalRef(at)
    return lines
  }
  return {
    async bring(claim, plan) {
      const theirs = begunOf(parsed(await readJournalRef(app.world, at)), plan)
      const written = await app.journal.read(claim.run)
      // What this machine wrote while it could not be sent.
      const own = written.flatMap((entry) => lineOf(claim.run, plan, entry))
      const unknown = written.some(({ type }) => type === 'closed') ? [] : joined(theirs, own).slice(theirs.length)
      await take(app.journal, { claim, state: fold(plan, written), theirs })
      unsent = [...unsent, ...unknown]
      await sendAll()
    },
    async sent(run, plan, entry) {
      const line = lineOf(run, plan, entry)
      if (line.length === 0) return
      unsent = [...unsent, ...line]
      await sendAll()
    },
  }
}

/** The line of an entry, for steps whose effect is outside; what only proves is proved again elsewhere. */
function lineOf(run: string, plan: Plan, entry: NewEntry): readonly TravelLine[] {
  const part = travels(entry)
  if (part === undefined) return []
  if (part.type === 'begun' && plan.steps.find(({ id }) => id === part.step)?.reversal === 'none') return []
  return [{ run, plan: plan.digest, entry: part }]
}

/** What was begun of a plan in a run that is not over, under whatever name that run has elsewhere. */
function begunOf(lines: readonly TravelLine[], plan: Plan): readonly TravelLine[] {
  const over = overIn(lines)
  return lines.filter((line) => line.plan === plan.digest && !over.has(line.run))
}

/** Runs that are over are kept until another begins something, so that the file does not grow for ever. */
function withoutOver(lines: readonly TravelLine[], mine: readonly TravelLine[]): readonly TravelLine[] {
  const over = overIn(lines)
  return mine.some(({ entry }) => entry.type === 'begun') ? lines.filter(({ run }) => !over.has(run)) : lines
}

function overIn(lines: readonly TravelLine[]): ReadonlySet<string> {
  return new Set(lines.flatMap(({ run, entry }) => entry.type === 'closed' ? [run] : []))
}

/** Appends what is not known here yet: for each step the attempts beyond those that this journal has, and the turn. */
async function take(journal: Journal, { claim, state, theirs }: { readonly claim: Claim; readonly state: ReturnType<typeof fold>; readonly theirs: readonly TravelLine[] }): Promise<void> {
  if (state.closed !== undefined) return
  for (const { entry } of theirs) {
    if (entry.type === 'begun') {
      const step = state.steps.get(entry.step)
      // A step that the plan does not have is nobody's business here.
      if (step === undefined || step[entry.way].attempts >= entry.attempt) continue
      step[entry.way].attempts = entry.attempt
      await journal.append(claim, entry)
    } else if (entry.type === 'turned' && state.way === 'apply') {
      state.way = 'undo'
      await journal.append(claim, { type: 'turned', why: 'another machine turned this run' })
    }
  }
}
