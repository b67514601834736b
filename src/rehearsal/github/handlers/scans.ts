// Code scanning: findings of tools, uploaded as SARIF, and the list of what was analysed.
import { gunzipSync } from 'node:zlib'
import type { Json, JsonObject } from '../../../model/json.ts'
import { resolveObject } from '../../git/bare.ts'
import { jsonReply } from '../../service.ts'
import type { Reply } from '../../service.ts'
import { neededText, textField } from '../fields.ts'
import { pageReply } from '../paging.ts'
import { readRef } from '../refs.ts'
import { notFound, Refusal, unsupported } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Analysis, GithubState, Scan } from '../state.ts'
import { repositoryLink, timeText } from '../views/links.ts'

/** Code scanning. */
export const scanRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/code-scanning/sarifs',
    operation: 'code-scanning/upload-sarif',
    page: 'rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data',
    needs: { part: 'security_events', level: 'write' },
    handle: uploadSarif,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}',
    operation: 'code-scanning/get-sarif',
    page: 'rest/code-scanning/code-scanning#get-information-about-a-sarif-upload',
    needs: { part: 'security_events', level: 'read' },
    handle: async (ask) => {
      demandScanning(ask.state)
      const scan = ask.state.scans.find(({ id }) => id === ask.params['sarif_id'])
      if (scan === undefined) throw notFound()
      return jsonReply(200, {
        processing_status: scan.status,
        ...(scan.status === 'complete' ? { analyses_url: repositoryLink(ask, `/code-scanning/analyses?sarif_id=${scan.id}`) } : {}),
        ...(scan.status === 'failed' ? { errors: scan.errors } : {}),
      })
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/code-scanning/analyses',
    operation: 'code-scanning/list-recent-analyses',
    page: 'rest/code-scanning/code-scanning#list-code-scanning-analyses-for-a-repository',
    needs: { part: 'security_events', level: 'read' },
    handle: async (ask) => listAnalyses(ask),
  },
]

async function uploadSarif(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  demandScanning(state)
  const commit = neededText(body, 'commit_sha')
  const ref = neededText(body, 'ref')
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(commit)) throw new Refusal(422, `Invalid request.\n\n${commit} does not match /^([0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?)$/.`)
  if (!/^refs\/(?:heads|tags|pull)\/.*$/.test(ref)) throw new Refusal(422, `Invalid request.\n\n${ref} does not match /^refs\\/(heads|tags|pull)\\/.*$/.`)
  if (await resolveObject(state.bare, commit, 'commit') === undefined) throw new Refusal(404, 'commit not found')
  if (await readRef(state.bare, ref) === undefined) throw new Refusal(404, `ref '${ref}' not found in this repository`)
  const runs = runsIn(neededText(body, 'sarif'))
  const number = state.nextId()
  const status = state.scansEnd
  const scan: Scan = {
    id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`, commit, ref, createdAt: state.now(), status,
    errors: status === 'failed' ? ['Code Scanning could not process the submitted SARIF file.'] : [],
    analyses: status === 'complete' ? runs.map((run) => analysisOf(run, { id: state.nextId(), tool: textField(body, 'tool_name') ?? 'API' })) : [],
  }
  state.scans.push(scan)
  return jsonReply(202, { id: scan.id, url: repositoryLink(ask, `/code-scanning/sarifs/${scan.id}`) })
}

function listAnalyses(ask: Ask): Reply {
  const { state, query } = ask
  demandScanning(state)
  if (query.has('pr') || query.has('tool_guid')) throw unsupported('analyses by pull request or by GUID')
  const all = state.scans.flatMap((scan) => scan.analyses.map((analysis) => ({ scan, analysis })))
  if (all.length === 0) throw new Refusal(404, 'no analysis found')
  const [tool, ref, id] = [query.get('tool_name'), query.get('ref'), query.get('sarif_id')]
  const found = all.filter(({ scan, analysis }) =>
    (tool === null || analysis.tool.name === tool) && (ref === null || scan.ref === ref || scan.ref === `refs/heads/${ref}`) && (id === null || scan.id === id))
  const sorted = query.get('direction') === 'asc' ? found : found.toReversed()
  return pageReply(ask, sorted, ({ scan, analysis }) => analysisView(ask, scan, analysis))
}

function analysisView(ask: Ask, scan: Scan, { id, tool, category, results, rules }: Analysis): Record<string, unknown> {
  return {
    ref: scan.ref,
    commit_sha: scan.commit,
    analysis_key: '(default)',
    environment: '{}',
    error: '',
    category,
    created_at: timeText(scan.createdAt),
    results_count: results,
    rules_count: rules,
    id,
    url: repositoryLink(ask, `/code-scanning/analyses/${id}`),
    sarif_id: scan.id,
    tool,
    deletable: true,
    warning: '',
  }
}

/** Throws 403 where code scanning is switched off. */
export function demandScanning(state: GithubState): void {
  if (!state.codeScanning) throw new Refusal(403, 'Code Security must be enabled for this repository to use code scanning.')
}

/** The runs of a document that is gzipped and in base64. Throws 400; GitHub's words for it are not published. */
function runsIn(sarif: string): readonly JsonObject[] {
  try {
    const document = JSON.parse(gunzipSync(Buffer.from(sarif, 'base64')).toString()) as JsonObject
    const runs = document['runs']
    if (Array.isArray(runs)) return runs as readonly JsonObject[]
  } catch {
    // Refused below, like a document without runs.
  }
  throw new Refusal(400, 'Invalid SARIF. It is not a gzipped SARIF document in base64.')
}

function analysisOf(run: JsonObject, made: { readonly id: number; readonly tool: string }): Analysis {
  const driver = objectIn(objectIn(run['tool'])['driver'])
  const id = textIn(objectIn(run['automationDetails'])['id']) ?? ''
  return {
    id: made.id,
    tool: { name: textIn(driver['name']) ?? made.tool, version: textIn(driver['version']) ?? null, guid: textIn(driver['guid']) ?? null },
    // `category/run`: what follows the last slash tells runs of one category apart.
    category: id.slice(0, Math.max(id.lastIndexOf('/'), 0)),
    results: lengthOf(run['results']),
    rules: lengthOf(driver['rules']),
  }
}

function objectIn(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function lengthOf(value: Json | undefined): number {
  return Array.isArray(value) ? value.length : 0
}
