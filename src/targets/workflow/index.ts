// What a target needs to be published by a workflow of the project: settings, kinds, steps and looks. No target by itself.
export { lookForWorkflow } from './fact.ts'
export { workflowDispatch } from './dispatch.ts'
export { workflowNeeds } from './needs.ts'
export { workflowRun } from './run.ts'
export { viaSettings, type Via } from './settings.ts'
export { followedSteps, runnable } from './steps.ts'
export { reliedWorkflow } from './triggers.ts'
