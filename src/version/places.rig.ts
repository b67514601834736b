// Files of every format with a version in them, for tests: `§` stands where the version is edited.
import type { VersionPlace } from './place-formats.ts'

/** A file whose every `§` is the version. Other versions in it are traps. */
export interface PlaceExample {
  readonly path: string
  readonly place?: VersionPlace
  readonly text: string
  /** True when the file carries the PEP 440 form. */
  readonly python: boolean
}

const SETUP = `"""Setup.

VERSION = "2.0.0"
"""
from setuptools import setup, Extension
# VERSION = "2.0.0"
VERSION = "§"  # the version, not "2.0.0"
MIN_VERSION = "2.0.0"
OTHER_VERSION: str = '2.0.0'
def helper(version="2.0.0"):
    VERSION = "2.0.0"
    return f"{version}"
setup(
    name="oneflow-ai",
    version='§',
    min_version="2.0.0",
    python_requires=">=2.0.0",
    ext_modules=[Extension("x", version="2.0.0")],
    description="version=\\"2.0.0\\", not this", # version="2.0.0",
)
`

const PYPROJECT = `# version = "2.0.0"
[build-system]
requires = ["setuptools>=2.0.0"]
version = "2.0.0"

[ project ] # version = "2.0.0"
name = "oneflow"
description = """
[project]
version = "2.0.0"
"""
version   =  "§" # "2.0.0"
dependencies = [
  "x==2.0.0", # ]
  'y]',
]
urls = { version = "2.0.0" }

[project.scripts]
version = "2.0.0"
[tool.other]
version = "2.0.0"
[[tool.poetry.source]]
version = "2.0.0"
["tool".'poetry']
version = '§'
`

const LOCK = `{
  "name": "x", "version": "§", "lockfileVersion": 3,
  "packages": {
    "": { "name": "x", "dependencies": {"version": "2.0.0"}, "version": "§" },
    "node_modules/y": {"version": "2.0.0", "list": [[], {}, {"version":"2.0.0"}]}
  },
  "dependencies": { "": { "version": "2.0.0" } }
}`

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG VERSION=§
FROM python:2.0.0
ARG VERSION
ARG OTHER=2.0.0 VERSION="§"
LABEL org.opencontainers.image.title="x 2.0.0" org.opencontainers.image.version="§" maintainer=a
label one=1 \\
  # org.opencontainers.image.version="2.0.0"
  org.opencontainers.image.version=§ \\

  two="2.0.0"
LABEL "org.opencontainers.image.version"='§'
LABEL org.opencontainers.image.version §
LABEL org.opencontainers.image.version="\${VERSION}"
LABEL x.org.opencontainers.image.version="2.0.0"
ENV VERSION=2.0.0
RUN <<EOF
ARG VERSION=2.0.0
EOF
RUN echo "LABEL org.opencontainers.image.version=2.0.0"
`

/** At least one file of every format. */
export const PLACE_EXAMPLES: readonly PlaceExample[] = [
  { path: 'setup.py', python: true, text: SETUP },
  { path: 'setup.py', python: true, text: 'version = __version__ = "§"; x = 1\nsetup(version=version)' },
  { path: 'setup.py', python: true, text: "import setuptools\nsetuptools.setup(version='§')" },
  { path: 'src/__init__.py', python: true, text: "'''__version__ = \"2.0.0\"'''\n__version__ = '§'\n__version_info__ = '2.0.0'\n" },
  { path: 'src/__init__.py', python: true, text: '__all__ = [\n"a",\n]\n__version__: str = """§"""' },
  { path: 'src/about.py', python: true, text: 'if x == "2.0.0":\n    pass\n__version__ = u"§"\n' },
  { path: 'pyproject.toml', python: true, text: PYPROJECT },
  { path: 'pyproject.toml', python: true, text: 'project.name = "x"\nproject.version = "§"' },
  { path: 'package.json', python: false, text: '{"scripts":{"version":"2.0.0"},"version" : "§","engines":{"node":"2.0.0"}}' },
  { path: 'web/package.json', python: false, text: '{\n\t"\\u0076ersion": "§",\n\t"list": ["version", "2.0.0", 1e5, -0.1, true, null, "\\"}"]\n}\n\n' },
  { path: 'package-lock.json', python: false, text: LOCK },
  { path: 'Dockerfile', python: false, text: DOCKERFILE },
  { path: 'docker/api.Dockerfile', python: false, text: '# escape=`\nLABEL a=b `\n org.opencontainers.image.version=§' },
  { path: 'README.md', place: { path: 'README.md', search: 'oneflow=={version}' }, python: false, text: 'pip install oneflow==§\n2.0.0 other==2.0.0 oneflow==1.0.0 oneflow==2.0.0.1 oneflow==§.\n' },
  { path: 'a.txt', place: { path: 'a.txt', search: '{version}' }, python: false, text: 'v§ 12.0.0 2.0.01 x/§/y' },
  { path: 'a.txt', place: { path: 'a.txt', search: 'x-{version}.tar.gz#{version}' }, python: false, text: 'x-§.tar.gz#§ x-2.0.0.tar.bz' },
  { path: 'a.txt', place: { path: 'a.txt', search: 'a:\n{version}|' }, python: false, text: 'a:\n§|' },
]
