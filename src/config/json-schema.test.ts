// The JSON Schema that editors get, whole, and that it agrees with the parser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { parse as readYaml } from 'yaml'
import { z } from 'zod'
import type { ConfigTarget } from './config.ts'
import { configJsonSchema } from './json-schema.ts'
import { parseConfig } from './parse.ts'

const targets: readonly ConfigTarget[] = [
  { name: 'git', summary: 'Branches, commits and tags.', settings: z.strictObject({ branch: z.string().default('main') }) },
  { name: 'pypi', settings: z.strictObject({ package: z.string(), pythons: z.array(z.string()).optional() }) },
  { name: 'short', settings: z.union([z.enum(['a', 'b']), z.strictObject({ with: z.enum(['a', 'b']).default('a') })]) },
  { name: 'plain', settings: { parse: (value) => value, safeParse: (value) => ({ success: true, data: value }) } },
]

const WHY = { description: 'Why, as it is told to whoever would release.', type: 'string', minLength: 1 }

test('the JSON Schema says every key, what it is for and its default', () => {
  const file = { description: 'The file, relative to the root of the repository.', type: 'string' }
  assert.deepEqual(JSON.parse(JSON.stringify(configJsonSchema(targets))), {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'slipway.yaml',
    description: 'How Slipway releases this project.',
    type: 'object',
    required: ['name', 'version'],
    additionalProperties: false,
    properties: {
      name: { description: 'The name of the project, as titles and messages show it.', type: 'string', minLength: 1, maxLength: 100 },
      version: {
        description: 'Where the version stands.',
        type: 'object',
        required: ['places'],
        additionalProperties: false,
        properties: {
          places: {
            description: 'Every file that carries the version.',
            minItems: 1,
            type: 'array',
            items: {
              anyOf: [
                { type: 'string' },
                {
                  type: 'object',
                  required: ['path', 'search'],
                  additionalProperties: false,
                  properties: {
                    path: file,
                    search: { description: 'The text around the version, with {version} standing for it.', type: 'string' },
                    replace: { description: 'The text to put there instead, with {version}; as "search" when left out.', type: 'string' },
                  },
                },
              ],
            },
          },
        },
      },
      changelog: { description: 'The changelog, in the form of Keep a Changelog.', default: 'CHANGELOG.md', type: 'string', minLength: 1 },
      journal: {
        description: 'Where the journal is kept: on this machine alone (local), or also in refs/slipway/journal of the remote, so that another machine goes on where one stopped (remote). When left out: remote in GitHub Actions, local elsewhere.',
        enum: ['local', 'remote'],
        type: 'string',
      },
      policy: {
        description: 'How a release behaves.',
        default: {},
        type: 'object',
        additionalProperties: false,
        properties: {
          onFailure: {
            description: 'A failure before the first final step takes everything back (turn) or waits for a person (stop).',
            default: 'turn',
            type: 'string',
            enum: ['turn', 'stop'],
          },
        },
      },
      monitor: {
        description: 'When what `slipway monitor` sees asks to be watched or acted upon.',
        default: {},
        type: 'object',
        additionalProperties: false,
        properties: {
          labels: { description: 'Issues with one of these labels are about the newest release, whatever they say.', default: ['regression'], type: 'array', items: { type: 'string', minLength: 1 } },
          issues: {
            description: 'Open issues that were opened since the release and name its version or carry one of the labels.',
            default: {},
            type: 'object',
            additionalProperties: false,
            properties: {
              watch: { description: 'How many open issues about the release are to be watched.', default: 1, type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
              act: { description: 'How many of them ask for action.', default: 3, type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
            },
          },
          alerts: { description: 'The lowest severity of an open alert, of code scanning or Dependabot, that asks for action; lower ones are to be watched.', default: 'high', type: 'string', enum: ['low', 'medium', 'high', 'critical'] },
          downloads: {
            description: 'Downloads of the package.',
            default: {},
            type: 'object',
            additionalProperties: false,
            properties: { fall: { description: 'How far, in per cent, the downloads of a day may stay behind the average of the week before that is to be watched.', default: 50, type: 'integer', minimum: 1, maximum: 100 } },
          },
        },
      },
      support: {
        description: 'Which versions are supported, and until when.',
        type: 'object',
        required: ['lines'],
        additionalProperties: false,
        properties: {
          lines: {
            description: 'The maintained lines, newest first.',
            minItems: 1,
            type: 'array',
            items: {
              type: 'object',
              required: ['line'],
              additionalProperties: false,
              properties: {
                line: { description: 'The versions: 2.x for a major version, 2.1.x for a minor one.', type: 'string', pattern: '^(?:0|[1-9][0-9]*)\\.(?:(?:0|[1-9][0-9]*)\\.)?x$' },
                active: { description: 'The last day of features and fixes, in UTC; tba while it is not announced.', type: 'string' },
                security: { description: 'The last day of security fixes; the end comes with "active" when left out.', type: 'string' },
              },
            },
          },
          documents: { description: 'The documents that show the table of supported versions.', default: ['SECURITY.md'], type: 'array', items: { type: 'string', minLength: 1 } },
        },
      },
      schedule: {
        description: 'When releases are due, and when none is made.',
        type: 'object',
        additionalProperties: false,
        properties: {
          patch: { description: 'How often a patch release is made: as-needed, weekly, monthly, quarterly, yearly, or every N days, weeks or months.', default: 'as-needed', type: 'string' },
          minor: { description: 'How often a minor release is made.', default: 'as-needed', type: 'string' },
          major: { description: 'How often a major release is made.', default: 'as-needed', type: 'string' },
          freezes: {
            description: 'Days on which nothing is released without a reason: from one day until another, or days of every week.',
            default: [],
            type: 'array',
            items: {
              anyOf: [
                { type: 'object', required: ['from', 'until', 'reason'], additionalProperties: false, properties: { from: { description: 'The first day, in UTC.', type: 'string' }, until: { description: 'The last day, which counts.', type: 'string' }, reason: WHY } },
                { type: 'object', required: ['on', 'reason'], additionalProperties: false, properties: { on: { description: 'Days of every week, in UTC, e.g. friday.', minItems: 1, type: 'array', items: { type: 'string', enum: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] } }, reason: WHY } },
              ],
            },
          },
          milestone: { description: 'The title of the milestone of a version on GitHub, with {version} in it.', default: '{version}', type: 'string', minLength: 1 },
          blockers: { description: 'Labels of open issues on GitHub that block every release.', default: ['priority:critical'], type: 'array', items: { type: 'string', minLength: 1 } },
        },
      },
      git: { description: 'Branches, commits and tags.', type: ['object', 'null'], additionalProperties: false, properties: { branch: { default: 'main', type: 'string' } } },
      pypi: { type: 'object', required: ['package'], additionalProperties: false, properties: { package: { type: 'string' }, pythons: { type: 'array', items: { type: 'string' } } } },
      short: {
        anyOf: [
          { type: 'string', enum: ['a', 'b'] },
          { type: 'object', additionalProperties: false, properties: { with: { default: 'a', type: 'string', enum: ['a', 'b'] } } },
          { type: 'null' },
        ],
      },
      plain: {},
    },
  })
})

test('the JSON Schema and the parser take and refuse the same configs', () => {
  const agrees = new Ajv({ strict: false }).compile(configJsonSchema(targets))
  const base = 'name: a\nversion: {places: [x]}\n'
  const cases: readonly [string, boolean][] = [
    [base, true],
    [`${base}git:\n`, true],
    [`${base}git: {branch: dev}\npolicy: {onFailure: stop}\n`, true],
    [`${base}pypi: {package: a}\n`, true],
    [`${base}pypi:\n`, false],
    [`${base}pypi: {package: 3}\n`, false],
    [`${base}git: {brunch: x}\n`, false],
    [`${base}short:\n`, true],
    [`${base}short: b\n`, true],
    [`${base}short: {with: b}\n`, true],
    [`${base}short: c\n`, false],
    [`${base}oops: 1\n`, false],
    ['name: a\nversion: {places: []}\n', false],
    ['version: {places: [x]}\n', false],
  ]
  for (const [text, taken] of cases) {
    assert.equal(agrees(readYaml(text)), taken, text)
    const parsing = () => parseConfig({ file: 'f', text, targets })
    if (taken) parsing()
    else assert.throws(parsing, { name: 'SlipwayError' }, text)
  }
})
