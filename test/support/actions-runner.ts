// A small runner of GitHub Actions: runs the steps of a composite action, and of a job that uses it, with bash on this machine.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { outputsIn } from './actions-log.ts'

const texts = z.record(z.string(), z.coerce.string())
const step = z.object({ id: z.string().optional(), name: z.string().optional(), uses: z.string().optional(), run: z.string().optional(), shell: z.string().optional(), env: texts.optional(), with: texts.optional() })
const action = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.coerce.string().optional() })),
  outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(step) }),
})
const workflow = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ 'group': z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(z.string(), z.object({ 'permissions': texts, 'environment': z.string().optional(), 'if': z.string().optional(), 'timeout-minutes': z.number(), 'steps': z.array(step) })),
})

/** A composite action as its file says. */
export type Action = z.infer<typeof action>
/** A workflow as its file says. */
export type Workflow = z.infer<typeof workflow>

export const readAction = (text: string): Action => action.parse(parse(text))
export const readWorkflow = (text: string): Workflow => workflow.parse(parse(text))

/** How a step or an action ended. */
export interface ActionEnd {
  readonly code: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** Where an action is run. */
export interface RunnerOptions {
  readonly actionPath: string
  readonly workspace: string
  readonly env: Readonly<Record<string, string>>
}

type Contexts = Readonly<Record<string, string | undefined>>

/** The value of a text with expressions: names of contexts, and `||` between them and literals. Throws on any other expression. */
function evaluated(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    for (const part of expression.split('||').map((each) => each.trim())) {
      const literal = /^'(.*)'$/.exec(part)?.[1]
      if (literal === undefined && !/^[a-z]+(?:\.[\w-]+)+$/i.test(part)) throw new Error(`the runner does not know the expression ${expression}`)
      const value = literal ?? contexts[part] ?? ''
      if (value !== '') return value
    }
    return ''
  })
}

/** Runs a composite action. Steps that use other actions set up what is here already, and are passed over. */
export async function runAction(of: Action, inputs: Readonly<Record<string, string>>, { actionPath, workspace, env }: RunnerOptions): Promise<ActionEnd> {
  for (const name of Object.keys(inputs)) if (!Object.hasOwn(of.inputs, name)) throw new Error(`the action has no input ${name}`)
  const contexts: Record<string, string> = { 'github.action_path': actionPath }
  for (const [name, { default: value = '' }] of Object.entries(of.inputs)) contexts[`inputs.${name}`] = inputs[name] ?? value
  let log = ''
  let summary = ''
  let code = 0
  for (const { id, run, shell, env: own = {} } of of.runs.steps) {
    if (run === undefined || code !== 0) continue
    if (shell !== 'bash') throw new Error('the runner knows bash alone')
    const ended = await runScript(run, { workspace, env: { ...env, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, evaluated(value, contexts)])) } })
    code = ended.code
    log += ended.log
    summary += ended.summary
    for (const [name, value] of Object.entries(ended.outputs)) contexts[`steps.${id ?? ''}.outputs.${name}`] = value
  }
  return { code, log, summary, outputs: Object.fromEntries(Object.entries(of.outputs).map(([name, { value }]) => [name, evaluated(value, contexts)])) }
}

/** Runs the steps of a workflow's job that use an action. `contexts` are what its expressions may name. */
export async function runJob(job: Workflow['jobs'][string], { uses, action: own, contexts, ...where }: RunnerOptions & { readonly uses: string; readonly action: Action; readonly contexts: Contexts }): Promise<readonly ActionEnd[]> {
  const known: Record<string, string | undefined> = { ...contexts }
  const ends: ActionEnd[] = []
  for (const { id, uses: used, env = {}, with: given = {} } of job.steps) {
    if (used !== uses) continue
    const values = (all: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(all).map(([name, value]) => [name, evaluated(value, known)]))
    const end = await runAction(own, values(given), { ...where, env: { ...where.env, ...values(env) } })
    ends.push(end)
    for (const [name, value] of Object.entries(end.outputs)) known[`steps.${id ?? ''}.outputs.${name}`] = value
    if (end.code !== 0) break
  }
  return ends
}

async function runScript(script: string, { workspace, env }: Pick<RunnerOptions, 'workspace' | 'env'>): Promise<ActionEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-runner-'))
  try {
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
    for (const file of Object.values(files)) writeFileSync(file, '')
    const file = join(folder, 'step.sh')
    writeFileSync(file, script)
    const { code, log } = await ending(file, { cwd: workspace, env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace, ...files } })
    return { code, log, outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8')), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ending(file: string, options: { readonly cwd: string; readonly env: Record<string, string> }): Promise<{ readonly code: number; readonly log: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { log += text })
  const code = await new Promise<number>((resolve, reject) => { child.on('error', reject).on('close', (ended) => { resolve(ended ?? 1) }) })
  return { code, log }
}
