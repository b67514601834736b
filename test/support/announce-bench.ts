// Announcements by themselves: a rehearsal's channels, the real world and engine, and a journal in memory that can be lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { announce, type Announcing, type Told } from '../../src/app/announce.ts'
import type { App } from '../../src/app/app.ts'
import type { Telling } from '../../src/app/announcements.ts'
import { projectFrom, type Project } from '../../src/app/project.ts'
import { recall } from '../../src/app/recall.ts'
import { participants } from '../../src/app/rehearse.ts'
import { worldSecrets } from '../../src/app/world-secrets.ts'
import type { Journal } from '../../src/model/entry.ts'
import type { RunEvent } from '../../src/model/event.ts'
import type { World } from '../../src/model/world.ts'
import { git } from '../../src/rehearsal/git/bare.ts'
import { feedTitles, heardOn } from '../../src/rehearsal/channels/heard.ts'
import { jumpingClock } from '../../src/rehearsal/clock.ts'
import type { ServeOptions } from '../../src/rehearsal/serve.ts'
import { openRehearsalWorld, type RehearsalWorld } from '../../src/rehearsal/world.ts'
import { memoryJournal } from '../../src/storage/memory.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { lookOnly } from '../../src/world/readonly.ts'
import { openWorld } from '../../src/world/world.ts'
import { fuse, type Fuse } from './ground-fuse.ts'

/** Channels, and whoever announces on them. */
export interface AnnounceBench extends AsyncDisposable {
  readonly rehearsal: RehearsalWorld
  readonly project: Project
  readonly telling: Telling & { readonly project: Project }
  /** The values that open the channels, by the names of their secrets; tests take some away. */
  readonly secrets: Record<string, string>
  onCall: ServeOptions['onCall']
  /** What everybody can read on each channel, in words that tests compare. */
  heard(): Promise<Readonly<Record<string, readonly string[]>>>
  /** Silences every channel. */
  reset(): Promise<void>
  /** A journal that knows nothing. */
  journal(): Journal
  announce(journal: Journal, options?: Partial<Announcing> & { readonly fuse?: Fuse; readonly about?: 'withdrawal' }): Promise<readonly Told[]>
  recall(journal: Journal, options?: { readonly only?: readonly string[]; readonly fuse?: Fuse }): Promise<readonly Told[]>
  readonly events: RunEvent[]
}

const NOTES = '### Added\n\n- A *feature*, by @ada, for @everyone and **everybody** & <all> ([#12](https://example.org/12)).\n\n### Security\n\n- A hole is closed.'

/** Opens channels for the `announce` block of a config. */
export async function openAnnounceBench(announceBlock: string): Promise<AnnounceBench> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-announce-'))
  const project = projectFrom(`name: tiny\nversion: {places: [VERSION]}\ngithub: {repository: acme/tiny}\nannounce:\n${announceBlock.replace(/^/gm, '  ')}\n`, TARGETS)
  const clock = jumpingClock()
  const secrets: Record<string, string> = { ...worldSecrets(project, (name) => `bench-${name.toLowerCase()}-value`) }
  const hook: Pick<AnnounceBench, 'onCall'> = { onCall: undefined }
  const rehearsal = await openRehearsalWorld({
    folder, ...participants(project, []), tokens: Object.values(secrets), now: () => clock.now(), onCall: (call, moment) => hook.onCall?.(call, moment),
  })
  const events: RunEvent[] = []
  const appWith = (journal: Journal, wire: Fuse): App => {
    const world: World = wire.world(openWorld({
      repository: folder, folder, env: { ...secrets }, version: '0.0.0', evidence: journal.evidence, routes: rehearsal.served.routes, gitInherits: 'nothing', reach: 'routed', trusted: Object.keys(rehearsal.served.routes), now: () => clock.now(),
    }))
    return {
      world, look: lookOnly(world), clock: wire.clock(clock), journal: wire.journal(journal), targets: TARGETS, driver: 'bench', holder: { id: 'bench', host: 'bench' },
      policy: { concurrency: 1, attempts: 5, patience: { person: 0, world: 60_000 } }, signal: new AbortController().signal,
      secrets: { sourceOf: () => 'the bench', hold: () => undefined }, provide: async () => 'nothing', tell: (event) => { events.push(event) },
    }
  }
  const telling: AnnounceBench['telling'] = {
    project,
    subject: { repository: 'https://github.com/acme/tiny.git', commit: 'a'.repeat(40), tree: 'b'.repeat(40) },
    context: { about: 'release', release: { name: 'tiny', from: '1.0.0', to: '1.1.0', because: [] }, tag: 'v1.1.0', date: '2026-10-01T09:00:00Z', prerelease: false, notes: NOTES, repository: 'https://github.com/acme/tiny.git' },
  }
  return Object.assign(hook, {
    rehearsal, project, telling, secrets, events,
    heard: async () => {
      const feed = await feedTitles(rehearsal.bare, { branch: 'pages', path: 'releases.atom' })
      return { ...heardOn(rehearsal), ...(feed.length === 0 ? {} : { feed }) }
    },
    async reset() {
      // The branch of the feed begins again, empty.
      const tree = await git(rehearsal.bare, ['mktree'], { stdin: '' })
      const who = { GIT_AUTHOR_NAME: 'B', GIT_AUTHOR_EMAIL: 'b@example.org', GIT_COMMITTER_NAME: 'B', GIT_COMMITTER_EMAIL: 'b@example.org' }
      await git(rehearsal.bare, ['update-ref', 'refs/heads/pages', await git(rehearsal.bare, ['commit-tree', tree, '-m', 'pages'], { env: who })])
      const { github, channels } = rehearsal
      github.discussions.length = 0
      github.spent.clear()
      for (const list of [channels.discord, channels.slack, channels.mails, channels.statuses, channels.topics, channels.deliveries]) list.length = 0
      channels.records.clear()
    },
    journal: () => memoryJournal({ now: () => clock.now(), alive: () => false }),
    announce: (journal: Journal, { fuse: wire = fuse(), about, ...options }: Parameters<AnnounceBench['announce']>[1] = {}) =>
      announce(appWith(journal, wire), { ...telling, context: { ...telling.context, about: about ?? 'release' } }, { sure: true, ...options }),
    recall: (journal: Journal, { fuse: wire = fuse(), ...options }: Parameters<AnnounceBench['recall']>[1] = {}) => recall(appWith(journal, wire), telling, options),
    async [Symbol.asyncDispose]() {
      await rehearsal[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}
