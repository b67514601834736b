// The settings under `announce` in slipway.yaml.
import { z } from 'zod'
import { httpsShape } from './shapes.ts'
import { bluesky } from './channels/bluesky.ts'
import { discord } from './channels/discord.ts'
import { discourse } from './channels/discourse.ts'
import { discussion } from './channels/discussion.ts'
import { feed } from './channels/feed.ts'
import { mail } from './channels/mail.ts'
import { mastodon } from './channels/mastodon.ts'
import { slack } from './channels/slack.ts'
import { webhook } from './channels/webhook.ts'
import { RELEASE_TEMPLATE, WITHDRAWAL_TEMPLATE } from './text/message.ts'

const KNOWN = ['name', 'version', 'tag', 'date', 'notes', 'before', 'url']

const template = z.string().min(1).superRefine((text, context) => {
  for (const [whole, key = ''] of text.matchAll(/\{(\w+)\}/g)) if (!KNOWN.includes(key)) context.addIssue({ code: 'custom', message: `has the placeholder ${whole}, which means nothing: there are ${KNOWN.map((each) => `{${each}}`).join(', ')}` })
})

/** What is said, and where. */
export const announceSettings = z.strictObject({
  template: template.default(RELEASE_TEMPLATE).describe('What is said of a release, in Markdown; the first line is the title. {name}, {version}, {tag}, {date}, {notes}, {before} (which version was the one before) and {url} are filled in.'),
  withdrawal: template.default(WITHDRAWAL_TEMPLATE).describe('What is said of a release that was taken back, where its announcement cannot be deleted.'),
  page: httpsShape.describe('Where the release is told of in full, with {tag} and {version}; when left out, its page on the forge of the remote.').optional(),
  discussion: discussion.settings.optional(),
  discourse: discourse.settings.optional(),
  mail: mail.settings.optional(),
  mastodon: mastodon.settings.optional(),
  bluesky: bluesky.settings.optional(),
  slack: slack.settings.optional(),
  discord: discord.settings.optional(),
  webhook: webhook.settings.optional(),
  feed: feed.settings.optional(),
})

/** The parsed settings. */
export type AnnounceSettings = z.infer<typeof announceSettings>
