// The part of a document that Slipway keeps, between two comments; all the rest is a person's and stays as it is.

/** The comment before the table. Each comment stands alone on its line. */
export const REGION_BEGINS = '<!-- slipway:support -->'

/** The comment after it. */
export const REGION_ENDS = '<!-- /slipway:support -->'

/** Where a document has its region. */
export type Region =
  | { readonly is: 'there'; readonly content: string }
  | { readonly is: 'missing' }
  /** `line` counts from 1. */
  | { readonly is: 'broken'; readonly line: number; readonly why: string }

const HEADING = 'Supported versions'

/** Looks for the region. What stands in a fenced block only shows how it would look. */
export function regionIn(text: string): Region {
  const found = lookIn(text)
  if ('why' in found) return { is: 'broken', ...found }
  if (found.begin === undefined || found.end === undefined) return { is: 'missing' }
  return { is: 'there', content: found.lines.slice(found.begin + 1, found.end).join('\n') }
}

/**
 * The document with this content in its region. Where there is no region it goes below the heading "Supported versions", and where there
 * is none such, below one of its own at the end; where there is no document, it begins one. Undefined when the comments are broken.
 */
export function withRegion(text: string | undefined, content: string): string | undefined {
  if (text === undefined || text.trim() === '') return `# Security policy\n\n## ${HEADING}\n\n${region(content).join('\n')}\n`
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  const found = lookIn(text)
  if ('why' in found) return undefined
  const { lines, begin, end, heading } = found
  if (begin !== undefined && end !== undefined) return [...lines.slice(0, begin), ...region(content), ...lines.slice(end + 1)].join(ending)
  if (heading !== undefined) {
    const rest = lines.slice(heading + 1)
    return [...lines.slice(0, heading + 1), '', ...region(content), ...(rest[0]?.trim() === '' ? rest : ['', ...rest])].join(ending)
  }
  return [...lines.join('\n').trimEnd().split('\n'), '', `## ${HEADING}`, '', ...region(content), ''].join(ending)
}

interface Looked {
  readonly lines: readonly string[]
  readonly begin: number | undefined
  readonly end: number | undefined
  readonly heading: number | undefined
}

function lookIn(text: string): Looked | { readonly line: number; readonly why: string } {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  let [begin, end, heading, fence]: [number?, number?, number?, { readonly mark: string; readonly line: number }?] = []
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence.mark) && line.trim() === mark) fence = undefined
      continue
    }
    if (mark !== undefined) fence = { mark, line: at + 1 }
    else if (line.trim() === REGION_BEGINS) {
      if (begin !== undefined) return { line: at + 1, why: `it has a second "${REGION_BEGINS}"` }
      begin = at
    } else if (line.trim() === REGION_ENDS) {
      if (begin === undefined) return { line: at + 1, why: `"${REGION_ENDS}" stands before "${REGION_BEGINS}"` }
      if (end !== undefined) return { line: at + 1, why: `it has a second "${REGION_ENDS}"` }
      end = at
    } else if (heading === undefined && /^#{1,6} +supported versions *#*$/i.test(line)) heading = at
  }
  if (begin !== undefined && end === undefined) return { line: begin + 1, why: `"${REGION_BEGINS}" is not followed by "${REGION_ENDS}"` }
  if (begin === undefined && fence !== undefined) return { line: fence.line, why: 'the fenced block that begins there has no end' }
  return { lines, begin, end, heading }
}

function region(content: string): readonly string[] {
  return [REGION_BEGINS, ...content.split('\n'), REGION_ENDS]
}
