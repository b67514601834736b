// Whether rules let a release make its refs and a rollback delete them.
import { met, unmet, untested, type Finding } from '../../../model/need.ts'
import type { Rule, Rules } from './rules.ts'

/** A ref that is to be made or deleted, as people name it: `the tag v1.0.0`. */
export interface RefChange {
  readonly what: string
  /** Without `refs/heads/` or `refs/tags/`. */
  readonly name: string
  readonly is: 'creation' | 'deletion'
  readonly repository: string
}

/** Rules that may refuse a new ref by what is in it or on the way to it: nobody knows before. */
const DEPENDS = ['pull_request', 'required_status_checks', 'commit_message_pattern', 'commit_author_email_pattern', 'committer_email_pattern', 'file_path_restriction', 'workflows', 'code_scanning', 'required_deployments']

/** What the rules say to a change; without any that bear on it, the right to write decides. */
export function byRules(rules: Rules, change: RefChange, otherwise: Finding): Finding {
  if ('hidden' in rules) return otherwise.is === 'unmet' ? otherwise : untested(rules.hidden, 'Look at Settings, Rules, Rulesets of the repository.')
  const forbids = rules.rules.find((rule) => forbidding(rule, change))
  if (forbids !== undefined) {
    return unmet({
      code: 'right-missing',
      message: `The ruleset «${forbids.of}» of ${change.repository} ${whatItDoes(forbids, change)}.`,
      hint: `In Settings, Rules, Rulesets: let whoever releases bypass it, or take ${change.what} out of what it is for.`,
    })
  }
  const depends = change.is === 'creation' ? rules.rules.find(({ type }) => DEPENDS.includes(type)) : undefined
  if (depends !== undefined && otherwise.is !== 'unmet') return untested(`the ruleset «${depends.of}» has the rule ${depends.type}, which judges what is pushed`, 'Let whoever releases bypass it if it refuses the release.')
  return otherwise.is === 'met' ? met(`${otherwise.detail}; no ruleset forbids it`) : otherwise
}

function forbidding(rule: Rule, { name, is }: RefChange): boolean {
  if (rule.type === is) return true
  if (is === 'deletion') return false
  if (rule.type === 'required_signatures') return true
  return (rule.type === 'tag_name_pattern' || rule.type === 'branch_name_pattern') && !nameFits(rule, name)
}

function whatItDoes({ type, parameters }: Rule, { what, is }: RefChange): string {
  if (type === 'required_signatures') return `wants signed commits in ${what}, and Slipway does not sign them`
  if (type === is) return is === 'creation' ? `lets nobody make ${what}` : `lets nobody delete ${what}`
  return `wants names that ${parameters['negate'] === true ? 'do not ' : ''}match ${String(parameters['operator'])} ${String(parameters['pattern'])}, which ${what} ${parameters['negate'] === true ? 'does' : 'does not'}`
}

function nameFits({ parameters }: Rule, name: string): boolean {
  const pattern = String(parameters['pattern'])
  const matches = (): boolean => {
    switch (parameters['operator']) {
      case 'starts_with': return name.startsWith(pattern)
      case 'ends_with': return name.endsWith(pattern)
      case 'contains': return name.includes(pattern)
      default: try { return new RegExp(pattern).test(name) } catch { return true }
    }
  }
  return matches() !== (parameters['negate'] === true)
}
