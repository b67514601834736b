// Every channel of a rehearsal, with what it has heard.
import type { Service } from '../service.ts'
import { discordService } from './discord.ts'
import { hookService } from './hook.ts'
import { slackService } from './slack.ts'
import type { ChannelsState } from './state.ts'

/** The services of all channels. */
export function channelServices(state: ChannelsState): readonly Service[] {
  return [discordService(state), slackService(state), hookService(state)]
}
