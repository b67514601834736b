// Everything of a rehearsal world and of the project in it that a release could have touched, as a value to compare.
import { git } from '../../src/rehearsal/git/bare.ts'
import type { GithubState } from '../../src/rehearsal/github/state.ts'
import type { PypiState } from '../../src/rehearsal/pypi/state.ts'
import { contentsOf } from '../../src/rehearsal/registry/arrange.ts'
import type { RehearsalWorld } from '../../src/rehearsal/world.ts'

/** Refs of the remote, GitHub, and both indexes, with every id: two photographs are equal when nothing happened between them. */
export async function photograph({ bare, github, pypi, testpypi, registries, sigstore }: RehearsalWorld): Promise<Readonly<Record<string, unknown>>> {
  return {
    refs: (await git(bare, ['for-each-ref', '--format=%(refname) %(objectname)'])).split('\n'),
    github: githubPart(github),
    pypi: indexPart(pypi),
    testpypi: indexPart(testpypi),
    registries: registries.map((state) => contentsOf(state)),
    logged: [...sigstore.entries.keys()],
  }
}

function githubPart({ pulls, comments, milestones, releases, latest, attestations, scans }: GithubState): unknown {
  return structuredClone({ pulls, comments, milestones, latest, attestations, scans, releases: releases.map(({ assets, ...release }) => ({ ...release, assets: assets.map(({ id, name, state, digest }) => ({ id, name, state, digest })) })) })
}

function indexPart({ projects, usedNames, serial }: PypiState): unknown {
  return {
    serial,
    usedNames: [...usedNames],
    releases: [...projects.values()].flatMap(({ name, releases }) => [...releases.values()].map(({ version, yanked, files }) => ({ name, version, yanked, files: files.map(({ filename, sha256 }) => `${filename} ${sha256}`) }))),
  }
}
