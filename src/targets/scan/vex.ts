// Statements that a vulnerability does not concern a product: OpenVEX 0.2.0 documents in the tree (https://github.com/openvex/spec/blob/v0.2.0/OPENVEX-SPEC.md).
import { z } from 'zod'
import { parseJson } from '../../model/json.ts'
import type { World } from '../../model/world.ts'
import { namesOf, type Found } from './finding.ts'
import { namesPackage, type Purls } from './purl.ts'
import { unreadable } from './unreadable.ts'

const thing = { '@id': z.string().optional(), identifiers: z.object({ purl: z.string().optional() }).optional() }

const statement = z.object({
  vulnerability: z.object({ name: z.string().min(1), '@id': z.string().optional(), aliases: z.array(z.string()).default([]) }),
  timestamp: z.string().optional(),
  last_updated: z.string().optional(),
  products: z.array(z.object({ ...thing, subcomponents: z.array(z.object(thing)).default([]) })).default([]),
  status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
  justification: z.string().optional(),
  impact_statement: z.string().optional(),
})

const vexDocument = z.object({
  '@context': z.string().startsWith('https://openvex.dev/ns'),
  timestamp: z.string().optional(),
  last_updated: z.string().optional(),
  statements: z.array(statement),
})

type Statement = z.infer<typeof statement>
type Thing = Statement['products'][number]['subcomponents'][number]

/** A statement with the moment from which it holds, in milliseconds since 1970. */
export interface Dated {
  readonly statement: Statement
  readonly from: number
}

/** The statements of these files of a tree. Throws Refused `scan-unreadable` naming a file that is missing or no OpenVEX document. */
export async function readVex(world: Pick<World, 'git'>, tree: string, paths: readonly string[]): Promise<readonly Dated[]> {
  const all = await Promise.all(paths.map(async (path) => {
    const { code, stdout } = await world.git(['cat-file', 'blob', `${tree}:${path}`])
    if (code !== 0) throw unreadable(`The VEX document ${path} is not in the tree of this release.`, 'Commit it, or remove it from "vex" under "scan" in slipway.yaml.')
    const read = vexDocument.safeParse(parseJson(stdout))
    if (read.success) return read.data.statements.map((one) => ({ statement: one, from: momentOf(one, read.data) }))
    const { path: where = [], message = '' } = read.error.issues[0] ?? {}
    throw unreadable(`${path} is no OpenVEX 0.2.0 document in JSON, so it excuses nothing.`, 'Correct the document, or remove it from "vex" under "scan" in slipway.yaml.', where.length === 0 ? undefined : `${where.join('.')}: ${message}`)
  }))
  return all.flat()
}

/** Says why a finding does not concern what is released, by the latest statement on it; undefined when no statement says so. */
export function excuseIn(statements: readonly Dated[], products: readonly string[], purls: Purls): (found: Found) => string | undefined {
  const inOrder = statements.toSorted((one, other) => one.from - other.from)
  return (found) => {
    const latest = inOrder.findLast(({ statement }) => isNamed(statement, found) && statement.products.some((product) => concerns(product, { found, products, purls })))?.statement
    if (latest?.status !== 'not_affected' && latest?.status !== 'fixed') return undefined
    const why = [latest.justification?.replaceAll('_', ' '), latest.impact_statement].filter((text) => text !== undefined && text !== '').join(': ')
    return `${latest.status === 'fixed' ? 'fixed' : 'not affected'}${why === '' ? '' : `, ${why}`}`
  }
}

function momentOf(one: Statement, whole: z.infer<typeof vexDocument>): number {
  const moment = Date.parse(one.last_updated ?? one.timestamp ?? whole.last_updated ?? whole.timestamp ?? '')
  return Number.isNaN(moment) ? 0 : moment
}

function isNamed({ vulnerability: { name, aliases } }: Statement, found: Found): boolean {
  const own = namesOf(found).map((text) => text.toUpperCase())
  return [name, ...aliases].some((text) => own.includes(text.toUpperCase()))
}

interface Asked {
  readonly found: Found
  readonly products: readonly string[]
  readonly purls: Purls
}

/** A product is the package itself, or what is released; then its subcomponents, if it names any, must hold the package. */
function concerns(product: Statement['products'][number], { found, products, purls }: Asked): boolean {
  const names = (one: Thing, text: string): boolean => isThing(one, text, purls)
  if (names(product, found.purl)) return true
  return products.some((text) => names(product, text)) && (product.subcomponents.length === 0 || product.subcomponents.some((one) => names(one, found.purl)))
}

function isThing({ '@id': id, identifiers }: Thing, text: string, purls: Purls): boolean {
  const purl = purls.read(text)
  return [id, identifiers?.purl].some((name) => {
    if (name === undefined) return false
    const pattern = purls.read(name)
    return pattern === undefined || purl === undefined ? name === text : namesPackage(pattern, purl)
  })
}
