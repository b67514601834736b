// A case: a directory with a project gone wrong (or right), one call of the program, and the words and the world that must come out.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CASE_HOOKS } from './case-hooks.ts'

const args = z.array(z.string())

/** One change to the project or the world. Paths are relative to the project; `"by": "somebody"` does it in somebody else's clone. */
const step = z.union([
  z.strictObject({ write: z.string(), text: z.string() }),
  z.strictObject({ replace: z.string(), find: z.string(), with: z.string() }),
  z.strictObject({ remove: z.string() }),
  /** Commits everything that there is. */
  z.strictObject({ commit: z.string(), by: z.literal('somebody').exactOptional() }),
  z.strictObject({ git: args, by: z.literal('somebody').exactOptional() }),
  /** Runs the program, which must end with this exit code. */
  z.strictObject({ slipway: args, exit: z.int() }),
  /** Something that only code can do, by its name in case-hooks.ts. */
  z.strictObject({ hook: z.enum(Object.keys(CASE_HOOKS) as [keyof typeof CASE_HOOKS]) }),
])

const caseFile = z.strictObject({
  /** The case as a sentence: the name of its test. */
  about: z.string(),
  /** The example, cut down; the same without its Python package; the same with nothing but git and a small image; or the files of the case's own `in/` as one commit. */
  project: z.enum(['example', 'unpackaged', 'image', 'in']).default('example'),
  /** What is changed before the world is served from the project. */
  before: z.array(step).default([]),
  /** What is changed afterwards. */
  steps: z.array(step).default([]),
  run: args,
  /** Changes to the environment; null takes a variable away. */
  env: z.record(z.string(), z.string().nullable()).default({}),
  /** The folder that the program is run in, relative to the project. */
  folder: z.string().default('.'),
  exit: z.int(),
  /** The code of the first problem; looked at in a second run, with `--json`. */
  code: z.string().exactOptional(),
  /** Whether the remote, GitHub and the indexes must be as they were, to the last byte. */
  world: z.enum(['untouched', 'touched']).default('untouched'),
  /** Texts that it must hold, instead of stdout.txt, where other programs' words differ from machine to machine. */
  stdoutHolds: args.exactOptional(),
  /** Leaves out what is printed before the line that begins so. */
  stdoutFrom: z.string().exactOptional(),
  /** What must go well afterwards. */
  then: z.array(step).default([]),
})

/** One change to the project or the world. */
export type CaseStep = z.infer<typeof step>

/** A case with the directory that it is read from. */
export type Case = z.infer<typeof caseFile> & { readonly name: string; readonly directory: string }

/** Every directory here that holds a case, by name. Throws when one is not well-formed, naming it. */
export function readCases(folder: string): readonly Case[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'case.json'))).toSorted().map((name) => {
    const directory = join(folder, name)
    const parsed = caseFile.safeParse(JSON.parse(readFileSync(join(directory, 'case.json'), 'utf8')))
    if (!parsed.success) throw new Error(`${join(directory, 'case.json')}: ${z.prettifyError(parsed.error)}`)
    return { ...parsed.data, name, directory }
  })
}
