// Named sets of faults, for rehearsals that are not all sunshine.
import { SlipwayError } from '../model/error.ts'
import type { FaultRule } from './faults.ts'
import { plantForeign } from './pypi/state.ts'
import type { Actions } from './github/state.ts'
import type { OsvState } from './osv/state.ts'
import type { PypiState } from './pypi/state.ts'

/** The states that a preset may arrange before the rehearsal begins. */
export interface Arranged {
  readonly pypi: PypiState
  /** The file names that the release will publish, where they are known beforehand. */
  readonly files?: readonly string[]
  readonly osv?: OsvState
  readonly github?: { setImmutable(on: boolean): void; leaveStarterOnce(): void; readonly actions: Actions }
}

/** A named set of faults. */
export interface Preset {
  readonly name: string
  /** One sentence for the help and the report. */
  readonly summary: string
  readonly rules: readonly FaultRule[]
  readonly arrange?: (states: Arranged) => void
}

const json = { 'content-type': 'application/json; charset=utf-8' }
const badGateway = { status: 502, body: '<html><head><title>502 Bad Gateway</title></head></html>' }
const unavailable = { status: 503, body: 'Service Unavailable' }
const rateLimited = {
  status: 429,
  headers: { ...json, 'retry-after': '1', 'x-ratelimit-remaining': '0' },
  body: JSON.stringify({
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
  }),
}
const invalidAuth = 'Invalid or non-existent authentication information. See https://pypi.org/help/#invalid-auth for more information.'
const releases = /^\/repos\/[^/]+\/[^/]+\/releases$/
const receivePack = /\/git-receive-pack$/

/** Every preset, the sunny one first. */
export const presets: readonly Preset[] = [
  { name: 'none', summary: 'Nothing goes wrong.', rules: [] },
  {
    name: 'flaky',
    summary: 'Servers answer 5xx and lose answers here and there.',
    rules: [
      { host: 'api.github.com', method: 'GET', path: '/', skip: 2, times: 2, does: badGateway },
      { host: 'api.github.com', method: 'POST', path: /\/pulls$/, times: 1, does: 'hang-before' },
      { host: 'pypi.org', method: 'GET', path: '/simple/', skip: 1, times: 1, does: unavailable },
      { host: 'upload.pypi.org', method: 'POST', path: '/legacy/', times: 1, does: unavailable },
      { host: 'upload.pypi.org', method: 'POST', path: '/legacy/', times: 1, does: 'drop-after' },
      { host: 'uploads.github.com', method: 'POST', path: '/', times: 1, does: 'refuse' },
    ],
  },
  {
    name: 'lost-reply',
    summary: 'The push, the release creation and every first upload take effect, and their answers are lost.',
    rules: [
      { host: 'github.com', method: 'POST', path: receivePack, times: 1, does: 'drop-after' },
      { host: 'api.github.com', method: 'POST', path: releases, times: 1, does: 'drop-after' },
      { host: 'uploads.github.com', method: 'POST', path: '/', times: 1, does: 'drop-after' },
      { host: 'upload.pypi.org', method: 'POST', path: '/legacy/', times: 1, does: 'drop-after' },
    ],
  },
  {
    name: 'vulnerable',
    summary: 'The advisory database knows a critical vulnerability of a package that the release contains.',
    rules: [],
    arrange({ osv }) {
      if (osv !== undefined) osv.plantNext = true
    },
  },
  {
    name: 'flaky-registry',
    summary: 'Container registries lose connections, answers and requests while an image is pushed.',
    rules: [
      { host: 'ghcr.io', method: 'PATCH', path: '/v2/', times: 1, does: 'cut-upload' },
      { host: 'ghcr.io', method: 'PUT', path: /\/blobs\/uploads\//, times: 1, does: 'hang-before' },
      { host: 'ghcr.io', method: 'PUT', path: /\/manifests\/sha256:/, times: 1, does: 'drop-after' },
      { host: 'ghcr.io', method: 'PUT', path: /\/manifests\/latest$/, times: 1, does: 'drop-after' },
      { host: 'ghcr.io', method: 'GET', path: '/v2/', skip: 6, times: 1, does: unavailable },
      { host: 'timestamp.sigstore.dev', method: 'POST', path: '/api/v1/timestamp', times: 1, does: 'drop-after' },
      { host: 'rekor.sigstore.dev', method: 'POST', path: '/api/v1/log/entries', times: 1, does: 'drop-after' },
    ],
  },
  {
    name: 'slow-index',
    summary: 'The package index shows a change only at the fourth look.',
    rules: [],
    arrange: ({ pypi }) => { pypi.lag = { reads: 3 } },
  },
  {
    name: 'rate-limited',
    summary: 'GitHub answers 429 and asks to wait a second, three times.',
    rules: [{ host: 'api.github.com', path: '/', skip: 2, times: 3, does: rateLimited }],
  },
  {
    name: 'expired-token',
    summary: 'The package index refuses the token of every upload.',
    rules: [{
      host: 'upload.pypi.org', method: 'POST', path: '/legacy/', times: Infinity,
      does: { status: 403, reason: invalidAuth, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: `<html><head><title>403 ${invalidAuth}</title></head><body><h1>403 ${invalidAuth}</h1></body></html>` },
    }],
  },
  {
    name: 'unsteady-publisher',
    summary: 'The exchange of trusted publishing fails now and then, and once its answer is lost.',
    rules: [
      { host: 'pypi.org', method: 'GET', path: '/_/oidc/audience', times: 1, does: unavailable },
      { host: 'pypi.org', method: 'POST', path: '/_/oidc/mint-token', times: 1, does: badGateway },
      { host: 'pypi.org', method: 'POST', path: '/_/oidc/mint-token', times: 1, does: 'drop-after' },
    ],
  },
  {
    name: 'no-publisher',
    summary: 'Nobody has registered the job as a trusted publisher of the package index.',
    rules: [],
    arrange({ pypi }) {
      pypi.publishers.length = 0
      pypi.pending.length = 0
    },
  },
  {
    name: 'foreign-file',
    summary: 'Another file of the same name is at the package index already.',
    rules: [],
    arrange({ pypi, files }) {
      const [first] = files ?? []
      if (first === undefined) pypi.foreignNext = true
      else plantForeign(pypi, first)
    },
  },
  {
    name: 'immutable',
    summary: 'The repository makes published releases immutable.',
    rules: [],
    arrange: ({ github }) => { github?.setImmutable(true) },
  },
  {
    name: 'starter-asset',
    summary: 'An asset upload fails with 502 and leaves an empty asset behind.',
    rules: [],
    arrange: ({ github }) => { github?.leaveStarterOnce() },
  },
  ...([
    ['workflow-fails', 'fails', 'The workflow that publishes fails.'],
    ['workflow-silent', 'silent', 'No release and no tag starts the workflow that publishes.'],
    ['workflow-empty', 'empty', 'The workflow that publishes ends green and has published nothing.'],
    ['workflow-twice', 'twice', 'The workflow that publishes runs twice, and the second run builds other bytes: a package index refuses them, a container registry takes them.'],
    ['workflow-rebuilds', 'rebuilds', 'The workflow that publishes builds by itself and publishes other bytes.'],
  ] as const).map(([name, fault, summary]): Preset => ({ name, summary, rules: [], arrange: ({ github }) => { if (github !== undefined) github.actions.fault = fault } })),
]

/** The preset of this name. Throws SlipwayError `usage` when there is none. */
export function presetNamed(name: string): Preset {
  const preset = presets.find((one) => one.name === name)
  if (preset !== undefined) return preset
  throw new SlipwayError({
    code: 'usage',
    message: `There is no fault preset called '${name}'.`,
    hint: `Choose one of ${presets.map((one) => one.name).join(', ')}.`,
  })
}
