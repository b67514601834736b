// A job of GitHub Actions: plain lines in log groups, annotations where the config is wrong, and a summary and outputs at the end.
import type { Problem } from '../model/error.ts'
import { redacted } from '../model/secret.ts'
import { withoutCommands, workflowCommand } from './actions-command.ts'
import { writeOutputs, writeSummary } from './actions-files.ts'
import { legible } from './legible.ts'
import type { Message, Reporter } from './message.ts'
import { createPlain, type Lines } from './plain.ts'
import { emptyRecord, hear, lastDigest, type ReleaseRecord } from './release-record.ts'
import { releaseMarkdown } from './release-markdown.ts'
import { shortDigest, stageWord } from './words.ts'

/** What the report of a job needs besides lines. */
export interface ActionsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  redact(text: string): string
  /** The exit code that the process has now. */
  exit(): number
  /** The path of a project's file from the folder that the job checked out. */
  fileInWorkspace(file: string): string
}

/** The log of a job, unredacted: only a mask is written there so. */
export interface JobLog {
  raw(text: string): void
}

/** What a command came to, by its exit code: the output `outcome` of a step. */
export const OUTCOMES = ['done', 'failed', 'invalid', 'nothing', 'waiting', 'stopped', 'rolled-back'] as const

/** True in a job of GitHub Actions. */
export function inActions(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['GITHUB_ACTIONS'] === 'true'
}

/** Shows messages in the log of a job. Everything that the runner could read as a command is made harmless, but for those given here. */
export function createActions({ lines, ...options }: ActionsOptions & { readonly lines: Lines & Pick<JobLog, 'raw'> }): Reporter {
  // Both streams of a job end in one log; one stream alone keeps their order.
  const plain = createPlain({ ...lines, out: (text) => { lines.out(withoutCommands(text)) }, err: (text) => { lines.out(withoutCommands(text)) } })
  const command = (...of: Parameters<typeof workflowCommand>): void => { lines.out(`${options.redact(workflowCommand(...of))}\n`) }
  const records = createActionsFiles(options)
  const told = new Set<string>()
  let open = false
  const close = (): void => {
    if (open) command('endgroup')
    open = false
  }
  const group = (title: string): void => {
    close()
    command('group', title)
    open = true
  }
  const annotate = (problems: readonly Problem[]): void => {
    for (const { code, message, hint, place } of problems) {
      if (told.has(message)) continue
      told.add(message)
      const at = place === undefined ? {} : { file: options.fileInWorkspace(place.file), line: place.line, col: place.column }
      command('error', legible(hint === undefined ? message : `${message}\n${hint}`), { ...at, title: code })
    }
  }
  return {
    show(message: Message) {
      records.show(message)
      switch (message.type) {
        case 'proposal':
          group(`Plan: ${message.proposal.context.release.name} ${message.proposal.context.release.to}`)
          plain.show(message)
          close()
          return
        case 'plan':
          group(`Plan: ${stageWord(message.plan.stage).toLowerCase()} ${message.plan.releases[0].to} (${shortDigest(message.plan.digest)})`)
          plain.show(message)
          close()
          return
        case 'run':
          group(`${stageWord(message.plan.stage)} ${message.plan.releases[0].to}`)
          plain.show(message)
          return
        case 'verdict':
          plain.show(message)
          close()
          if (message.verdict.is === 'failed' || message.verdict.is === 'rolled-back') annotate(message.verdict.problems)
          if (message.verdict.is === 'stuck') for (const { step, why } of message.verdict.steps) command('error', legible(why), { title: step })
          return
        case 'problems':
          close()
          plain.show(message)
          annotate(message.problems)
          return
        case 'check':
          plain.show(message)
          annotate(message.lines.flatMap(({ problems }) => problems))
          return
        case 'init':
          plain.show(message)
          annotate(message.initial.findings)
          return
        case 'doctor':
          plain.show(message)
          annotate(message.lines.flatMap(({ finding }) => finding.is === 'unmet' ? [finding.problem] : []))
          return
        case 'end':
          close()
          plain.show(message)
          if (message.exit === 4) command('notice', legible(message.text), { title: 'Slipway waits' })
          return
        case 'approved': case 'by-hand': case 'entry': case 'note': case 'output': case 'part': case 'progress': case 'rehearsal': case 'serving': case 'support': case 'schedule': case 'monitor': case 'document': case 'status': case 'waiting':
          plain.show(message)
      }
    },
    mask(secret) {
      // The only command that must hold what redaction would take out.
      if (secret.trim() !== '') for (const line of secret.split(/\r?\n/)) if (line.trim() !== '') lines.raw(`${workflowCommand('add-mask', line.trim())}\n`)
    },
    close() {
      close()
      plain.close()
      records.close()
    },
  }
}

/** The files of a step alone, for a log that holds JSON. */
export function createActionsFiles({ env, redact, exit }: Pick<ActionsOptions, 'env' | 'redact' | 'exit'>): Reporter {
  const record = emptyRecord()
  let closed = false
  return {
    show(message: Message) { hear(record, redacted(message, redact)) },
    close() {
      if (closed) return
      closed = true
      const code = exit()
      const summary = env['GITHUB_STEP_SUMMARY'] ?? ''
      const output = env['GITHUB_OUTPUT'] ?? ''
      if (summary !== '') writeSummary(summary, redact(releaseMarkdown(record, outcomeOf(code))))
      if (output !== '') writeOutputs(output, outputsOf(record, code))
    },
  }
}

function outcomeOf(code: number): string {
  return OUTCOMES[code] ?? 'failed'
}

function outputsOf(record: ReleaseRecord, code: number): Readonly<Record<string, string>> {
  const digest = lastDigest(record)
  const { version, tag } = record
  return {
    ...(version === undefined ? {} : { version }),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    outcome: outcomeOf(code),
    'exit-code': String(code),
  }
}
