// Faults on demand, as data: which calls go wrong, how often and in which way.
import type { Reply } from './service.ts'

/** An answer given instead of the service's own; the effect is not made. */
export type FaultReply = Reply

/** What happens to a call that a rule hits. */
export type FaultWay =
  /** The connection is closed at once: the body is not read, nothing is done. */
  | 'refuse'
  /** The request is read whole, nothing is done, and the connection is cut: what a time-out before the effect looks like. */
  | 'hang-before'
  /** The effect is made, and the connection is cut before the answer. */
  | 'drop-after'
  /** Half of the body reaches the service, under a content-length that tells the whole, and the connection is cut: what a service makes of half is its own affair. */
  | 'cut-upload'
  | FaultReply

/** One rule: calls to `host` that match are let by `skip` times, then hit `times` times (Infinity for always). */
export interface FaultRule {
  readonly host: string
  /** Any method when missing. */
  readonly method?: string
  /** Matched against the path alone: a pattern, or the beginning of the path. */
  readonly path: RegExp | string
  readonly times: number
  readonly skip?: number
  readonly does: FaultWay
}

/** The part of a call that rules look at; `url` is the public address. */
export interface FaultCall {
  readonly method: string
  readonly url: URL
}

/** A rule that hit a call. */
export interface FiredFault {
  readonly rule: FaultRule
  readonly method: string
  /** The public address, without its query. */
  readonly url: string
}

/** Rules with their counts, for one served world. */
export interface FaultPlan {
  readonly rules: readonly FaultRule[]
  /** What hit so far, in order. */
  readonly fired: readonly FiredFault[]
  /** Rules that have not hit anything: a rehearsal that proved less than its preset promises. */
  unfired(): readonly FaultRule[]
  /** What happens to this call; counts it. The first rule that is due wins. */
  next(call: FaultCall): FaultWay | undefined
}

/** Makes a plan with fresh counts out of rules. */
export function faultPlan(rules: readonly FaultRule[]): FaultPlan {
  const counts = rules.map((rule) => ({ rule, toSkip: rule.skip ?? 0, left: rule.times }))
  const fired: FiredFault[] = []
  return {
    rules,
    fired,
    unfired: () => rules.filter((rule) => !fired.some((hit) => hit.rule === rule)),
    next(call) {
      for (const count of counts) {
        if (count.left <= 0 || !hits(count.rule, call)) continue
        if (count.toSkip > 0) {
          count.toSkip -= 1
          continue
        }
        count.left -= 1
        fired.push({ rule: count.rule, method: call.method, url: call.url.origin + call.url.pathname })
        return count.rule.does
      }
      return undefined
    },
  }
}

/** A rule in words: `the answer to POST upload.pypi.org/legacy/ is lost after the effect, once`. */
export function faultText(rule: FaultRule): string {
  const path = typeof rule.path === 'string' ? rule.path : ` ${String(rule.path)}`
  const call = `${rule.method ?? 'any call'} ${rule.host}${path}`
  const often = rule.times === Infinity ? 'always' : rule.times === 1 ? 'once' : `${rule.times} times`
  return `${wayText(call, rule.does)}, ${often}`
}

function wayText(call: string, does: FaultWay): string {
  if (typeof does === 'object') return `${call} is answered ${does.status}${does.reason === undefined ? '' : ` ${does.reason}`}`
  switch (does) {
    case 'refuse': return `the connection of ${call} is refused`
    case 'hang-before': return `${call} is never answered and has no effect`
    case 'drop-after': return `the answer to ${call} is lost after the effect`
    case 'cut-upload': return `the connection of ${call} is cut when half is sent`
  }
}

function hits(rule: FaultRule, call: FaultCall): boolean {
  if (rule.host !== call.url.host) return false
  if (rule.method !== undefined && rule.method !== call.method) return false
  // A global pattern carries state between tests of it; search() never does.
  return typeof rule.path === 'string' ? call.url.pathname.startsWith(rule.path) : call.url.pathname.search(rule.path) >= 0
}
