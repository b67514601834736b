// What becomes of one setting of another tool.
import type { Place, Problem } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { VersionPlace } from '../config.ts'
import type { Document, Entry, Node } from '../read/node.ts'
import { placeData } from './place.ts'

/** A setting of slipway.yaml by its path with dots; `version.places` and `checks` may be given several times, an item each. */
export interface Given {
  readonly setting: string
  readonly value: Json
}

/** What became of a setting: it became settings of slipway.yaml, Slipway does it anyway, or it is not taken over. */
export type Outcome =
  | { readonly outcome: 'became'; readonly gives: readonly Given[] }
  | { readonly outcome: 'anyway'; readonly why: string }
  | { readonly outcome: 'left'; readonly why: string }

/** Reads the settings of one tool. */
export interface Importer {
  /** The tool's name, for people. */
  readonly tool: string
  /** The files that may hold its settings, from the root of the repository. */
  readonly files: readonly string[]
  /** Every setting that stands in one of these files, in the order of the file. Pure; never throws. */
  read(file: string, text: string): { readonly settings: readonly Found[]; readonly problems: readonly Problem[] }
}

/** A setting where it was found. */
export type Found = Outcome & { readonly setting: string; readonly place: Place }

/** It became these settings. */
export function became(...gives: readonly Given[]): Outcome {
  return { outcome: 'became', gives }
}

/** It became one setting. */
export function gives(setting: string, value: Json): Outcome {
  return became({ setting, value })
}

/** It became a place that carries the version. */
export function givesPlace(place: VersionPlace): Outcome {
  return gives('version.places', placeData(place))
}

/** Slipway does it anyway: why there is nothing to write. */
export function anyway(why: string): Outcome {
  return { outcome: 'anyway', why }
}

/** It is not taken over: why, and what to do. */
export function left(why: string): Outcome {
  return { outcome: 'left', why }
}

/** What a setting becomes, from its value. */
export type Rule = Outcome | ((node: Node, setting: string) => Outcome)

/** Rules by the setting's name, its parts with dots between them; `*` stands for one part of any name. */
export type Rules = Readonly<Record<string, Rule>>

const UNKNOWN = left('Slipway has no such setting. Look at what it does, and write it by hand if a release needs it.')

function ruleOf(rules: Rules, setting: string): Rule | undefined {
  const exact = rules[setting]
  if (exact !== undefined) return exact
  const parts = setting.split('.')
  const key = Object.keys(rules).find((each) => {
    const wanted = each.split('.')
    return each.includes('*') && wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index])
  })
  return key === undefined ? undefined : rules[key]
}

function leadsOn(rules: Rules, setting: string): boolean {
  const depth = setting.split('.').length
  return Object.keys(rules).some((key) => {
    const parts = key.split('.')
    return parts.length > depth && ruleOf({ [parts.slice(0, depth).join('.')]: UNKNOWN }, setting) !== undefined
  })
}

/** One setting for each entry of a mapping that has a rule, or that no rule lies below. Names begin with `before`. */
export function ruled(node: Node | undefined, rules: Rules, before = ''): readonly Found[] {
  if (node?.is !== 'map') return []
  return walked(node, { rules, before, path: '' })
}

function walked(node: Extract<Node, { is: 'map' }>, { rules, before, path }: { readonly rules: Rules; readonly before: string; readonly path: string }): readonly Found[] {
  return node.entries.flatMap(({ key, place, value }) => {
    const own = path === '' ? key : `${path}.${key}`
    const setting = `${before}${own}`
    const isOpen = value.is === 'map' && value.entries.length > 0 && leadsOn(rules, own)
    // A rule for every name counts for those that no rule lies below.
    const rule = rules[own] ?? (isOpen ? undefined : ruleOf(rules, own))
    if (rule !== undefined) return [{ ...(typeof rule === 'function' ? rule(value, setting) : rule), setting, place }]
    if (isOpen) return walked(value, { rules, before, path: own })
    return [{ ...UNKNOWN, setting, place }]
  })
}

/** A setting that Slipway knows nothing of. */
export function unknown(setting: string, place: Place): Found {
  return { ...UNKNOWN, setting, place }
}

/** What was found under a key; where that is nothing, the key itself. */
export function orItself(found: readonly Found[], { key, place }: Pick<Entry, 'key' | 'place'>): readonly Found[] {
  return found.length > 0 ? found : [{ ...anyway('It holds nothing.'), setting: key, place }]
}

/** What an importer gives of a document that holds its settings under a node. */
export function fromDocument({ node, problems }: Document, read: (node: Node) => readonly Found[]): ReturnType<Importer['read']> {
  return { settings: node === undefined ? [] : read(node), problems }
}

/** Settings that are code. */
export function fromCode(file: string): ReturnType<Importer['read']> {
  return { problems: [], settings: [{ ...left('It is code, which is not read. Write what it sets to slipway.yaml by hand.'), setting: '(code)', place: { file, line: 1, column: 1 } }] }
}

/** A switch whose one position Slipway has anyway. */
export function whether(on: Outcome, off: Outcome): Rule {
  return (node) => (node.is === 'scalar' && (node.value === false || node.value === null || /^(?:false|no|off|0)$/i.test(String(node.value))) ? off : on)
}
