// Names of Python projects.

/** The normalised name of a project (https://packaging.python.org/specifications/name-normalization/): `oneflow-ai`. */
export function normalName(project: string): string {
  return project.replace(/[-_.]+/g, '-').toLowerCase()
}
