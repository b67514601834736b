// Rulesets as GitHub tells them: which rules stand in the way of a ref (https://docs.github.com/rest/repos/rules).
import { z } from 'zod'
import { bodyJson } from '../../../model/http.ts'
import type { Sight } from './sight.ts'

const rule = z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) })

const branchRule = rule.extend({ ruleset_id: z.int() })

const ruleset = z.object({
  id: z.int(),
  name: z.string(),
  enforcement: z.string(),
  target: z.string().default('branch'),
  current_user_can_bypass: z.string().default('never'),
  conditions: z.object({ ref_name: z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) }).optional() }).nullish(),
  rules: z.array(rule).default([]),
})

/** A rule that applies to whoever holds the token. */
export interface Rule {
  readonly type: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The name of its ruleset. */
  readonly of: string
}

/** The rules for a ref, or why they cannot be known. */
export type Rules = { readonly rules: readonly Rule[] } | { readonly hidden: string }

/** The active rules for a branch, whether it is there or not, without those that the caller passes. */
export async function rulesOfBranch({ ask }: Sight, branch: string): Promise<Rules> {
  const answer = await ask(`/rules/branches/${branch.split('/').map(encodeURIComponent).join('/')}?per_page=100`)
  const found = z.array(branchRule).safeParse(bodyJson(answer))
  if (answer.status !== 200 || !found.success) return { hidden: `GitHub does not show this token the rules of ${branch} (${answer.status})` }
  const rulesets = new Map(await Promise.all([...new Set(found.data.map(({ ruleset_id: id }) => id))].map(async (id) => [id, await rulesetOf({ ask }, id)] as const)))
  return {
    rules: found.data.flatMap(({ type, parameters, ruleset_id: id }) => {
      const set = rulesets.get(id)
      return set !== undefined && passes(set) ? [] : [{ type, parameters, of: set?.name ?? `number ${id}` }]
    }),
  }
}

/** The active rules for a tag, without those that the caller passes. */
export async function rulesOfTag({ ask }: Sight, tag: string): Promise<Rules> {
  const answer = await ask('/rulesets?includes_parents=true&targets=tag&per_page=100')
  const found = z.array(ruleset.pick({ id: true, enforcement: true, target: true })).safeParse(bodyJson(answer))
  if (answer.status !== 200 || !found.success) return { hidden: `GitHub does not show this token the rulesets for tags (${answer.status})` }
  const active = found.data.filter(({ enforcement, target }) => enforcement === 'active' && target === 'tag')
  const rulesets = await Promise.all(active.map(({ id }) => rulesetOf({ ask }, id)))
  if (rulesets.includes(undefined)) return { hidden: 'GitHub does not show this token every ruleset for tags' }
  return { rules: rulesets.flatMap((set) => set === undefined || passes(set) || !applies(set, `refs/tags/${tag}`) ? [] : set.rules.map((each) => ({ ...each, of: set.name }))) }
}

async function rulesetOf({ ask }: Pick<Sight, 'ask'>, id: number): Promise<z.infer<typeof ruleset> | undefined> {
  const answer = await ask(`/rulesets/${id}?includes_parents=true`)
  return answer.status === 200 ? ruleset.safeParse(bodyJson(answer)).data : undefined
}

/** True when the caller is among those who may pass by. */
function passes({ current_user_can_bypass: bypass }: z.infer<typeof ruleset>): boolean {
  return bypass === 'always' || bypass === 'exempt'
}

function applies({ conditions }: z.infer<typeof ruleset>, ref: string): boolean {
  const names = conditions?.ref_name
  if (names === undefined) return true
  return names.include.some((pattern) => pattern === '~ALL' || fits(pattern, ref)) && !names.exclude.some((pattern) => pattern === '~ALL' || fits(pattern, ref))
}

/** fnmatch as GitHub's rulesets use it: `*` stays within a part, a `**` part goes over any number of them (https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax). */
export function fits(pattern: string, ref: string): boolean {
  const source = pattern.replace(/\*\*\/|\*+|\?|\[(?:[!^])?[^\]]+\]|[^]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part.startsWith('*')) return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 1) return part.replace(/^\[[!^]/, '[^').replace(/\\/g, '\\\\')
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${source}$`).test(ref)
}
