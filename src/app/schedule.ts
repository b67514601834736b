// What is due, what waits for it and what stands in its way; the calendar of it, and the next milestone.
import { addDays, dayOf, freezesOn, freezeText, nextFreeDay, nextLevel, outlook, WEEKDAYS, weekdayOf, type Calendar, type CalendarEvent, type Day, type Level, type LevelOutlook, type Schedule } from '../calendar/index.ts'
import { parseChangelog, unreleasedOf } from '../changelog/index.ts'
import { SlipwayError } from '../model/error.ts'
import { readFiles } from '../survey/files.ts'
import { surveyHistory } from '../survey/history.ts'
import { headCommit } from '../survey/repository.ts'
import { surveyDates, surveyTags } from '../survey/tags.ts'
import { accessOf, findMilestone, issuesLabelled, openMilestone, type GitHubSettings } from '../targets/github/index.ts'
import { askingChanges, decideBump, isPrerelease, nextVersion } from '../version/index.ts'
import type { App } from './app.ts'
import { projectHere } from './here.ts'
import { named, settingsOf, type Project } from './project.ts'

/** One thing that may stand in the way of a release today: it does, it does not, or nobody can tell. */
export interface Blocker {
  readonly is: 'blocks' | 'clear' | 'unknown'
  readonly text: string
}

/** What is due on a day. */
export interface ScheduleView {
  readonly name: string
  readonly day: Day
  /** The newest final version. */
  readonly last: { readonly version: string; readonly day: Day } | undefined
  /** What the changes since the last release ask for. */
  readonly next: { readonly version: string; readonly level: Level } | undefined
  /** The smallest first. */
  readonly levels: readonly LevelOutlook[]
  readonly blockers: readonly Blocker[]
}

const NO_SCHEDULE: Schedule = { cadences: { patch: 'as-needed', minor: 'as-needed', major: 'as-needed' }, freezes: [], milestone: '{version}', blockers: ['priority:critical'] }

/** Looks at tags, commits, changelog, freezes and, where it can, at issues on GitHub. */
export async function schedule(app: App): Promise<ScheduleView> {
  const project = await projectHere(app)
  const seen = await look(app, project)
  return { ...seen, blockers: [...freezeBlockers(scheduleOf(project), seen.day), ...await issueBlockers(app, project, seen.next?.version ?? seen.levels.find(({ level }) => level === nextLevel(seen.levels))?.next)] }
}

function scheduleOf({ config }: Project): Schedule {
  return config.schedule ?? NO_SCHEDULE
}

async function look(app: App, project: Project): Promise<Omit<ScheduleView, 'blockers'>> {
  const { config, git } = project
  const head = await headCommit(app.look)
  const day = dayOf(app.world.now())
  const [released, { last: base }, texts] = await Promise.all([surveyDates(app.look, git.tag), surveyTags(app.look, { pattern: git.tag, commit: head }), readFiles(app.look, head, [config.changelog])])
  const commits = await surveyHistory(app.look, { since: base === undefined ? undefined : `refs/tags/${base.tag}`, commit: head })
  const text = texts.get(config.changelog)
  const unreleased = text === undefined ? undefined : unreleasedOf(parseChangelog(config.changelog, text))
  const changes = { commits, unreleased, current: base?.version ?? '0.0.0' }
  const { bump } = decideBump(changes)
  const final = released.find(({ parsed }) => !isPrerelease(parsed))
  return {
    name: config.name,
    day,
    last: final && { version: final.version, day: final.day },
    next: base === undefined || bump === undefined ? undefined : { version: nextVersion(base.version, bump), level: bump },
    levels: outlook({ schedule: scheduleOf(project), released, waiting: base === undefined ? [] : askingChanges(changes), day }),
  }
}

function freezeBlockers({ freezes }: Schedule, day: Day): readonly Blocker[] {
  const today = freezesOn(freezes, day)
  if (today.length === 0) return [{ is: 'clear', text: 'Today lies in no freeze.' }]
  const free = nextFreeDay(freezes, day)
  return today.map((freeze) => ({ is: 'blocks', text: `Today lies in ${freezeText(freeze, day)}; ${free === undefined ? 'no day does not' : `the first day outside of every freeze is ${free}`}.` }))
}

/** What is open on GitHub. What cannot be asked is told as unknown, never as clear. */
async function issueBlockers(app: App, project: Project, version: string | undefined): Promise<readonly Blocker[]> {
  const { milestone: pattern, blockers: labels } = scheduleOf(project)
  const settings = settingsOf(project, 'github') as GitHubSettings | undefined
  const asked = [...(version === undefined ? [] : [`the issues of the milestone ${named(pattern, version)}`]), ...labels.map((label) => `open issues with the label ${label}`)]
  const unknown = (why: string): readonly Blocker[] => asked.map((what) => ({ is: 'unknown', text: `Nobody can tell of ${what}: ${why}.` }))
  if (settings === undefined) return unknown('github is not switched on in slipway.yaml')
  const access = accessOf(settings)
  if (!app.look.hasSecret(settings.token)) return unknown(`${settings.token} has no value`)
  const answers = await Promise.all([
    ...(version === undefined ? [] : [telling(`the issues of the milestone ${named(pattern, version)}`, async (): Promise<Blocker> => {
      const title = named(pattern, version)
      const found = await findMilestone(app.look, access, title)
      if (found === undefined) return { is: 'clear', text: `There is no milestone ${title}.` }
      return found.open_issues === 0 ? { is: 'clear', text: `The milestone ${title} has no open issue.` } : { is: 'blocks', text: `The milestone ${title} has ${found.open_issues} open issue${found.open_issues === 1 ? '' : 's'}: ${found.html_url}` }
    })]),
    ...labels.map((label) => telling(`open issues with the label ${label}`, async (): Promise<Blocker> => {
      const [first, ...more] = await issuesLabelled(app.look, access, label)
      if (first === undefined) return { is: 'clear', text: `No open issue has the label ${label}.` }
      return { is: 'blocks', text: `#${first.number} has the label ${label}: ${first.title} (${first.url})${more.length === 0 ? '' : `, and ${more.length} more`}` }
    })),
  ])
  return answers
}

async function telling(what: string, ask: () => Promise<Blocker>): Promise<Blocker> {
  try {
    return await ask()
  } catch (error) {
    return { is: 'unknown', text: `Nobody can tell of ${what}: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}.` }
  }
}

/** What is due, the freezes and the ends of support, as a calendar. */
export async function releaseCalendar(app: App): Promise<Calendar> {
  const project = await projectHere(app)
  const { name, day, levels } = await look(app, project)
  const { freezes } = scheduleOf(project)
  const due = levels.flatMap(({ level, due: on, free, last, next, waits }): readonly CalendarEvent[] => on === undefined || last === undefined ? [] : [{
    key: `${level}-after-${last.version}`, summary: `${name}: ${level} release ${next ?? ''} is due`, from: free ?? on,
    ...(waits.length === 0 ? {} : { description: waits.join('\n') }),
  }])
  const frozen = freezes.map((freeze): CalendarEvent => 'on' in freeze
    ? { key: `freeze-${WEEKDAYS.filter((each) => freeze.on.includes(each)).join('-')}`, summary: `${name}: no releases (${freeze.reason})`, from: firstOf(freeze.on, day), on: freeze.on }
    : { key: `freeze-${freeze.from}-${freeze.until}`, summary: `${name}: no releases (${freeze.reason})`, from: freeze.from, until: freeze.until })
  const ends = (project.config.support?.lines ?? []).flatMap(({ line, active, security }) => [{ what: 'active support', on: active }, { what: 'security support', on: security }].flatMap(({ what, on }): readonly CalendarEvent[] =>
    on === undefined || on === 'tba' ? [] : [{ key: `${what.split(' ')[0] ?? ''}-${line}`, summary: `${name} ${line}: last day of ${what}`, from: on }]))
  return { name, stamp: app.world.now(), events: [...due, ...frozen, ...ends] }
}

/** The first day from this one on that is one of these days of the week. */
function firstOf(on: readonly string[], day: Day): Day {
  return [0, 1, 2, 3, 4, 5, 6].map((count) => addDays(day, count)).find((each) => on.includes(weekdayOf(each))) ?? day
}

/** Opens the milestone of the next release of a level, or of the level that comes next, with the day that it is due where that is still to come. Throws SlipwayError `usage` or as `openMilestone` does. */
export async function openNextMilestone(app: App, asked: Level | undefined): Promise<{ readonly title: string; readonly due: Day | undefined; readonly is: 'opened' | 'moved' | 'there'; readonly url: string }> {
  const project = await projectHere(app)
  const settings = settingsOf(project, 'github') as GitHubSettings | undefined
  if (settings === undefined) throw new SlipwayError({ code: 'usage', message: 'Milestones are on GitHub, and github is not switched on in slipway.yaml.', hint: 'Add `github:` with the repository.' })
  const { levels } = await look(app, project)
  const level = asked ?? nextLevel(levels)
  const found = levels.find((each) => each.level === level)
  if (found?.next === undefined) throw new SlipwayError({ code: 'usage', message: 'Nothing has been released yet, so no version comes next.', hint: 'Open the first milestone on GitHub.' })
  const title = named(scheduleOf(project).milestone, found.next)
  // A day that is over tells nobody when it comes.
  const due = (found.overdue ?? 0) > 0 ? undefined : found.free ?? found.due
  const opened = await openMilestone(app.world, accessOf(settings), { title, due, description: `The next ${level} release of ${project.config.name}.` })
  return { title, due, ...opened }
}
