// What the tests of this target run on: a tiny project in a git repository, the real world, and fake indexes on demand.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Kind, Once } from '../../model/kind.ts'
import type { Json } from '../../model/json.ts'
import type { Evidence, World } from '../../model/world.ts'
import { pypiService } from '../../rehearsal/pypi/service.ts'
import { createPypiState, type PypiState } from '../../rehearsal/pypi/state.ts'
import { serve, type Served } from '../../rehearsal/serve.ts'
import { openWorld } from '../../world/world.ts'

/** The files of the tiny project, by path. */
export const TINY: Readonly<Record<string, string>> = {
  'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
  'setup.py': [
    'from setuptools import setup',
    'VERSION = "2.1.0"',
    'setup(name="tiny-slip", version=VERSION, packages=["tinyslip"], description="A täiny thing", author="Ann", author_email="ann@example.org",',
    '      long_description=open("README.md", encoding="utf-8").read(), long_description_content_type="text/markdown", python_requires=">=3.8",',
    '      license="MIT", url="https://example.org/", classifiers=["Programming Language :: Python :: 3", "Operating System :: OS Independent"],',
    '      project_urls={"Source": "https://example.org/src", "Issues": "https://example.org/issues"}, extras_require={"more": ["idna>=3"]})',
    '',
  ].join('\n'),
  'README.md': '# Tiny\n\nIt says “hello” & little more.\n',
  'MANIFEST.in': 'include hello.sh\n',
  'hello.sh': '#!/bin/sh\necho hello\n',
  'tinyslip/__init__.py': 'def hello():\n    return "hello"\n',
}

/** A repository, and a world over it. */
export interface Tiny extends AsyncDisposable {
  readonly world: World
  readonly evidence: ReadonlyMap<string, Evidence>
  readonly once: Once
  /** Lines that steps have said. */
  readonly said: readonly string[]
  /** Commits these files (with the project's own, unless null takes one away) and returns the tree. */
  tree(files?: Readonly<Record<string, string | null>>): string
  /** The same repository, artifacts and evidence, but other routes and secrets. */
  worldWith(options: { routes?: Readonly<Record<string, string>>; env?: Readonly<Record<string, string>>; now?: () => Date }): World
}

/** Opens a tiny repository in a folder of its own, which is gone after use. */
export function openTiny(): Tiny {
  const root = mkdtempSync(join(tmpdir(), 'tiny-'))
  const repository = join(root, 'repository')
  mkdirSync(repository)
  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: repository, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  const evidence = new Map<string, Evidence>()
  const said: string[] = []
  const worldWith: Tiny['worldWith'] = ({ routes = {}, env = {}, now }) => openWorld({
    repository,
    folder: join(root, 'slipway'),
    env: { ...process.env, ...env },
    version: '0',
    routes,
    ...(now === undefined ? {} : { now }),
    evidence: { find: async (key) => evidence.get(key), record: async (one) => void evidence.set(one.key, one) },
  })
  return {
    world: worldWith({}),
    evidence,
    said,
    once: { key: 'key', signal: new AbortController().signal, progress: () => {}, say: (line) => { said.push(line) } },
    worldWith,
    tree(files = {}) {
      git('rm', '-r', '-q', '--cached', '--ignore-unmatch', '.')
      for (const [path, text] of Object.entries({ ...TINY, ...files })) {
        if (text === null) continue
        mkdirSync(dirname(join(repository, path)), { recursive: true })
        writeFileSync(join(repository, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 })
        git('add', '--force', path)
      }
      return git('write-tree')
    },
    async [Symbol.asyncDispose]() {
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Both indexes, empty, each with a token that may upload. */
export async function serveIndexes(): Promise<{ readonly served: Served; readonly pypi: PypiState; readonly testpypi: PypiState }> {
  const pypi = createPypiState({ tokens: [{ token: 'pypi-good', user: 'ann' }, { token: 'pypi-narrow', user: 'ann', projects: ['another'] }] })
  const testpypi = createPypiState({ tokens: [{ token: 'pypi-trial', user: 'ann' }] })
  const served = await serve({ services: [pypiService({ index: 'pypi', state: pypi }), pypiService({ index: 'testpypi', state: testpypi })] })
  return { served, pypi, testpypi }
}

/** Applies a kind. */
export function apply<In extends Json, Out extends Json>(kind: Kind<In, Out>, at: { world: World; once: Once }, input: In): Promise<Out> {
  if (kind.apply === undefined) throw new Error(`${kind.kind} only waits`)
  return kind.apply(at.world, kind.input.parse(input), at.once)
}
