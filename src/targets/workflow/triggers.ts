// What a workflow file says that starts it (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#on).
import { parse } from 'yaml'
import type { ReliedFile } from '../../model/target.ts'
import { EVENTS, type Via } from './settings.ts'

/** The events under `on:`; undefined when the text is no workflow. GitHub reads YAML 1.2, where `on` is a word and no boolean. */
export function triggersIn(text: string): ReadonlyMap<string, unknown> | undefined {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 100 })
  } catch {
    return undefined
  }
  if (!isMapping(document)) return undefined
  const on = document['on']
  if (typeof on === 'string') return new Map([[on, null]])
  if (Array.isArray(on)) return new Map(on.filter((each) => typeof each === 'string').map((each) => [each, null]))
  return isMapping(on) ? new Map(Object.entries(on)) : undefined
}

/** What must stand under `on:` for each way, as somebody would write it. */
const WRITTEN = { release: 'release: {types: [published]}', tag: "push: {tags: ['v*']}", dispatch: 'workflow_dispatch:' } as const

/** The workflow's file, which must be in the checkout and be started by what the settings say. */
export function reliedWorkflow(via: Via, above: readonly PropertyKey[]): ReliedFile {
  const path = `.github/workflows/${via.workflow}`
  return {
    path,
    setting: [...above, 'workflow'],
    wrong(text) {
      if (text === undefined) return { code: 'config-invalid', message: `The commit has no ${path}, which is to publish.`, hint: 'Write the name of the workflow\'s file as it is committed, with .yml or .yaml.' }
      const triggers = triggersIn(text)
      if (triggers === undefined) return { code: 'config-invalid', message: `${path} does not say under "on" what starts it.`, hint: `Write \`on: {${WRITTEN[via.on]}}\` in it.` }
      const why = unstarted(via, triggers)
      return why === undefined ? undefined : { code: 'config-invalid', message: `${path} ${why}.`, hint: `Add \`${WRITTEN[via.on]}\` under "on" in it, or say under "on" here what does start it.` }
    },
  }
}

/** Why the event does not start it; undefined when it does. */
function unstarted({ on, inputs }: Via, triggers: ReadonlyMap<string, unknown>): string | undefined {
  const event = EVENTS[on]
  if (!triggers.has(event)) return `is started by ${[...triggers.keys()].join(', ') || 'nothing'}, and not by ${event}`
  const filter = triggers.get(event)
  if (!isMapping(filter)) return undefined
  if (on === 'release') {
    const types = list(filter['types'])
    return types === undefined || types.includes('published') || types.includes('released') ? undefined : `is started by a release that is ${types.join(' or ')}, and not by one that is published`
  }
  if (on === 'tag') return filter['branches'] !== undefined && filter['tags'] === undefined && filter['tags-ignore'] === undefined ? 'is started by pushes to branches, and by no tag' : undefined
  const known = isMapping(filter['inputs']) ? Object.keys(filter['inputs']) : []
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name))
  return unknown.length === 0 ? undefined : `takes ${known.length === 0 ? 'no inputs' : `the inputs ${known.join(', ')}`}, and not ${unknown.join(', ')}`
}

function list(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.map(String) : undefined
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
