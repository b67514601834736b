// A proposed release for people: its version and why, every edit, the changelog, warnings, and both plans, forward and back.
import { placeText, type Place } from '../model/error.ts'
import type { ProposalMessage } from './message.ts'
import { exceptionWords } from './exception-words.ts'
import { commands, type Paint } from './paint.ts'
import { directionsText, legendText, titled } from './plan-text.ts'
import { padded } from './width.ts'
import { counted, markOf } from './words.ts'

/** A proposal with its plans. */
export function proposalText(message: ProposalMessage, paint: Paint): string {
  const { proposal, prepare, forward, publish, announcements, outline, diff, unseen, underWay } = message
  const { context, edits, mentions } = proposal
  const { name, from, to, because } = context.release
  return [
    `${paint.bold(`${name} ${from === null ? to : `${from} → ${to}`}`)}${from === null ? paint.dim(' (the first release)') : ''}`,
    ...(underWay ? [paint.yellow('This release was begun before and is under way: the same plan goes on.')] : []),
    ...(because.length === 0 ? [] : [titled('Why', because, paint)]),
    ...(proposal.exceptions.length === 0 ? [] : [titled(paint.yellow('Exceptions'), exceptionWords(proposal.exceptions), paint)]),
    edits.length === 0 ? titled('Edits', ['None: version and changelog are in place already.'], paint) : `${paint.bold(`Edits in ${counted(edits.length, 'file')}`)}\n${diffText(diff, paint)}`,
    titled(`Changelog of ${to}`, [context.notes.trim() === '' ? 'It is empty.' : context.notes.trim()], paint),
    ...(mentions.length === 0 ? [] : [mentionsText(mentions, from, paint)]),
    ...(unseen.length === 0 ? [] : [titled('Not seen yet, and looked at before the first step', unseen.map(({ message: text }) => commands(paint, text)), paint)]),
    `${paint.bold('Prepare')}\n  plan ${prepare.digest}`,
    directionsText(forward, paint),
    `${paint.bold('Publish')}${outline ? '\n  An outline: nothing is built yet. The plan itself names every artifact by its digest and is shown again at the gate.' : ''}`,
    directionsText(publish, paint),
    ...(announcements.length === 0 ? [] : [titled('Announce', [paint.dim('Once the release is out and verified, each on its own: none of them changes the verdict.'), ...announcements.map(({ reversal, title }) => `${padded(markOf(reversal), 2)} ${title}`)], paint)]),
    legendText(paint),
  ].join('\n\n')
}

/** A unified diff with its colours. */
export function diffText(diff: string, paint: Paint): string {
  return diff.trimEnd().split('\n').map((line) => {
    if (/^(?:diff|index|---|\+\+\+|new file|deleted file|similarity|rename) ?/.test(line)) return paint.bold(line)
    if (line.startsWith('@@')) return paint.cyan(line)
    if (line.startsWith('+')) return paint.green(line)
    return line.startsWith('-') ? paint.red(line) : line
  }).join('\n')
}

function mentionsText(mentions: readonly Place[], from: string | null, paint: Paint): string {
  const head = paint.yellow(`${counted(mentions.length, 'place')} still ${mentions.length === 1 ? 'names' : 'name'} ${from ?? 'the old version'} and will not be edited`)
  return titled(head, [...mentions.map(placeText), paint.dim('Add a file to `version.places` in slipway.yaml to have it edited.')], paint)
}
