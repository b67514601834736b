// One case of the crash matrix: run until killed at a boundary, run again, compare the worlds.
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './crash-bench.ts'
import { wordsOf } from './crash-driver.ts'
import { differences } from './crash-portrait.ts'
import type { Boundary, Running, Scene, Site, SiteOptions, SiteRun } from './crash-site.ts'

/** A boundary with words for people. */
export interface Named extends Boundary {
  readonly name: string
}

/** What a case is made of. */
export interface Case {
  readonly boundary: Named
  readonly args: readonly string[]
  /** The exit code of the second run, or those that it may have. */
  readonly exit: number | readonly number[]
  /** What is run after it, with the exit code of that. */
  readonly then?: { readonly args: readonly string[]; readonly exit: number }
  /** The world after a run that nothing happens to, or each that may be there in the end. */
  readonly scene: Scene | readonly Scene[]
  readonly site?: Partial<Pick<SiteOptions, 'seed' | 'preset' | 'frozen' | 'arrange'>>
  readonly heard?: (site: Site) => NonNullable<Running['heard']>
  readonly broken?: Running['broken']
  /** What happens between the crash and the second run. */
  between?(site: Site): Promise<void> | void
}

/** Every boundary of a run: before and after each request that changes something, and each write to the journal. */
export function boundariesOf(run: Pick<SiteRun, 'requests' | 'writes'>): readonly Named[] {
  const of = (at: Boundary['at'], names: readonly string[]) => names.flatMap((name, index) => (['before', 'after'] as const).map((moment): Named => ({
    at, number: index + 1, moment, name: `${moment} ${at} ${index + 1}: ${name}`,
  })))
  return [...of('request', run.requests), ...of('write', run.writes)]
}

/**
 * The boundaries of a run that differ in what is left behind. The moment before a request, or before a step is begun, is the moment after whatever
 * came last; so is the moment before a step has ended, unless it worked on this machine alone. After a step was settled, the next one is begun: nothing
 * else changes in between.
 */
export function distinctBoundariesOf(run: Pick<SiteRun, 'requests' | 'writes' | 'under'>): readonly Named[] {
  const asking = new Set(run.under.flat())
  const write = (number: number): { readonly type?: string | undefined; readonly step?: string | undefined } => /^(?:undo )?(?<type>begun|settled|failed) (?<step>.*)$/.exec(run.writes[number - 1] ?? '')?.groups ?? {}
  const isTwin = ({ at, number, moment }: Boundary): boolean => {
    if (at === 'request') return moment === 'before'
    const { type, step = '' } = write(number)
    if (moment === 'after') return type === 'settled' && write(number + 1).type === 'begun'
    return type === 'begun' || (type !== undefined && asking.has(step))
  }
  return boundariesOf(run).filter((boundary) => !isTwin(boundary))
}

/** One of many boundaries that differ in the file, the digest or the number that they are about, and in nothing else: the last of each sort, in their order. */
export function lastOfEachSort(boundaries: readonly Named[]): readonly Named[] {
  const sortOf = ({ at, moment, name }: Named): string => {
    const about = name.replace(/^\w+ \w+ \d+: /, '')
    return `${moment} ${at === 'write' ? about.replace(/:.*/, '') : about.replace(/\?.*/, '').replace(/\/blobs\/uploads\/.+/, '/blobs/uploads/ID').replaceAll(/sha256[:-][0-9a-f]+|\d+/g, 'N')}`
  }
  return [...new Map(boundaries.map((each) => [sortOf(each), each])).values()].toSorted((one, other) => boundaries.indexOf(one) - boundaries.indexOf(other))
}

/** Runs a case. Throws an AssertionError that names the boundary and shows how the worlds differ. */
export async function crash(bench: Bench, its: Case): Promise<void> {
  await using site = await bench.site(its.site)
  const again = { args: its.args, ...(its.heard === undefined ? {} : { heard: its.heard(site) }), ...(its.broken === undefined ? {} : { broken: its.broken }) }
  const first = await site.run({ ...again, dies: its.boundary })
  assert.equal(first.signal, 'SIGKILL', `the run was to be killed ${its.boundary.name}, but ${wordsOf(first)}`)
  await its.between?.(site)
  const second = await site.run(again)
  assert.ok([its.exit].flat().includes(second.code ?? -1), `after a kill ${its.boundary.name} the second run was to end with ${[its.exit].flat().join(' or ')}, but ${wordsOf(second)}`)
  const last = its.then === undefined ? second : await site.run({ ...again, args: its.then.args })
  if (its.then !== undefined) assert.equal(last.code, its.then.exit, `after a kill ${its.boundary.name} ${its.then.args.join(' ')} was to end with ${its.then.exit}, but ${wordsOf(last)}`)
  const found = await site.scene()
  const differ = [its.scene].flat().map((scene) => differences(scene, found))
  assert.ok(differ.some(({ length }) => length === 0), `after a kill ${its.boundary.name} the world differs:\n${differ.map((lines) => lines.join('\n')).join('\nand\n')}\n${wordsOf(last)}`)
}

/** The person who takes back by hand what the program asks for: yanks a release from the index, deletes a version of an image's package. */
export function person({ world }: Site): NonNullable<Running['heard']> {
  let following: Promise<unknown> = Promise.resolve()
  const followed = new Set<string>()
  return (line) => {
    const { page, steps } = line
    if (line.type !== 'by-hand' || typeof page !== 'string' || !Array.isArray(steps)) return
    const asked = [page, ...steps.map(String)]
    if (followed.has(asked.join('\n'))) return
    followed.add(asked.join('\n'))
    following = following.then(() => world.followPage(page, asked.slice(1)))
  }
}

/** Deletes a site's journal, with the evidence in it; the artifacts stay. */
export function loseJournal({ state }: Site): void {
  for (const name of readdirSync(state)) if (name.startsWith('journal.db')) rmSync(join(state, name))
}
