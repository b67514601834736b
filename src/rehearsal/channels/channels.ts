// Every channel of a rehearsal, with what it has heard.
import type { Service } from '../service.ts'
import { blueskyService } from './bluesky.ts'
import { discordService } from './discord.ts'
import { discourseService } from './discourse.ts'
import { hookService } from './hook.ts'
import { mastodonService } from './mastodon.ts'
import { slackService } from './slack.ts'
import type { ChannelsState } from './state.ts'

/** The services of all channels. */
export function channelServices(state: ChannelsState): readonly Service[] {
  return [discordService(state), slackService(state), mastodonService(state), blueskyService(state), discourseService(state), hookService(state)]
}
