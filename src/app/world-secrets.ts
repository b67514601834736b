// The values that secrets have in a rehearsal: any word, or an address with a word in it where the target says so.
import type { Project } from './project.ts'

/** The secrets of a project's targets, each with a value made from the word that `wordOf` gives it. Those of a job's identity are not among them. */
export function worldSecrets({ active }: Pick<Project, 'active'>, wordOf: (name: string) => string): Readonly<Record<string, string>> {
  const needs = active.flatMap(({ target, settings }) => target.secrets(settings)).filter(({ name }) => !name.startsWith('ACTIONS_'))
  return Object.fromEntries(needs.map(({ name, shape }) => [name, shape === undefined ? wordOf(name) : shape.replace('{word}', wordOf(name).replace(/[^\w-]/g, '-'))]))
}
