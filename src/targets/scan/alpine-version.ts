// The order of Alpine versions: digits{.digits}[letter]{_suffix[number]}[~hash][-rN] (https://wiki.alpinelinux.org/wiki/Package_policies, apk-version(5)).

const VERSION = /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:~[0-9a-f]+)?(?:-r\d+)?$/
const PART = /^\d+|\.\d+|[a-z](?=[_~-]|$)|_[a-z]+|(?<=_[a-z]+)\d+|~[0-9a-f]+|-r\d+/g
const BEFORE_FINAL = ['alpha', 'beta', 'pre', 'rc']
const AFTER_FINAL = ['cvs', 'svn', 'git', 'hg', 'p']

/** The sorts of parts in the order in which they may follow each other; a version that ends earlier has the part of a later sort next. */
const SORTS = ['first', 'number', 'letter', 'suffix', 'suffixNumber', 'hash', 'revision', 'end'] as const

interface Part {
  readonly sort: (typeof SORTS)[number]
  readonly text: string
}

/** Negative, zero or positive as `one` is earlier than, equal to or later than `other`; undefined when one of them is no version. */
export function compareAlpine(one: string, other: string): number | undefined {
  if (!VERSION.test(one) || !VERSION.test(other)) return undefined
  const [a, b] = [parts(one), parts(other)]
  for (let at = 0; ; at += 1) {
    const [partA, partB] = [a[at] ?? END, b[at] ?? END]
    if (partA.sort !== partB.sort) return compareSorts(partA, partB)
    if (partA.sort === 'end') return 0
    const difference = compareTexts(partA, partB)
    if (difference !== 0) return difference
  }
}

const END: Part = { sort: 'end', text: '' }

function parts(version: string): readonly Part[] {
  return [...version.matchAll(PART)].map(([text], at): Part => {
    if (at === 0) return { sort: 'first', text }
    if (text.startsWith('.')) return { sort: 'number', text: text.slice(1) }
    if (text.startsWith('_')) return { sort: 'suffix', text: text.slice(1) }
    if (text.startsWith('~')) return { sort: 'hash', text: text.slice(1) }
    if (text.startsWith('-r')) return { sort: 'revision', text: text.slice(2) }
    return { sort: /\d/.test(text) ? 'suffixNumber' : 'letter', text }
  })
}

function compareTexts({ sort, text: one }: Part, { text: other }: Part): number {
  if (sort === 'suffix') return suffixRank(one) - suffixRank(other)
  const asText = sort === 'letter' || sort === 'hash' || (sort === 'number' && (one.startsWith('0') || other.startsWith('0')))
  if (asText) return one === other ? 0 : one < other ? -1 : 1
  const difference = BigInt(one) - BigInt(other)
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** The longer version is the later one, unless it goes on with a suffix that comes before the final version. */
function compareSorts(a: Part, b: Part): number {
  if (a.sort === 'suffix' && suffixRank(a.text) < 0) return -1
  if (b.sort === 'suffix' && suffixRank(b.text) < 0) return 1
  return SORTS.indexOf(b.sort) - SORTS.indexOf(a.sort)
}

function suffixRank(suffix: string): number {
  return BEFORE_FINAL.includes(suffix) ? BEFORE_FINAL.indexOf(suffix) - BEFORE_FINAL.length : AFTER_FINAL.indexOf(suffix)
}
