// Names of the files that Python projects publish.
import { normalName } from '../../model/python-name.ts'

/** The version in the name of a wheel or an sdist of this project, undefined for any other file. */
export function versionIn(file: string, project: string): string | undefined {
  const [name, version] = file.endsWith('.whl') ? file.split('-') : (/^(.+)-([^-]+)\.(?:tar\.gz|zip)$/.exec(file)?.slice(1) ?? [])
  return name !== undefined && normalName(name) === normalName(project) ? version : undefined
}

/** True for the name of a wheel. */
export function isWheel(file: string): boolean {
  return file.endsWith('.whl')
}

/** The normalised name as it begins the names of files (PEP 625, PEP 427): `oneflow_ai`. */
export function fileStem(project: string): string {
  return normalName(project).replaceAll('-', '_')
}
