// Plays the jobs of the project's workflows: what each publishes is published as a job would, and no line of its file is run.
import type { GithubState, WorkflowRun } from '../github/state.ts'
import { publishImage, type JobImage } from './images.ts'
import { publishPackages } from './packages.ts'

/** A workflow that publishes. */
export interface PublishingWorkflow {
  /** The name of its file. */
  readonly file: string
  /** Whether it publishes the project's Python packages. */
  readonly packages: boolean
  readonly images: readonly JobImage[]
}

/** What jobs work with. */
export interface Jobs {
  readonly github: GithubState
  readonly workflows: readonly PublishingWorkflow[]
  /** The token of the workflows' own. */
  readonly token: string
  /** Where a public address is served. */
  address(url: string): string
}

/** What a job ends with when it has failed, in GitHub's words. */
const EXIT = 'Error: Process completed with exit code 1.'

/** Plays the job of a run. Returns its log; rejects with it when a service refuses something. A workflow that publishes nothing does nothing. */
export async function playJob({ github, workflows, token, address }: Jobs, run: WorkflowRun): Promise<string> {
  const { fault } = github.actions
  const log = [`Run ${run.workflow} for ${run.branch}`]
  const told = workflows.find(({ file }) => file === run.workflow)
  if (told === undefined) return [...log, 'Nothing here publishes.'].join('\n')
  if (fault === 'fails') throw new Error([...log, 'error: the build backend is gone', EXIT].join('\n'))
  if (fault === 'empty') return [...log, 'Nothing to upload: skipped.'].join('\n')
  const say = (line: string): void => void log.push(line)
  // A build elsewhere gives other bytes, and so does a second one.
  const anew = fault === 'rebuilds' || (fault === 'twice' && run.again)
  try {
    if (told.packages) await publishPackages({ github, upload: address('https://upload.pypi.org/legacy/'), token, anew, say }, run)
    for (const image of told.images) await publishImage({ image, token, anew, address, say }, run)
  } catch (error) {
    throw new Error([...log, error instanceof Error ? error.message : String(error), EXIT].join('\n'), { cause: error })
  }
  return log.join('\n')
}
