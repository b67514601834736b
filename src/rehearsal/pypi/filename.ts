// The rules for the names of distribution files, in warehouse's words.
import { canonicalVersion, fileNameParts, normalName, pep440, pythonText } from './names.ts'
import type { IndexFile } from './state.ts'

/** What is wrong with a file name on its own. */
export function fileTypeProblem(filename: string, type: IndexFile['type']): string | undefined {
  if (/[\x00-\x1f\x7f]/.test(filename)) return 'Cannot upload a file with non-printable characters (ordinals 0-31) or the DEL character (ordinal 127) in the name.'
  if (/[/\\]/.test(filename)) return "Cannot upload a file with '/' or '\\' in the name."
  const extension = /.(\.tar\.gz|\.zip|\.whl)$/i.exec(filename)?.[1]
  if (extension === undefined) {
    return 'Invalid file extension: Use .tar.gz, .whl or .zip extension. See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information'
  }
  if (extension === (type === 'sdist' ? '.tar.gz' : '.whl')) return undefined
  return `Invalid file extension: Extension ${extension} is invalid for filetype ${type}. See https://www.python.org/dev/peps/pep-0527 for more information.`
}

/** What is wrong with a file name beside its project and version: PEP 625 for sdists, PEP 427 for wheels. */
export function nameProblem(file: Pick<IndexFile, 'filename' | 'version' | 'type'>, projectName: string): string | undefined {
  const { filename, version, type } = file
  const expected = normalName(projectName).replaceAll('-', '_')
  const parts = fileNameParts(filename)
  if (type === 'sdist') {
    if (parts === undefined || pep440(parts.version) === undefined) return `Invalid source distribution filename: ${filename}`
    if (normalName(parts.name) !== normalName(projectName)) return `Start filename for ${pythonText(projectName)} with ${pythonText(expected)}.`
    const whole = `${expected}-${version}.tar.gz`
    return filename === whole ? undefined : `Filename ${pythonText(filename)} is invalid, should be ${pythonText(whole)}.`
  }
  if (parts === undefined) return `Invalid wheel filename (wrong number of parts): '${filename.replace(/\.whl$/, '')}'`
  if (pep440(parts.version) === undefined) return `Invalid wheel filename (invalid version): '${filename.replace(/\.whl$/, '')}'`
  const platform = filename.replace(/\.whl$/, '').split('-').at(-1)?.split('.').find((tag) => !PLATFORM.test(tag))
  if (platform !== undefined) return `Binary wheel '${filename}' has an unsupported platform tag '${platform}'.`
  if (normalName(parts.name) !== normalName(projectName)) return `Start filename for ${pythonText(projectName)} with ${pythonText(expected)}.`
  if (parts.name !== expected) return `Filename ${pythonText(filename)} should contain the normalized project name ${pythonText(expected)}, not ${pythonText(parts.name)}.`
  if (canonicalVersion(parts.version) !== canonicalVersion(version)) return `Version in filename should be ${pythonText(version)} not ${pythonText(pep440(parts.version)?.text ?? parts.version)}.`
  return undefined
}

// Plain linux_x86_64 is refused; only tags that promise where a wheel runs are taken.
const PLATFORM = /^(any|win32|win_(amd64|arm64|ia64)|linux_armv[67]l|(many|musl)linux(1|2010|2014|_\d+_\d+)_\w+|macosx_\d+_\d+_\w+|ios_\d+_\d+_\w+|android_\d+_\w+)$/
