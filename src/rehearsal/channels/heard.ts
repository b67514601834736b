// What everybody can read of a rehearsal's announcements, channel by channel.
import { tryGit } from '../git/bare.ts'
import type { GithubState } from '../github/state.ts'
import type { ChannelsState } from './state.ts'

/** The messages on each channel, by its name, each as its title or its first words; channels on which nothing was said are left out. */
export function heardOn({ github, channels }: { readonly github: GithubState; readonly channels: ChannelsState }): Readonly<Record<string, readonly string[]>> {
  const all: Readonly<Record<string, readonly string[]>> = {
    discussion: github.discussions.map(({ title }) => title),
    discord: channels.discord.map(({ content }) => firstLine(content)),
    discourse: channels.topics.filter(({ deleted }) => !deleted).map(({ title }) => title),
    mastodon: channels.statuses.map(({ text }) => firstLine(text)),
    bluesky: [...channels.records.values()].map(({ text }) => firstLine(text)),
    slack: channels.slack.map(({ text }) => firstLine(text)),
    ...Object.fromEntries([...new Set(channels.mails.flatMap(({ to }) => to))].map((address) => [`mail:${address}`, channels.mails.filter(({ to }) => to.includes(address)).map(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1]?.trim() ?? '')])),
    webhook: channels.deliveries.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type),
  }
  return Object.fromEntries(Object.entries(all).filter(([, messages]) => messages.length > 0))
}

/** The titles of a feed's entries, the newest first; none where there is no such file. */
export async function feedTitles(bare: string, { branch, path }: { readonly branch: string; readonly path: string }): Promise<readonly string[]> {
  const { code, stdout } = await tryGit(bare, ['cat-file', 'blob', `refs/heads/${branch}:${path}`])
  return code === 0 ? [...stdout.toString().matchAll(/<entry>[^]*?<title>([^<]*)<\/title>/g)].map(([, title = '']) => title) : []
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
