// Pure: the steps that have a workflow publish, for the targets that are published so.
import type { Expectation, PublishContext, StepDraft } from '../../model/target.ts'
import { draftId } from '../../model/target.ts'
import { accessOf, EVENTS, waitOf, type Via } from './settings.ts'

/** What follows on the end of the run: its part of the release, what must have ended, and what set it off. */
export interface Following {
  readonly steps: readonly StepDraft[]
  readonly after: Pick<StepDraft, 'phase' | 'startedBy'> & { readonly needs: readonly string[] }
}

/** The steps that start the workflow, where Slipway does, and follow its run. None where a target before has them already: what publishes two things is started once. */
export function followedSteps(via: Via, { tag, release, commit: { commit }, earlier }: PublishContext): Following {
  const asked = { ...accessOf(via), workflow: via.workflow, tag, commit }
  const inputs = Object.fromEntries(Object.entries(via.inputs).map(([name, value]) => [name, value.replaceAll('{version}', release.to).replaceAll('{tag}', tag)]))
  const dispatch: StepDraft = { phase: 'publish', kind: 'workflow.dispatch', of: via.workflow, title: `Start ${via.workflow} on ${tag}`, input: { ...asked, inputs } }
  const startedBy = { release: 'github.release', tag: 'git.tag', dispatch: draftId(dispatch) }[via.on]
  const phase = via.on === 'release' ? 'verify' : 'publish'
  const run: StepDraft = {
    phase,
    kind: 'workflow.run',
    of: via.workflow,
    title: `Follow ${via.workflow} until it ends`,
    input: { ...asked, event: EVENTS[via.on], wait: waitOf(via) },
    ...(via.on === 'dispatch' ? { needs: [draftId(dispatch)] } : {}),
  }
  const known = new Set(earlier.map(draftId))
  const steps = (via.on === 'dispatch' ? [dispatch, run] : [run]).filter((draft) => !known.has(draftId(draft)))
  return { steps, after: { phase, needs: [draftId(run)], startedBy } }
}

/** That GitHub runs the workflow at all. */
export function runnable(via: Via): Expectation {
  return {
    ask: 'workflow.state',
    about: { ...accessOf(via), workflow: via.workflow },
    saw: 'active',
    otherwise: (seen) => ({
      code: 'workflow-missing',
      message: seen === null ? `GitHub knows no workflow ${via.workflow} in ${via.repository}: only those of the default branch are run.` : `The workflow ${via.workflow} is switched off in ${via.repository} (${typeof seen === 'string' ? seen : JSON.stringify(seen)}).`,
      hint: seen === null ? `Merge .github/workflows/${via.workflow} into the default branch, and see that the token in ${via.token} has the right «Actions: read».` : `Switch it on: \`gh workflow enable ${via.workflow} --repo ${via.repository}\`.`,
    }),
  }
}
