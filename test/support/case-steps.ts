// Carries out the steps of a case.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CaseStep } from './case.ts'
import { CASE_HOOKS, type Arrangement } from './case-hooks.ts'
import { replaceIn, type Rig } from './rig.ts'

/** Carries steps out before there is a world: those that change files and commits. */
export function prepareProject(steps: readonly CaseStep[], project: string, git: Rig['git']): void {
  for (const step of steps) {
    if (!edit(step, project, git)) throw new Error(`${JSON.stringify(step)} needs a world, so it belongs to "steps"`)
  }
}

/** Carries steps out in a served world. The reason of a hook that cannot be carried out here comes back. */
export async function carryOut(steps: readonly CaseStep[], rig: Rig, arrangement: Arrangement): Promise<string | undefined> {
  for (const step of steps) {
    if ('hook' in step) {
      const cannot = await CASE_HOOKS[step.hook]?.(rig, arrangement)
      if (typeof cannot === 'string') return cannot
    } else if ('slipway' in step) {
      const ended = await rig.run(step.slipway)
      assert.equal(ended.code, step.exit, `slipway ${step.slipway.join(' ')} ended with ${ended.code}:\n${ended.stdout.slice(-2000)}\n${ended.stderr}`)
    } else if ('by' in step) {
      somebody(step, rig)
    } else {
      edit(step, rig.project, rig.git)
    }
  }
  return undefined
}

function edit(step: CaseStep, project: string, git: Rig['git']): boolean {
  if ('write' in step) {
    mkdirSync(dirname(join(project, step.write)), { recursive: true })
    writeFileSync(join(project, step.write), step.text)
  } else if ('replace' in step) replaceIn(join(project, step.replace), step.find, step.with)
  else if ('remove' in step) rmSync(join(project, step.remove), { recursive: true })
  else if ('commit' in step) commit(step.commit, project, git)
  else if ('git' in step) git(step.git, project)
  else return false
  return true
}

function commit(message: string, folder: string, git: Rig['git']): void {
  git(['add', '--all'], folder)
  git(['-c', 'user.name=Ada Maintainer', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '--allow-empty', '--message', message], folder)
}

/** In another clone, by another person. */
function somebody(step: CaseStep, rig: Rig): void {
  const clone = join(rig.folder, 'somebody')
  if (!existsSync(clone)) {
    rig.git(['clone', '--quiet', rig.world.bare, clone], rig.folder)
    rig.git(['config', 'user.name', 'Sam Somebody'], clone)
    rig.git(['config', 'user.email', 'sam@example.org'], clone)
  }
  if ('commit' in step) rig.git(['commit', '--quiet', '--allow-empty', '--message', step.commit], clone)
  if ('git' in step) rig.git(step.git, clone)
}
