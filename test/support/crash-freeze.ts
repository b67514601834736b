// Keeps a rehearsal world at one moment and puts it into others, so that a test need not live through what came before.
import { cpSync, rmSync } from 'node:fs'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import type { RegistryState } from '../../src/rehearsal/registry/state.ts'
import type { RehearsalWorld } from '../../src/rehearsal/world.ts'

type Index = Pick<PypiState, 'projects' | 'usedNames' | 'serial'>

/** The states of a world. */
export interface FrozenWorld {
  readonly bare: string
  readonly github: Pick<RehearsalWorld['github'], 'pulls' | 'releases' | 'comments' | 'latest' | 'attestations'>
  readonly registries: readonly RegistryState['repositories'][]
  readonly idsGiven: number
  readonly pypi: Index
  readonly testpypi: Index
}

/** Copies the states of a world, and its repository into a folder. Uses up one id of GitHub's. */
export function freezeWorld({ bare, github, pypi, testpypi, registries }: RehearsalWorld, folder: string): FrozenWorld {
  cpSync(bare, folder, { recursive: true })
  const { pulls, releases, comments, latest, attestations } = github
  return { bare: folder, github: structuredClone({ pulls, releases, comments, latest, attestations }), registries: structuredClone(registries.map(({ repositories }) => repositories)), idsGiven: github.nextId() - 1, pypi: ofIndex(pypi), testpypi: ofIndex(testpypi) }
}

/** Puts frozen states into a world that is fresh. */
export function thawWorld(frozen: FrozenWorld, world: RehearsalWorld): void {
  rmSync(world.bare, { recursive: true })
  cpSync(frozen.bare, world.bare, { recursive: true })
  const { pulls, releases, comments, latest, attestations } = structuredClone(frozen.github)
  world.github.attestations.push(...attestations)
  for (const [at, state] of world.registries.entries()) {
    state.repositories.clear()
    for (const [name, repository] of structuredClone(frozen.registries[at] ?? new Map<string, never>())) state.repositories.set(name, repository)
  }
  world.github.pulls.push(...pulls)
  world.github.releases.push(...releases)
  world.github.comments.push(...comments)
  world.github.latest = latest
  for (let given = 0; given < frozen.idsGiven; given++) world.github.nextId()
  intoIndex(frozen.pypi, world.pypi)
  intoIndex(frozen.testpypi, world.testpypi)
}

function ofIndex({ projects, usedNames, serial }: PypiState): Index {
  return structuredClone({ projects, usedNames, serial })
}

function intoIndex(frozen: Index, state: PypiState): void {
  const { projects, usedNames, serial } = structuredClone(frozen)
  for (const [name, project] of projects) state.projects.set(name, project)
  for (const name of usedNames) state.usedNames.add(name)
  state.serial = serial
}
