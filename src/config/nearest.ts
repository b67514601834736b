// The known word that somebody most likely meant.

/** The number of letters to insert, delete, change or swap with their neighbour to make one word of the other. */
function distance(from: string, to: string): number {
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const changed = (above[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = above
    above = row
  }
  return above[to.length] ?? 0
}

/** The known word nearest to what was written, letter case and `-`/`_` aside; undefined when none is near. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  if (written.length > 60) return undefined
  const plain = (word: string) => word.toLowerCase().replaceAll(/[-_ ]/g, '')
  const ranked = known
    .map((word) => ({ word, off: distance(plain(written), plain(word)) }))
    .filter(({ word, off }) => off <= Math.max(1, Math.floor(Math.min(word.length, written.length) / 3)))
    .toSorted((a, b) => a.off - b.off)
  return ranked[0]?.word
}
