// What must be so of a toy release however often its processes were killed, and which of it is not.
import { isDeepStrictEqual } from 'node:util'
import { FINAL_STEPS } from './toy-plan.ts'
import { backByLooking, backOf, killPoints, runThrough, type Ended, type Scene } from './toy-run.ts'
import { viewOf, type ToyServers } from './toy-servers.ts'

/** One scene with the end that it has when nothing is killed. */
export interface Ground {
  readonly scene: Scene
  readonly base: Ended
  /** Servers on which every run begins; empty ones when left out. */
  readonly before?: () => ToyServers
}

/** Kills at every point once, and with `pairs` at every `pairs`-th point of the next process too. Returns one line per broken promise. */
export async function matrix(ground: Ground, { pairs }: { readonly pairs?: number } = {}): Promise<readonly string[]> {
  const bad: string[] = []
  const points = killPoints(ground.base)
  for (const first of points) {
    await tryOne(ground, [first], bad)
    if (pairs === undefined) continue
    // The offset moves with the first kill, so that every point is also a second one.
    for (const second of points.filter((point) => point % pairs === first % pairs)) {
      if (!(await tryOne(ground, [first, second], bad))) break
    }
  }
  return bad
}

/** Tells whether every kill was reached. */
async function tryOne(ground: Ground, kills: readonly number[], bad: string[]): Promise<boolean> {
  const where = (ended?: Ended) => `killed at ${kills.join(' and ')}${ended === undefined ? '' : ` (${ended.killedAt.join('; ')})`}`
  try {
    const ended = await runThrough(ground.scene, kills, ground.before?.())
    bad.push(...(await broken(ground, ended)).map((what) => `${where(ended)}: ${what}`))
    return ended.killedAt.length === kills.length
  } catch (error) {
    bad.push(`${where()}: ${String(error)}`)
    return true
  }
}

/** The promises that a run broke. */
export async function broken({ scene, base }: Ground, ended: Ended): Promise<readonly string[]> {
  const { servers, verdict, entries } = ended
  const lost = scene.journalIs === 'lost'
  const racing = (scene.concurrency ?? 1) > 1 && scene.refusing !== undefined
  const bad: string[] = []
  // Without its journal a run knows neither what it posted nor that it was going back.
  const repeats = (what: string) => lost && (what === 'toy.post' || scene.refusing !== undefined || scene.plan.stage === 'rollback')
  for (const [what, times] of servers.made) if (times > 1 && !repeats(what)) bad.push(`${what} was made ${times} times`)
  for (const [what, times] of servers.taken) if (times > 1 && !repeats(what)) bad.push(`${what} was taken back ${times} times`)
  if (!lost && servers.repeated.length > 0) bad.push(`${servers.repeated.join()} was asked for again`)
  if (entries.some(({ type }) => type === 'turned') && FINAL_STEPS.some((id) => servers.made.has(id))) bad.push('the run turned after a final step')

  if (verdict.is === 'stuck') {
    const unexpected = verdict.steps.filter(({ step }) => !mayBeInDoubt(scene, ended, step))
    for (const { step, why } of unexpected) bad.push(`stuck at ${step}: ${why}`)
  } else if (!racing && !lost && verdict.is !== base.verdict.is) bad.push(`the verdict is ${verdict.is}, not ${base.verdict.is}`)

  const turned = base.verdict.is === 'rolled-back' || (base.verdict.is === 'failed' && base.verdict.over)
  if (turned && verdict.is !== 'done' && scene.plan.stage !== 'rollback') await takeBackTheRest(scene, ended, bad)
  if (racing && FINAL_STEPS.includes(scene.refusing ?? '')) return bad
  const [view, expected] = [viewOf(servers), viewOf(base.servers)].map((each) => essence(each as View, { racing, posts: verdict.is !== 'stuck' && !lost }))
  if (!isDeepStrictEqual(view, expected)) bad.push(`the world is ${JSON.stringify(view)}, not ${JSON.stringify(expected)}`)
  return bad
}

/**
 * A post that nobody can read, or a refusal after an attempt that was cut short, asks for a person; so does what was taken back
 * when nobody remembers. Nothing else does.
 */
function mayBeInDoubt(scene: Scene, { entries, servers }: Ended, step: string): boolean {
  if (scene.journalIs === 'lost' && servers.files.get(step)?.yanked === true) return true
  const ofStep = entries.filter((entry) => 'step' in entry && entry.step === step && entry.way === 'apply')
  const begun = ofStep.filter(({ type }) => type === 'begun').length
  const refused = ofStep.filter((entry) => entry.type === 'failed' && entry.certain).length
  return begun > refused && (step === 'toy.post' || step === scene.refusing)
}

/** What a run that was meant to turn left, because it stopped in doubt or found the effects of a journal that is lost. */
async function takeBackTheRest(scene: Scene, { servers, verdict, entries }: Ended, bad: string[]): Promise<void> {
  if (scene.journalIs !== 'lost' && verdict.is !== 'stuck') return
  await servers.clock.sleep(servers.lag)
  const plan = scene.journalIs === 'lost' ? await backByLooking(scene.plan, servers) : backOf(scene.plan, entries)
  if (plan === undefined) return
  const end = await runThrough({ ...scene, plan, journalIs: 'kept' }, [], servers)
  if (end.verdict.is !== 'rolled-back') bad.push(`the way back ended ${JSON.stringify(end.verdict)}`)
}

interface View {
  readonly files: readonly (readonly [string, string, boolean])[]
  readonly posts: readonly string[]
}

/** The part of a view that must be the same. Which uploads a racing run began before it turned is chance; all of them are withdrawn. */
function essence(view: View, { racing, posts }: { readonly racing: boolean; readonly posts: boolean }): unknown {
  return { ...view, files: view.files.filter(([, , yanked]) => !(racing && yanked)), posts: posts ? view.posts : [] }
}
