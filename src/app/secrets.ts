// The secrets that a project's targets need: which have no value, and asking a person for those.
import type { Problem } from '../model/error.ts'
import type { SecretNeed } from '../model/target.ts'
import type { App } from './app.ts'
import type { Project } from './project.ts'

/** A problem for every secret that the project's targets need and that has no value. */
export function missingSecrets(app: Pick<App, 'look'>, project: Pick<Project, 'active'>): readonly Problem[] {
  return withoutValue(app, project).map(missingSecret)
}

/** The problem of a secret without a value. */
export function missingSecret({ name, for: purpose, hint }: SecretNeed): Problem {
  return {
    code: 'secret-missing',
    message: `The secret ${name} is not set; it is needed for ${purpose}.`,
    hint: hint ?? `Set it for this shell with \`read -rs ${name} && export ${name}\`, or add ${name} to the secrets of your CI job, and run again.`,
  }
}

/** Asks whoever is at the terminal for each secret that has no value, once. Without a terminal it does nothing. */
export async function askForSecrets(app: Pick<App, 'look' | 'secrets' | 'askSecret'>, project: Pick<Project, 'active'>): Promise<void> {
  for (const need of withoutValue(app, project)) {
    // What says how it comes by its value is nothing that a person has.
    if (need.hint !== undefined || app.look.hasSecret(need.name)) continue
    const value = await app.askSecret?.(need)
    if (value !== undefined && value !== '') app.secrets.hold(need.name, value)
  }
}

function withoutValue({ look }: Pick<App, 'look'>, { active }: Pick<Project, 'active'>): readonly SecretNeed[] {
  return active.flatMap(({ target, settings }) => target.secrets(settings)).filter(({ name, or = [] }) => ![name, ...or].some((each) => look.hasSecret(each)))
}
