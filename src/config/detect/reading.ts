// Which files of a repository detection reads.
import { SETTINGS_FILES } from '../import/index.ts'
import { baseName, depthOf } from './facts.ts'

const AT_ROOT = /^(?:setup\.py|setup\.cfg|pyproject\.toml|tox\.ini|noxfile\.py|package\.json|package-lock\.json|npm-shrinkwrap\.json|Cargo\.(?:toml|lock)|pom\.xml|CITATION\.cff|VERSION(?:\.txt)?|version(?:\.txt)?|Makefile|GNUmakefile|makefile|justfile|CODEOWNERS|(?:docker-)?compose(?:\.\w+)?\.ya?ml|LICENSE)$/
const ANYWHERE = /^(?:Chart\.yaml|(?:Dockerfile|Containerfile)(?:\..+)?|.+\.(?:Dockerfile|Containerfile))$/i
const DOCUMENT = /\.(?:md|rst|adoc)$/i
const MODULE_OF_VERSION = /^(?:__init__|__about__|__version__|_version|version|about|__main__)\.pyi?$/

/** Folders whose files say nothing of the project's own version. */
const ASIDE = /(?:^|\/)(?:node_modules|vendor|third_party|tests?|testdata|fixtures|examples?|\.git|site-packages)\//i

/** Documents so deep are not read. */
const DEEPEST = 3

/** True for a file whose text may tell something: packaging, tasks, workflows, Dockerfiles, changelogs, documents and modules that carry versions. */
export function isWorthReading(path: string): boolean {
  if (SETTINGS_FILES.includes(path)) return true
  const name = baseName(path)
  if (depthOf(path) === 0) return AT_ROOT.test(name) || ANYWHERE.test(name) || DOCUMENT.test(name) || name.endsWith('.py')
  if (/^\.github\/(?:workflows\/[^/]+\.ya?ml|CODEOWNERS)$/.test(path) || path === 'docs/CODEOWNERS') return true
  if (ASIDE.test(path) || path.startsWith('.github/')) return false
  return ANYWHERE.test(name) || MODULE_OF_VERSION.test(name) || (DOCUMENT.test(name) && depthOf(path) <= DEEPEST)
}
