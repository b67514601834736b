// THE list of channels, in the order in which they are told. A new channel is one file, one line here and one in settings.ts.
import type { AnyChannel } from './channel.ts'
import { bluesky } from './channels/bluesky.ts'
import { discord } from './channels/discord.ts'
import { discourse } from './channels/discourse.ts'
import { discussion } from './channels/discussion.ts'
import { feed } from './channels/feed.ts'
import { mail } from './channels/mail.ts'
import { mastodon } from './channels/mastodon.ts'
import { slack } from './channels/slack.ts'
import { webhook } from './channels/webhook.ts'

/** Every channel that Slipway knows. */
export const CHANNELS: readonly AnyChannel[] = [discussion, discourse, mail, mastodon, bluesky, slack, discord, webhook, feed]
