// The last word of a command: what its verdict means and what to do next.
import type { Verdict } from '../model/event.ts'
import type { Told } from '../app/announce.ts'
import type { Message, Reporter } from '../report/message.ts'
import { exitOfVerdict } from './exit.ts'

/** What was not announced as it should be, in a line for each channel; empty when all is well. */
function untold(told: readonly Told[]): string {
  return told.flatMap(({ channel, is, problems }) => {
    if (is !== 'not sent' && is !== 'in doubt' && is !== 'held') return []
    const [problem] = problems
    return [`\n  ${channel}: ${is}${problem === undefined ? '' : `. ${problem.message}${problem.hint === undefined ? '' : ` ${problem.hint}`}`}`]
  }).join('')
}

/** Tells what was not announced, and how it is made up for: the release is what it is all the same. */
export function showUntold(reporter: Reporter, { version, told }: { readonly version: string; readonly told: readonly Told[] }): void {
  const lines = untold(told)
  if (lines !== '') reporter.show({ type: 'note', text: `Not everything was announced, which changes nothing of ${version} itself:${lines}` })
}

/** The end of a release or a rollback in a sentence. */
export function ending(version: string, verdict: Verdict, doing: 'release' | 'rollback', seen: { readonly begun: boolean; readonly fetched: boolean }): Extract<Message, { type: 'end' }> {
  const again = `slipway ${doing} ${version}`
  const exit = exitOfVerdict(verdict)
  switch (verdict.is) {
    case 'done': return { type: 'end', exit, text: seen.fetched ? `${version} is released, and what a user would fetch has been fetched and found right.` : `${version} is released: every effect was made and seen. Nothing was fetched as a user would, since no target here has anything to fetch.`, next: `To take it back: \`slipway rollback ${version}\`.` }
    case 'rolled-back': {
      const remains = Object.entries(Object.groupBy(verdict.remains, ({ what }) => what)).map(([what, steps]) => `\n  ${(steps ?? []).map(({ step }) => step).join(', ')}: ${what}`).join('')
      const what = remains === '' ? '' : `\nWhat remains:${remains}`
      return doing === 'rollback'
        ? { type: 'end', exit, text: `${version} is rolled back: everything that could be taken back was seen to be gone or withdrawn.${what}` }
        : { type: 'end', exit, text: `${version} is not released: what this run had made outside was seen to be gone or withdrawn again.${what}`, next: `Mend what stopped it, then run \`${again}\` again.${remains === '' ? '' : ` To take back the rest, as far as that is possible: \`slipway rollback ${version}\`.`}` }
    }
    case 'failed': return {
      type: 'end',
      exit,
      text: verdict.over ? `${version} was not released; nothing was changed outside.` : `${version} is not ${doing === 'release' ? 'released' : 'rolled back'} yet; what was done so far is kept.`,
      next: verdict.over ? `Mend it and run \`${again}\` again.` : `Mend it and run \`${again}\` again: it goes on where it stopped.${doing === 'release' ? ` To take it back: \`slipway rollback ${version}\`.` : ''}`,
    }
    case 'waiting': {
      const gate = verdict.for.find(({ gate }) => gate !== undefined)
      const what = verdict.for.map((each) => `\n  ${each.step}: ${each.for}`).join('')
      return { type: 'end', exit, text: `${version} waits:${what}`, next: gate === undefined ? `When that is done, run \`${again}\` again.` : `Look at the plan with \`slipway status ${version}\`, approve it with \`slipway approve ${version} --digest DIGEST\`, then run \`${again}\` again.` }
    }
    case 'stuck': {
      const what = verdict.steps.map((each) => `\n  ${each.step}: ${each.why}`).join('')
      return { type: 'end', exit, text: `${version} stopped where a person must look:${what}`, next: `\`slipway status ${version}\` shows journal and world side by side. When it is settled, run \`${again}\` again${doing === 'release' ? `, or \`slipway rollback ${version}\`` : ''}.` }
    }
    case 'interrupted': if (!seen.begun) return { type: 'end', exit, text: 'Nothing was begun.' }
      return { type: 'end', exit, text: `Stopped on request; what was in flight has finished and nothing is lost.`, next: `Run \`${again}\` again to go on${doing === 'release' ? `, or \`slipway rollback ${version}\` to take it back` : ''}.` }
  }
}
