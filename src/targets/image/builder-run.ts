// Runs a builder's program: its words are told line by line, without those that say nothing.
import { SlipwayError } from '../../model/error.ts'
import type { Once } from '../../model/kind.ts'
import type { CommandAnswer, World } from '../../model/world.ts'
import { listen } from '../checks/output.ts'
import type { BuildAnswer, Job } from './builder.ts'

/** What builders say of build arguments that the Dockerfile does not ask for, and of copying blobs from here to there. */
const NOISE = /build.args? .*not consumed|msg="missing \\"[A-Za-z_]\w*\\" build argument|^(?:Getting image source signatures|Copying (?:blob|config) |Writing manifest to image destination|Storing signatures)/

/** How builders begin the line of an instruction: `STEP 2/4: `, `[1/2] STEP 2/4: `, `#8 [2/4] `. */
const STEP = /^(?:(?:\[[^\]]+\] )?STEP \d+|#\d+ \[[^\]]+\] )/

/** One call of a builder's program. */
export interface BuilderCall {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a builder on a job. Throws a plain Error when it was interrupted. */
export async function runBuilder(bench: { readonly world: World; readonly once: Once }, job: Pick<Job, 'platform'>, call: BuilderCall): Promise<BuildAnswer> {
  const { world, once } = bench
  const lines: string[] = []
  const output = listen((line) => {
    if (NOISE.test(line)) return
    lines.push(line)
    once.say(STEP.test(line) ? `${job.platform}: ${line}` : line)
  })
  const { code } = await world.run({ ...call, is: 'container-tool', signal: once.signal, heard: (text) => { output.heard(text) } })
  output.end()
  if (once.signal.aborted) throw new Error(`The build for ${job.platform} was interrupted.`)
  return { code, text: lines.join('\n') }
}

/** Asks a program something about itself; undefined when there is no such program. */
export async function askProgram(world: Pick<World, 'run'>, program: string, args: readonly string[]): Promise<CommandAnswer | undefined> {
  try {
    return await world.run({ program, args, is: 'container-tool', timeout: 30_000 })
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'tool-missing') return undefined
    throw error
  }
}

/** Build arguments and labels as options that every builder knows. */
export function options({ args, labels }: Pick<Job, 'args' | 'labels'>): readonly string[] {
  return [
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
  ]
}

/** The last line of an output that says something. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? ''
}
