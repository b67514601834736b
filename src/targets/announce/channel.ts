// A channel: one place where releases are told of, with its settings, its announcements and what it needs.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { AnyKind } from '../../model/kind.ts'
import type { AnnounceContext, Announcement, SecretNeed } from '../../model/target.ts'
import type { Message } from './text/message.ts'

/** One announcement as a channel proposes it. */
export type Told = Omit<Announcement, 'channel' | 'kind' | 'blind'> & {
  /** What tells it from others of the channel. */
  readonly of?: string
  /** Which releases it is for; every one when left out. */
  readonly only?: Only | undefined
}

/** The releases that something is said about: `final` for those that are no prerelease, `security` for those whose notes have a section Security. */
export type Only = 'every' | 'final' | 'security'

/** A channel. */
export interface Channel<Settings> {
  /** Its key under `announce`. */
  readonly name: string
  readonly kind: AnyKind
  /** True when nobody can see afterwards whether something was sent. */
  readonly blind: boolean
  readonly settings: z.ZodType<Settings>
  /** Pure. Only a channel whose messages cannot be deleted is asked about a withdrawal. */
  announce(message: Message, settings: Settings, context: AnnounceContext): readonly Told[]
  secrets(settings: Settings): readonly SecretNeed[]
}

/** Any channel, for the list of channels. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one registry type: each channel parses its own settings
export type AnyChannel = Channel<any>

/** Declares a channel, checking its types. */
export function defineChannel<Settings>(channel: Channel<Settings>): Channel<Settings> {
  return channel
}

/** True when something is to be said about a release. */
export function isMeant(only: Only | undefined, { prerelease, notes }: AnnounceContext): boolean {
  switch (only) {
    case undefined: case 'every': return true
    case 'final': return !prerelease
    case 'security': return /^#{2,4}\s+Security\s*$/im.test(notes)
  }
}

/** A name made from a step's key that tells nothing and is the same every time: lower-case hexadecimal digits. */
export function nameFrom(key: string, digits = 32): string {
  return createHash('sha256').update(key).digest('hex').slice(0, digits)
}
