// Secrets: lent by name for the length of one call, and kept out of every text that leaves.
import { Refused, SlipwayError } from '../model/error.ts'
import { openRedactor, redactionOf } from './redaction.ts'
import { NO_LOGINS } from './registry-logins.ts'
import type { RegistryLogins } from './registry-logins.ts'
import type { Redactor } from './redaction.ts'
import type { Environment } from './environment.ts'
import type { SecretSource } from './secret-sources.ts'
import type { Problem } from '../model/error.ts'

/** The secrets of one process. */
export interface Secrets {
  /**
   * Lends a value, without white space around it. Throws Refused `secret-missing`. An error of `use` that holds a known secret goes on
   * without it: same class where it is ours, else a plain Error of the same name, message and simple properties.
   */
  lend<T>(name: string, use: (value: string) => Promise<T>): Promise<T>
  /** The value, for those that can do without; undefined when it is not set. */
  peek(name: string): string | undefined
  /** Where the value comes from, for people: `the environment`; undefined when there is none. */
  sourceOf(name: string): string | undefined
  /** Makes a value known that was got from outside: it is redacted from now on, and never lent by its name. */
  learn(name: string, value: string): void
  /** Does something, and takes known secrets out of its error as `lend` does. */
  guard<T>(work: () => Promise<T>): Promise<T>
  /** Keeps a value that a person gave, in the memory of this process. */
  hold(name: string, value: string): void
  /** The text with every known secret, plain or encoded, replaced by `***NAME***`. */
  redact(text: string): string
  /** The same for a text that comes in pieces. */
  redactor(): Redactor
}

const looksSecret = /(TOKENS?|PASSWORD|PASSWD|PASSPHRASE|SECRETS?|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SIGNING_?KEY|SECRET_?KEY|(?:^|_)(?:PAT|PASS|AUTH))(?:_[0-9]+|_VALUE)?$/i

/** The secrets that are logins to registries: `docker:ghcr.io/acme/app` is `user:password`. */
const LOGIN = 'docker:'

/** Where secrets that the environment has not got may be. */
export interface SecretPlaces {
  readonly logins?: RegistryLogins
  /** In the order in which they are asked, each once for a name. */
  readonly sources?: readonly SecretSource[]
  /** Hears of a value that has just become known, before anybody is lent it: where logs are masked by value, it must be added. */
  readonly learned?: (value: string) => void
}

/**
 * Secrets from environment variables, then from what a person gave, then from other places of this machine, and logins to registries. Known, and so redacted, are
 * those whose name says so and every other one once it has been asked for.
 */
export function openSecrets(env: Environment, { logins = NO_LOGINS, sources = [], learned = () => undefined }: SecretPlaces = {}): Secrets {
  const known = new Map<string, string>()
  let redaction: ((text: string) => string) | undefined
  for (const [name, value] of Object.entries(env)) if (value !== undefined && looksSecret.test(name)) known.set(name, value.trim())

  const loggedIn = new Map<string, string | undefined>()
  function login(repository: string): string | undefined {
    if (!loggedIn.has(repository)) loggedIn.set(repository, logins.find(repository))
    const value = loggedIn.get(repository)
    if (value !== undefined) {
      const password = value.slice(value.indexOf(':') + 1)
      if (known.get(`${LOGIN}${repository} password`) !== password) learned(password)
      known.set(`${LOGIN}${repository} password`, password)
    }
    return value
  }

  const given = new Map<string, string>()
  const elsewhere = new Map<string, { readonly value: string; readonly from: string } | undefined>()
  function lookElsewhere(name: string): { readonly value: string; readonly from: string } | undefined {
    if (elsewhere.has(name)) return elsewhere.get(name)
    for (const source of sources) {
      const value = source.find(name)?.trim()
      if (value === undefined || value === '') continue
      elsewhere.set(name, { value, from: source.name })
      return { value, from: source.name }
    }
    elsewhere.set(name, undefined)
    return undefined
  }

  function found(name: string): { readonly value: string; readonly from: string } | undefined {
    const set = env[name]?.trim()
    if (set !== undefined && set !== '') return { value: set, from: 'the environment' }
    const held = given.get(name)
    return held === undefined ? lookElsewhere(name) : { value: held, from: 'what was typed in' }
  }

  function peek(name: string): string | undefined {
    const value = name.startsWith(LOGIN) ? login(name.slice(LOGIN.length)) : found(name)?.value
    if (value === undefined || value === '') return undefined
    if (!known.has(name)) {
      learned(value)
      known.set(name, value)
      redaction = undefined
    }
    return value
  }

  function redact(text: string): string {
    redaction ??= redactionOf(known)
    return redaction(text)
  }

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw withoutSecrets(error, redact)
    }
  }

  return {
    peek,
    guard,
    learn(name, value) {
      if ([...known.values()].includes(value)) return
      learned(value)
      // Those before it may still be written somewhere.
      let key = name
      for (let number = 2; known.has(key); number += 1) key = `${name} ${number}`
      known.set(key, value)
      redaction = undefined
    },
    sourceOf: (name) => peek(name) === undefined ? undefined : name.startsWith(LOGIN) ? 'a login to the registry' : found(name)?.from,
    hold: (name, value) => { given.set(name, value.trim()) },
    redact,
    redactor: () => openRedactor(known),
    async lend(name, use) {
      const value = peek(name)
      if (value === undefined) throw missing(name)
      return guard(() => use(value))
    },
  }
}

function missing(name: string): Refused {
  if (name.startsWith(LOGIN)) {
    const [host = ''] = name.slice(LOGIN.length).split('/')
    return new Refused({ code: 'secret-missing', message: `Nobody is logged in to ${host} here.`, hint: `Log in with \`docker login ${host}\` (or podman, buildah, skopeo), and run again.` })
  }
  return new Refused({
    code: 'secret-missing',
    message: `The secret ${name} is not set.`,
    hint: `Set it for this shell with \`read -rs ${name} && export ${name}\`, or add ${name} to the secrets of your CI job, and run again.`,
  })
}

function withoutSecrets(error: unknown, redact: (text: string) => string): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redact(error) : error
  if (!holdsSecret(error, redact)) return error
  if (error instanceof SlipwayError) {
    const [first, ...more] = error.problems.map((problem) => redactProblem(problem, redact))
    const clean = first && (error instanceof Refused ? new Refused(first, ...more) : new SlipwayError(first, ...more))
    return clean ?? error
  }
  const clean = new Error(redact(error.message))
  const simple = Object.entries(error).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)) as [string, string | number | boolean][]
  Object.assign(clean, Object.fromEntries(simple.map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value])))
  clean.name = error.name
  if (error.stack !== undefined) clean.stack = redact(error.stack)
  return clean
}

function redactProblem(problem: Problem, redact: (text: string) => string): Problem {
  return {
    ...problem,
    message: redact(problem.message),
    ...(problem.hint !== undefined && { hint: redact(problem.hint) }),
    ...(problem.detail !== undefined && { detail: redact(problem.detail) }),
  }
}

function holdsSecret(error: Error, redact: (text: string) => string): boolean {
  const seen = new Set<object>()
  const holds = (value: unknown): boolean => {
    if (typeof value === 'string') return redact(value) !== value
    if (value instanceof Uint8Array) return redact(Buffer.from(value).toString('latin1')) !== Buffer.from(value).toString('latin1')
    if (typeof value !== 'object' || value === null || seen.has(value)) return false
    seen.add(value)
    return Object.getOwnPropertyNames(value).some((name) => {
      const property = Object.getOwnPropertyDescriptor(value, name)
      return property !== undefined && 'value' in property && holds(property.value)
    })
  }
  return holds(error)
}
