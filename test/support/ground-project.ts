// The small project of the ground: a Python package in a git repository whose ids are the same on every machine.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Ground } from '../../src/model/kind.ts'
import { gitEnvironment } from '../../src/rehearsal/git/process.ts'
import { PROJECT } from './ground-packages.ts'

/** Who makes everything in it, and when. */
const ANN = { name: 'Ann Example', mail: 'ann@example.org' }
const BASE_DATE = '2026-03-01T09:00:00Z'
const RELEASE_DATE = '2026-03-04T05:06:07Z'

/** What is known of the project, for the ground. */
export type Known = Pick<Ground, 'base' | 'release'>

/** Files that carry the version, by path. */
const versioned = (version: string): Readonly<Record<string, string>> => ({
  'setup.py': [
    'from setuptools import setup',
    `VERSION = "${version}"`,
    `setup(name="${PROJECT}", version=VERSION, packages=["groundslip"], description="Solid ground", author="Ann Example",`,
    '      author_email="ann@example.org", python_requires=">=3.8", long_description="# Ground\\n\\nSolid.\\n", long_description_content_type="text/markdown")',
    '',
  ].join('\n'),
  'groundslip/__init__.py': `__version__ = "${version}"\n`,
  'Dockerfile': `FROM scratch\nLABEL org.opencontainers.image.version="${version}"\nCOPY groundslip/ /app/groundslip/\n`,
})

/** Makes the repository with its base commit on `main`, and the release commit as an object that no ref names. */
export function makeProject(folder: string, { version, remote }: { readonly version: string; readonly remote: string }): Known {
  mkdirSync(folder, { recursive: true })
  const git = (args: readonly string[], date = BASE_DATE): string => execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...gitEnvironment(), GIT_AUTHOR_NAME: ANN.name, GIT_AUTHOR_EMAIL: ANN.mail, GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: ANN.name, GIT_COMMITTER_EMAIL: ANN.mail, GIT_COMMITTER_DATE: date,
    },
  }).trim()
  const add = (files: Readonly<Record<string, string>>): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
      git(['add', path])
    }
    return git(['write-tree'])
  }
  git(['init', '--quiet', '--template=', '--initial-branch=main'])
  git(['remote', 'add', 'origin', remote])
  const baseTree = add({ 'README.md': '# Ground\n\nSolid.\n', '.github/workflows/publish.yml': 'name: Publish\non:\n  push: {tags: ["v*"]}\n  workflow_dispatch: {inputs: {version: {required: true}}}\njobs: {}\n', 'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n', ...versioned('2.0.0') })
  git(['commit', '--quiet', '--message', 'feat: begin'])
  const base = { commit: git(['rev-parse', 'HEAD']), tree: baseTree }
  const files = versioned(version)
  const tree = add(files)
  const message = `chore: bump version to ${version}\n`
  const commit = git(['commit-tree', tree, '-p', base.commit, '-m', message.trim()], RELEASE_DATE)
  git(['reset', '--quiet', '--hard'])
  const list = Object.entries(files).map(([path, text]) => ({ path, text }))
  return { base, release: { commit, tree, files: list, message, author: `${ANN.name} <${ANN.mail}>`, date: RELEASE_DATE } }
}
