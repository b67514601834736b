// THE list of channels, in the order in which they are told. A new channel is one file and one line here.
import type { AnyChannel } from './channel.ts'
import { discord } from './channels/discord.ts'
import { discussion } from './channels/discussion.ts'
import { mail } from './channels/mail.ts'
import { slack } from './channels/slack.ts'
import { webhook } from './channels/webhook.ts'

/** Every channel that Slipway knows. */
export const CHANNELS: readonly AnyChannel[] = [discussion, mail, slack, discord, webhook]
