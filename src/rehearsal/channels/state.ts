// What the channels of a rehearsal have heard: every message that anybody would read.

/** A message that a Discord webhook shows. */
export interface DiscordMessage {
  readonly id: string
  readonly content: string
  /** What it calls: everybody, nobody. */
  readonly mentions: readonly string[]
}

/** A message on Slack, in its own markup. */
export interface SlackMessage {
  readonly text: string
}

/** A mail as it was handed over: the envelope, and the source with its headers. */
export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly source: string
}

/** A post on Mastodon, with the key that it was sent with. */
export interface Status {
  readonly id: string
  readonly text: string
  readonly key: string | undefined
  readonly at: Date
}

/** A topic of a forum; `external` is the id that whoever opened it gave it. */
export interface Topic {
  readonly id: number
  readonly title: string
  readonly raw: string
  external: string
  deleted: boolean
}

/** A delivery that a webhook took. */
export interface Delivery {
  readonly id: string
  readonly url: string
  readonly body: string
}

/** Which places the project announces on, beside those that everybody knows. */
export interface ChannelPlaces {
  /** Hosts of webhooks of its own. */
  readonly hooks: readonly string[]
  readonly mastodon: readonly string[]
  readonly bluesky: readonly string[]
  readonly discourse: readonly string[]
}

/** What was heard, by channel. */
export interface ChannelsState {
  readonly now: () => Date
  /** What opens everything here. */
  readonly tokens: readonly string[]
  readonly places: ChannelPlaces
  readonly discord: DiscordMessage[]
  readonly slack: SlackMessage[]
  readonly mails: Mail[]
  readonly statuses: Status[]
  readonly topics: Topic[]
  /** Records of a Bluesky account, by their addresses. */
  readonly records: Map<string, { readonly text: string }>
  /** What opens that account now. */
  readonly sessions: Set<string>
  readonly deliveries: Delivery[]
  /** Ids count up from one. */
  nextId(): number
}

/** Channels on which nothing was said. */
export function createChannels({ now, tokens, places }: Pick<ChannelsState, 'now' | 'tokens' | 'places'>): ChannelsState {
  let last = 0
  return { now, tokens, places, discord: [], slack: [], mails: [], statuses: [], topics: [], records: new Map(), sessions: new Set(), deliveries: [], nextId: () => (last += 1) }
}

/** The word that is a token: secrets that are addresses hold theirs at the end. */
export function isKnown({ tokens }: ChannelsState, word: string): boolean {
  return tokens.some((token) => token === word || token.endsWith(`/${word}`))
}
