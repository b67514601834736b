// A whole slipway.yaml with every key there is, each below what it is for, made from the schema.
import { stringify } from 'yaml'
import { configSchema, keysOf, type Node } from './config-schema.ts'

// What stands at keys that have no default, or whose default would show little.
const VALUES: Readonly<Record<string, unknown>> = {
  'name': 'oneflow-ai',
  'version.places': ['setup.py', 'src/__init__.py', 'Dockerfile', { path: 'README.md', search: 'oneflow-ai=={version}' }],
  'journal': 'remote',
  'support.lines': [{ line: '2.x', active: '2027-01-31', security: '2027-07-31' }, { line: '1.x', security: '2026-12-31' }],
  'schedule.minor': 'monthly',
  'schedule.major': 'quarterly',
  'schedule.freezes': [{ from: '2026-12-20', until: '2027-01-04', reason: 'holidays' }, { on: ['friday'], reason: 'nobody is here on the weekend' }],
  'checks': [{ name: 'tests', run: 'python3 -m unittest discover -s tests', timeout: '20m' }, { name: 'lint', run: 'python3 -m compileall -q src' }],
  'pypi.package': 'oneflow-ai',
  'pypi.smoke': 'from src.main import OneFlowAI',
  'pypi.pythons': ['3.9', '3.10', '3.11', '3.12'],
  'pypi.via.workflow': 'pypi-publish.yml',
  'pypi.via.on': 'dispatch',
  'pypi.via.repository': 'oneflow-ai/oneflow',
  'pypi.via.inputs': { version: 'v{version}' },
  'provenance.timestamps': 'https://timestamp.sigstore.dev',
  'provenance.identity': 'https://github.com/oneflow-ai/oneflow/.github/workflows/release.yml@refs/heads/main',
  'provenance.repository': 'oneflow-ai/oneflow',
  'image.repository': 'ghcr.io/oneflow-ai/oneflow-ai',
  'image.via.workflow': 'docker-publish.yml',
  'image.via.on': 'dispatch',
  'image.via.repository': 'oneflow-ai/oneflow',
  'image.via.inputs': { version: '{version}' },
  'image.args': { BASE: 'docker.io/library/python:3.12-slim' },
  'image.floating': ['latest', '{major}', '{major}.{minor}'],
  'image.title': 'OneFlow.AI',
  'image.licenses': 'MIT',
  'image.source': 'https://github.com/oneflow-ai/oneflow',
  'image.username': 'ada',
  'image.token': 'GITHUB_TOKEN',
  'sbom.formats': ['cyclonedx', 'spdx'],
  'scan.ignore': [{ id: 'CVE-2026-0001', reason: 'the parser is not used', until: '2027-01-31', package: 'idna' }],
  'scan.vex': ['vex/oneflow.openvex.json'],
  'scan.database': '/var/lib/osv',
  'announce.template': '{name} {version} is out\n\n{notes}\n\n{url}',
  'announce.page': 'https://oneflow.example.org/releases/{version}',
  'announce.feed.repository': 'oneflow-ai/oneflow',
  'announce.discussion.repository': 'oneflow-ai/oneflow',
  'announce.mastodon.instance': 'https://social.example.org',
  'announce.bluesky.handle': 'oneflow.example.org',
  'announce.discourse.forum': 'https://forum.example.org',
  'announce.discourse.user': 'releases',
  'announce.discourse.category': 5,
  'announce.mail.from': 'Releases <releases@example.org>',
  'announce.mail.lists': [{ to: 'users@lists.example.org', archive: 'https://lists.example.org/users/' }, { to: 'security@lists.example.org', only: 'security', unsubscribe: 'https://lists.example.org/security/leave' }],
  'announce.webhook.url': 'https://hooks.example.org/releases',
  'github.repository': 'oneflow-ai/oneflow',
  'github.reviewers': ['ada'],
}

/** The text of the example. Throws when a key has neither a default nor a value here. */
export function configExample(): string {
  return Object.entries(configSchema().properties ?? {}).map(([key, node]) => written(key, node, [])).join('\n')
}

function written(key: string, node: Node, above: readonly string[]): string {
  const path = [...above, key].join('.')
  const indent = '  '.repeat(above.length)
  const comment = node.description === undefined ? '' : `${indent}# ${node.description}\n`
  const { properties } = keysOf(node) ?? {}
  const value = VALUES[path] ?? (properties === undefined ? node.default : undefined)
  if (value !== undefined) return `${comment}${indent}${key}:${valueText(value, indent)}\n`
  if (properties === undefined) throw new Error(`The example of slipway.yaml has no value for ${path}: give it one in scripts/docs/config-example.ts.`)
  const inner = Object.entries(properties).map(([each, below]) => written(each, below, [...above, key]))
  return `${comment}${indent}${key}:\n${inner.join('')}`
}

function valueText(value: unknown, indent: string): string {
  const flow = (part: unknown) => stringify(part, { collectionStyle: 'flow', lineWidth: 0 }).trim()
  if (typeof value === 'string' && value.includes('\n')) return ` |\n${value.split('\n').map((line) => line === '' ? '' : `${indent}  ${line}`).join('\n')}`
  const inLines = Array.isArray(value) && value.some((item) => typeof item === 'object')
  return inLines ? value.map((item) => `\n${indent}  - ${flow(item)}`).join('') : ` ${flow(value)}`
}
