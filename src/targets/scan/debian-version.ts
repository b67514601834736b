// The order of Debian versions (https://www.debian.org/doc/debian-policy/ch-controlfields.html#version).

/** Negative, zero or positive as `one` is earlier than, equal to or later than `other`; undefined when one of them is no version. */
export function compareDebian(one: string, other: string): number | undefined {
  const [a, b] = [parse(one), parse(other)]
  if (a === undefined || b === undefined) return undefined
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
}

function parse(text: string): { readonly epoch: number; readonly upstream: string; readonly revision: string } | undefined {
  const [, epoch, rest = ''] = /^(?:(\d+):)?([0-9A-Za-z][0-9A-Za-z.+~:-]*)(?<!-)$/.exec(text) ?? []
  if (rest === '' || (epoch === undefined && rest.includes(':'))) return undefined
  const dash = rest.lastIndexOf('-')
  return { epoch: Number(epoch ?? 0), upstream: dash === -1 ? rest : rest.slice(0, dash), revision: dash === -1 ? '' : rest.slice(dash + 1) }
}

function compareParts(one: string, other: string): number {
  let [a, b] = [one, other]
  while (a !== '' || b !== '') {
    const [textA, textB] = [/^\D*/.exec(a)?.[0] ?? '', /^\D*/.exec(b)?.[0] ?? '']
    for (let at = 0; at < Math.max(textA.length, textB.length); at += 1) {
      const difference = weight(textA[at]) - weight(textB[at])
      if (difference !== 0) return difference
    }
    a = a.slice(textA.length)
    b = b.slice(textB.length)
    const [digitsA, digitsB] = [/^\d*/.exec(a)?.[0] ?? '', /^\d*/.exec(b)?.[0] ?? '']
    const difference = BigInt(digitsA || '0') - BigInt(digitsB || '0')
    if (difference !== 0n) return difference < 0n ? -1 : 1
    a = a.slice(digitsA.length)
    b = b.slice(digitsB.length)
  }
  return 0
}

/** A tilde sorts before the end, the end before letters, letters before all else. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0
  if (character === '~') return -1
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
}
