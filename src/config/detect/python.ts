// The Python package of a repository: its name, the file that its build takes the version from, and how it is imported.
import type { Place } from '../../model/error.ts'
import { isKnownPlace, type VersionPlace } from '../../version/index.ts'
import { baseName, depthOf, found, lineOf, type Detected, type Guess, type ProjectFacts } from './facts.ts'
import { readIni } from '../read/ini.ts'
import { at, textAt, type Node } from '../read/node.ts'
import { readSetupCall } from './setup-py.ts'
import { readToml, tomlInline, tomlStrings, type TomlFound } from './toml.ts'

/** What a Python package says of itself. */
export interface PythonPackage {
  readonly name: string
  /** Where the build takes the version from; undefined where no file tells. */
  readonly version: { readonly place: VersionPlace; readonly because: string } | undefined
  /** The module to import; undefined when none was found. */
  readonly module: string | undefined
  readonly isPrivate: boolean
  /** The text of its requirements for tests, or of all its packaging files, to look for tools in. */
  readonly packaging: string
}

interface Sources {
  readonly facts: ProjectFacts
  readonly toml: ReadonlyMap<string, TomlFound>
  readonly setupPy: string | undefined
  readonly setupCfg: Node | undefined
}

/** Reads the package that the root holds; undefined where there is none. */
export function readPython(facts: ProjectFacts): { readonly package: PythonPackage; readonly detected: Detected } | undefined {
  const [pyproject, setupPy, setupCfg] = ['pyproject.toml', 'setup.py', 'setup.cfg'].map((path) => facts.texts.get(path))
  const sources: Sources = { facts, toml: readToml(pyproject), setupPy, setupCfg: setupCfg === undefined ? undefined : readIni('setup.cfg', setupCfg).node }
  const named = nameOf(sources)
  if (named === undefined) return undefined
  const { name, place } = named
  const modules = modulesOf(sources, name)
  const module = modules.includes(importName(name)) ? importName(name) : modules[0]
  const packaging = [pyproject, setupPy, setupCfg].filter((text) => text !== undefined).join('\n')
  const isPrivate = /Private ?:: ?Do Not Upload/i.test(packaging)
  const version = versionOf(sources, module)
  const guesses: Guess[] = isPrivate ? [] : [
    { setting: 'pypi.package', value: name, because: `${place.file} names it`, place },
    module === undefined
      ? { setting: 'pypi.smoke', value: `import importlib.metadata as m; m.version("${name}")`, because: 'no module to import was found' }
      : { setting: 'pypi.smoke', value: `import ${module}`, because: `the package holds ${pathOf(facts, module)}`, place: { file: pathOf(facts, module) } },
  ]
  const findings = module !== undefined || isPrivate ? [] : [{
    code: 'package-invalid' as const,
    message: `${name} would build, but nothing was found that could be imported from it: no folder with an __init__.py and no ${importName(name)}.py.`,
    hint: 'Name the module under `pypi.smoke` in slipway.yaml, for example `import my_module`; the install test runs that line.',
    place: { file: place.file },
  }]
  const remarks = isPrivate ? [`${place.file} says "Private :: Do Not Upload", so nothing is published to PyPI.`] : []
  return { package: { name, version, module, isPrivate, packaging }, detected: found({ guesses, findings, remarks }) }
}

function nameOf({ toml, setupPy, setupCfg }: Sources): { readonly name: string; readonly place: Place } | undefined {
  for (const key of ['project.name', 'tool.poetry.name', 'tool.flit.metadata.dist-name', 'tool.flit.metadata.module']) {
    const [name] = tomlStrings(toml.get(key))
    if (name !== undefined) return { name, place: { file: 'pyproject.toml', line: toml.get(key)?.line ?? 1 } }
  }
  const cfg = at(setupCfg, 'metadata', 'name')
  const named = textAt(cfg)
  if (cfg !== undefined && named !== undefined) return { name: named, place: { file: 'setup.cfg', line: cfg.place.line ?? 1 } }
  const name = setupPy === undefined ? undefined : readSetupCall(setupPy).text('name')
  return name === undefined ? undefined : { name: name.value, place: { file: 'setup.py', line: name.line } }
}

/** A package's name as a module would be called. */
function importName(name: string): string {
  return name.toLowerCase().replace(/[-.]+/g, '_')
}

/** Folders that hold no package of the project, whatever lies in them. */
const ASIDE = /^(?:tests?|testing|docs?|examples?|scripts|tools|benchmarks?|build|dist|noxfile|setup|conftest|tasks|versioneer)$/

/** Folders that the packages lie in, from the root; '' for the root itself. */
function rootsOf({ facts, toml, setupPy, setupCfg }: Sources): readonly string[] {
  const call = setupPy === undefined ? undefined : readSetupCall(setupPy)
  const named = [
    ...tomlStrings(toml.get('tool.setuptools.packages.find.where')),
    ...(toml.has('tool.setuptools.package-dir') ? tomlStrings(toml.get('tool.setuptools.package-dir')).filter((text) => text !== '') : []),
    ...(textAt(at(setupCfg, 'options.packages.find', 'where'))?.split(/\s+/) ?? []),
    ...(/=\s*(\S+)/.exec(textAt(at(setupCfg, 'options', 'package_dir')) ?? '')?.slice(1) ?? []),
    ...(call?.strings('package_dir') ?? []).filter((text) => text !== ''),
    ...(call?.foundIn === undefined ? [] : [call.foundIn]),
  ]
  const folders = named.filter((folder) => facts.paths.some((path) => path.startsWith(`${folder}/`)))
  if (folders.length > 0) return [...new Set(folders)]
  const srcIsPackage = facts.paths.includes('src/__init__.py')
  return srcIsPackage ? ['', 'src'] : ['src', '']
}

function modulesOf(sources: Sources, name: string): readonly string[] {
  const { facts, toml, setupPy } = sources
  const call = setupPy === undefined ? undefined : readSetupCall(setupPy)
  const isFound = call?.names('packages').some((each) => each.startsWith('find_')) === true
  const listed = [
    ...tomlStrings(toml.get('tool.hatch.build.targets.wheel.packages')).map(baseName),
    ...[tomlInline(withoutBrackets(toml.get('tool.poetry.packages')), 'include')].filter((each) => each !== undefined),
    ...tomlStrings(toml.get('tool.setuptools.packages')).filter((each) => !each.includes('.')),
    ...tomlStrings(toml.get('tool.setuptools.py-modules')),
    ...tomlStrings(toml.get('tool.flit.module.name')),
    ...(isFound ? [] : (call?.strings('packages') ?? []).filter((each) => !each.includes('.'))),
    ...(call?.strings('py_modules') ?? []),
  ]
  const seen = rootsOf(sources).flatMap((root) => {
    const below = root === '' ? '' : `${root}/`
    return facts.paths.filter((path) => path.startsWith(below)).flatMap((path) => {
      const [, folder] = /^([A-Za-z_]\w*)\/__init__\.pyi?$/.exec(path.slice(below.length)) ?? []
      const [, file] = /^([A-Za-z_]\w*)\.py$/.exec(path.slice(below.length)) ?? []
      // A single file counts only under the package's own name: others are scripts.
      return folder ?? (file === importName(name) ? file : [])
    })
  }).filter((module) => !ASIDE.test(module))
  return [...new Set([...listed.filter((module) => pathOf(facts, module) !== ''), ...seen])]
}

function withoutBrackets(value: TomlFound | undefined): TomlFound | undefined {
  return value && { ...value, text: value.text.replace(/^\[\s*/, '') }
}

/** The file of a module, as `tiny.core`; '' when there is none. */
function pathOf({ paths }: ProjectFacts, module: string): string {
  const base = module.replaceAll('.', '/')
  const wanted = [`${base}/__init__.py`, `${base}.py`, `src/${base}/__init__.py`, `src/${base}.py`]
  return wanted.find((path) => paths.includes(path)) ?? paths.filter((path) => wanted.slice(0, 2).some((end) => path.endsWith(`/${end}`))).toSorted((a, b) => depthOf(a) - depthOf(b))[0] ?? ''
}

function versionOf({ facts, toml, setupPy, setupCfg }: Sources, module: string | undefined): PythonPackage['version'] {
  if (toml.has('project.version') || toml.has('tool.poetry.version')) return { place: 'pyproject.toml', because: 'its build takes the version from there' }
  const hatch = tomlStrings(toml.get('tool.hatch.version.path'))[0] ?? tomlInline(toml.get('tool.hatch.version'), 'path')
  const pdm = tomlInline(toml.get('tool.pdm.version'), 'path') ?? tomlStrings(toml.get('tool.pdm.version.path'))[0]
  const setuptools = toml.get('tool.setuptools.dynamic.version')
  const cfg = textAt(at(setupCfg, 'metadata', 'version'))
  const attribute = tomlInline(setuptools, 'attr') ?? /^attr:\s*(\S+)/.exec(cfg ?? '')?.[1]
  const file = hatch ?? pdm ?? tomlInline(setuptools, 'file') ?? /^file:\s*(\S+)/.exec(cfg ?? '')?.[1]
  const by = hatch !== undefined ? 'tool.hatch.version names it' : pdm !== undefined ? 'tool.pdm.version names it' : 'the build reads the version from it'
  if (file !== undefined && facts.texts.has(file)) return { place: isKnownPlace(file) ? file : { path: file, search: '{version}' }, because: by }
  if (attribute !== undefined) return attributePlace(facts, attribute)
  if (cfg !== undefined && /^\d/.test(cfg)) return { place: { path: 'setup.cfg', search: `${writtenKey(facts.texts.get('setup.cfg') ?? '', 'version')}{version}` }, because: 'its [metadata] holds the version' }
  if (setupPy !== undefined && /version/i.test(setupPy) && readSetupCall(setupPy).text('version') !== undefined) return { place: 'setup.py', because: 'its setup() takes the version from there' }
  const dynamic = tomlStrings(toml.get('project.dynamic')).includes('version') || /^flit/.test(tomlStrings(toml.get('build-system.build-backend'))[0] ?? '')
  const own = module === undefined ? '' : pathOf(facts, module)
  if (dynamic && /^__version__\s*[:=]/m.test(facts.texts.get(own) ?? '')) return { place: own, because: 'the build reads the version from the module' }
  return undefined
}

/** `version = ` as a file writes it. */
function writtenKey(text: string, key: string): string {
  return new RegExp(String.raw`^${key}[ \t]*[=:][ \t]*`, 'm').exec(text)?.[0] ?? `${key} = `
}

function attributePlace(facts: ProjectFacts, attribute: string): PythonPackage['version'] {
  const [, module = '', name = ''] = /^(.+)\.(\w+)$/.exec(attribute) ?? []
  const path = pathOf(facts, module)
  const text = facts.texts.get(path)
  if (text === undefined) return undefined
  const because = `the build reads ${attribute}`
  if (name === '__version__') return { place: path, because }
  const quoted = new RegExp(String.raw`^(${name}\s*(?::\s*str\s*)?=\s*["'])[^"']+(["'])`, 'm').exec(text)
  return quoted === null ? undefined : { place: { path, search: `${quoted[1] ?? ''}{version}${quoted[2] ?? ''}` }, because }
}

/** Where the version comes from tags alone, so that no file can carry it: the tool that does so, and its line. */
export function versionFromTags(facts: ProjectFacts): { readonly tool: string; readonly place: Place } | undefined {
  const text = facts.texts.get('pyproject.toml') ?? ''
  const other = facts.texts.get('setup.py') ?? ''
  for (const [tool, sign] of [['hatch-vcs', /source\s*=\s*["']vcs["']/], ['setuptools-scm', /setuptools[_-]scm/], ['poetry-dynamic-versioning', /poetry-dynamic-versioning/], ['versioningit', /versioningit/]] as const) {
    if (sign.test(text)) return { tool, place: { file: 'pyproject.toml', line: lineOf(text, sign) } }
    if (sign.test(other) || (tool === 'setuptools-scm' && /use_scm_version/.test(other))) return { tool, place: { file: 'setup.py', line: lineOf(other, /use_scm_version|setuptools[_-]scm/) } }
  }
  return undefined
}
