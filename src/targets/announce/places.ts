// Where announcements go that no two projects send to the same place: the hosts that settings name.
import type { AnnounceSettings } from './settings.ts'

/** The places that a rehearsal must stand in for. */
export interface AnnouncePlaces {
  readonly hooks: readonly string[]
  readonly mastodon: readonly string[]
  readonly bluesky: readonly string[]
  readonly discourse: readonly string[]
  readonly feed: { readonly branch: string; readonly path: string } | undefined
}

/** The hosts of a project's announcements; none where it makes none. */
export function announcePlaces(settings: AnnounceSettings | undefined): AnnouncePlaces {
  const hosts = (url: string | undefined): readonly string[] => url === undefined ? [] : [new URL(url).host]
  return { hooks: hosts(settings?.webhook?.url), mastodon: hosts(settings?.mastodon?.instance), bluesky: hosts(settings?.bluesky?.service), discourse: hosts(settings?.discourse?.forum), feed: settings?.feed }
}
