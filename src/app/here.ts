// What the folder has, committed or not: for commands that write beside it.
import { headCommit } from '../survey/repository.ts'
import type { App } from './app.ts'
import { CONFIG_FILE, projectFrom, readProject, type Project } from './project.ts'

/** The config as the folder has it, since what is written by it is committed with it; that of the last commit where the folder has none. */
export async function projectHere(app: App): Promise<Project> {
  const text = await readHere(app, CONFIG_FILE)
  return text === undefined ? readProject(app.look, await headCommit(app.look), app.targets) : projectFrom(text, app.targets)
}

/** The text of a file of the folder by its path from the root of the repository; undefined when it is not there. */
export async function readHere({ world }: Pick<App, 'world'>, path: string): Promise<string | undefined> {
  const at = path.lastIndexOf('/')
  const [folder, name] = at < 0 ? ['.', path] : [path.slice(0, at), path.slice(at + 1)]
  const here = world.folder(folder)
  return (await here.list('.')).includes(name) ? here.read(name) : undefined
}
