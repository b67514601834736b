// Where announcements go that no two projects send to the same place: the hosts that settings name.
import type { AnnounceSettings } from './settings.ts'

/** The places that a rehearsal must stand in for. */
export interface AnnouncePlaces {
  readonly hooks: readonly string[]
}

/** The hosts of a project's announcements; none where it makes none. */
export function announcePlaces(settings: AnnounceSettings | undefined): AnnouncePlaces {
  return { hooks: settings?.webhook === undefined ? [] : [new URL(settings.webhook.url).host] }
}
