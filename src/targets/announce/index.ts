// The target "announce": one message about a release that is out and verified, on every channel that is set.
import type { Need, NeedContext } from '../../model/need.ts'
import { defineTarget, type AnnounceContext, type Announcement, type SecretNeed } from '../../model/target.ts'
import { CHANNELS } from './channels.ts'
import { isMeant, type AnyChannel } from './channel.ts'
import { announceSettings, type AnnounceSettings } from './settings.ts'
import { messageOf } from './text/message.ts'

export { announcePlaces, type AnnouncePlaces } from './places.ts'
export type { AnnounceSettings } from './settings.ts'

/** The channels that are set, with their settings. */
function setChannels(settings: AnnounceSettings): readonly { readonly channel: AnyChannel; readonly own: unknown }[] {
  return CHANNELS.flatMap((channel) => {
    const own = settings[channel.name as keyof AnnounceSettings] as unknown
    return own === undefined ? [] : [{ channel, own }]
  })
}

/** Every announcement, with those that this release is not for left out. */
function announcements(context: AnnounceContext, settings: AnnounceSettings): readonly Announcement[] {
  const message = messageOf(context, settings)
  // Where a message can be deleted nothing is left to correct.
  const speaking = setChannels(settings).filter(({ channel: { kind } }) => context.about === 'release' || kind.reversal.is === 'final')
  return speaking.flatMap(({ channel, own }) => channel.announce(message, own, context)
    .filter(({ only }) => isMeant(only, context))
    .map(({ of, title, input, ready }): Announcement => ({ channel: of === undefined ? channel.name : `${channel.name}:${of}`, kind: channel.kind.kind, title, input, blind: channel.blind, ready })))
}

/** A release that nobody makes, to see what every channel needs before there is one. */
const SAMPLE: Omit<AnnounceContext, 'repository' | 'release'> = { about: 'release', tag: 'v1.0.0', date: '2026-01-01T00:00:00Z', prerelease: false, notes: '### Security\n\n- A sample.' }

function needs({ project, repository }: NeedContext, settings: AnnounceSettings): readonly Need[] {
  const release = { name: project, from: null, to: '1.0.0', because: [] }
  return announcements({ ...SAMPLE, release, repository }, settings).map(({ channel, ready }): Need => ({ of: 'forward', title: `announce on ${channel}`, look: ready }))
}

/** Each secret once, whichever channels need it. */
function secrets(settings: AnnounceSettings): readonly SecretNeed[] {
  const all = setChannels(settings).flatMap(({ channel, own }) => channel.secrets(own))
  return [...new Map(all.map((need) => [need.name, need])).values()]
}

/** Tells of releases. */
export const announceTarget = defineTarget<AnnounceSettings>({
  name: 'announce',
  summary: 'Tells of a release that is out and verified, once on each channel.',
  settings: announceSettings,
  kinds: CHANNELS.map(({ kind }) => kind),
  facts: {},
  expects: () => [],
  prepare: () => [],
  publish: () => [],
  announces: announcements,
  secrets,
  needs,
})
