// The kind github.sarif: gives the findings of a scan to GitHub's code scanning, where they show as alerts of the main branch.
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { parseJson } from '../../model/json.ts'
import { storedText } from '../checks/stored.ts'
import { afterwards, github } from './client.ts'
import { accessShape, commitShape, storedShape } from './shape.ts'
import { TOKEN, wordOf } from './words.ts'

/** The media type of SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export const SARIF = 'application/sarif+json'

const input = z.strictObject({
  ...accessShape,
  commit: commitShape,
  /** The full name of the branch that the alerts are of. */
  ref: z.string().startsWith('refs/heads/'),
  /** What is scanned, the same in every release: a new analysis of a category closes the alerts that it no longer has. */
  category: z.string().regex(/^[^/](?:.*[^/])?$/),
  /** The file name of the document. */
  name: z.string().min(1),
  sarif: storedShape,
})

const output = z.strictObject({
  /** The id of the upload. */
  id: z.string(),
})

type SarifInput = z.infer<typeof input>

const INSTEAD = 'In a workflow it is the permission `security-events: write`. Code scanning of a private repository needs GitHub Code Security; without it leave `scan.sarif` out of slipway.yaml.'

/**
 * One upload to code scanning. GitHub keeps no mark of ours, so an analysis counts as ours when it is of this commit, branch, tool and
 * category and has as many results: a second upload of the same findings takes the place of the first and changes no alert.
 */
export const githubSarif = defineKind<SarifInput, z.infer<typeof output>>({
  kind: 'github.sarif',
  input,
  output,
  // GitHub takes an upload first and reads it afterwards.
  settlesWithin: 30_000,
  reversal: { is: 'none', leaves: 'the findings in code scanning: they are true of this commit, and the next scan takes their place' },
  examples: ({ repository, release, branch, artifacts }) => {
    const file = artifacts.find(({ mediaType }) => mediaType === SARIF) ?? artifacts[0]
    if (file === undefined) return []
    const { name, sha256, size } = file
    return [{ repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, commit: release.commit, ref: `refs/heads/${branch}`, category: 'slipway/scan', name, sarif: { sha256, size } }]
  },
  describe: ({ repository, commit, ref, name }) => ({
    apply: `Give the findings in ${name} to code scanning of ${repository}, for ${ref.slice('refs/heads/'.length)} at ${commit.slice(0, 12)}.`,
    undo: 'Nothing to take back: the findings are true of this commit, and the next scan takes their place.',
    byHand: [`gh api --method POST repos/${repository}/code-scanning/sarifs -f commit_sha=${commit} -f ref=${wordOf(ref)} -f sarif="$(gzip -c ${wordOf(name)} | base64 -w0)"`],
  }),
  async probe(look, wanted) {
    const runs = runsOf(await readDocument(look, wanted), wanted)
    const pages: (readonly Analysis[])[] = []
    for (const tool of new Set(runs.map((run) => run.tool))) {
      pages.push(...await github(look, wanted).pages('GET /repos/{owner}/{repo}/code-scanning/analyses', { ref: wanted.ref, tool_name: tool }, { right: 'Code scanning alerts: read', instead: INSTEAD, shape: analysesAnswer }))
    }
    const analyses = pages.flat().filter(({ commit_sha, ref, error }) => commit_sha === wanted.commit && ref === wanted.ref && error === '')
    const id = analyses.map(({ sarif_id }) => sarif_id).find((id) => runs.every((run) => analyses.some((analysis) => analysis.sarif_id === id && isOf(analysis, run))))
    return id === undefined ? { state: 'absent' } : { state: 'present', output: { id } }
  },
  async apply(world, wanted) {
    const document = await readDocument(world, wanted)
    const runs = runsOf(document, wanted)
    const marked = { ...document, runs: document.runs.map((run, index) => ({ ...run, automationDetails: { ...run.automationDetails, id: `${runs[index]?.category ?? wanted.category}/` } })) }
    const { id } = await github(world, wanted).write(
      'POST /repos/{owner}/{repo}/code-scanning/sarifs',
      { commit_sha: wanted.commit, ref: wanted.ref, sarif: gzipSync(JSON.stringify(marked)).toString('base64'), ...(runs[0] === undefined ? {} : { tool_name: runs[0].tool }) },
      { to: `take the findings in ${wanted.name}`, right: 'Code scanning alerts: write', instead: INSTEAD, shape: z.object({ id: z.string() }) },
    )
    return afterwards(async () => {
      const upload = await github(world, wanted).read('GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}', { sarif_id: id }, uploadAnswer)
      if (upload?.processing_status === 'failed') throw new Error(`GitHub took ${wanted.name} and could not make sense of it: ${upload.errors?.join('; ') ?? 'it does not say why'}`)
      return { id }
    })
  },
})

/** An analysis: https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-analyses-for-a-repository */
const analysesAnswer = z.array(z.object({
  ref: z.string(),
  commit_sha: z.string(),
  category: z.string().default(''),
  error: z.string(),
  results_count: z.int(),
  sarif_id: z.string(),
  tool: z.object({ name: z.string() }),
}))

type Analysis = z.infer<typeof analysesAnswer>[number]

/** An upload: https://docs.github.com/rest/code-scanning/code-scanning#get-information-about-a-sarif-upload */
const uploadAnswer = z.object({ processing_status: z.string().default('pending'), errors: z.array(z.string()).nullable().default(null) })

/** As much of a document as GitHub's list of analyses can be compared with. All else is sent as it is. */
const documentShape = z.looseObject({
  version: z.literal('2.1.0'),
  runs: z.array(z.looseObject({
    tool: z.looseObject({ driver: z.looseObject({ name: z.string().min(1) }) }),
    results: z.array(z.unknown()).nullish(),
    automationDetails: z.looseObject({}).exactOptional(),
  })).min(1),
})

type Document = z.infer<typeof documentShape>

interface Run {
  readonly tool: string
  readonly category: string
  readonly results: number
}

/** The runs of a document, each in a category of its own: GitHub takes no two of one tool in the same. */
function runsOf(document: Document, { category }: SarifInput): readonly Run[] {
  return document.runs.map(({ tool, results }, index) => ({ tool: tool.driver.name, category: index === 0 ? category : `${category}/${index + 1}`, results: results?.length ?? 0 }))
}

function isOf(analysis: Analysis, { tool, category, results }: Run): boolean {
  return analysis.tool.name === tool && analysis.category.replace(/\/$/, '') === category && analysis.results_count === results
}

async function readDocument(look: Look, { name, sarif }: SarifInput): Promise<Document> {
  const read = documentShape.safeParse(parseJson(await storedText(look, sarif.sha256)))
  if (read.success) return read.data
  throw new Refused({
    code: 'scan-unreadable',
    message: `${name} is no SARIF 2.1.0 document with a run in it.`,
    hint: 'Scan again with a new plan, or leave `scan.sarif` out of slipway.yaml.',
    detail: z.prettifyError(read.error),
  })
}
