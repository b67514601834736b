// The base score of a CVSS vector, versions 3.0 and 3.1 (https://www.first.org/cvss/v3.1/specification-document, section 7.1).

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
}

const PRIVILEGES_WHEN_CHANGED: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 }

/** The base score, 0 to 10 with one decimal; undefined for a vector of another version or one that is not whole. */
export function baseScore(vector: string): number | undefined {
  const [version, ...parts] = vector.split('/')
  if (version !== 'CVSS:3.1' && version !== 'CVSS:3.0') return undefined
  const metrics = new Map(parts.map((part) => part.split(':') as [string, string | undefined]))
  const scope = metrics.get('S')
  if (scope !== 'U' && scope !== 'C') return undefined
  const changed = scope === 'C'
  const weights = Object.keys(WEIGHTS).map((metric) => {
    const value = metrics.get(metric) ?? ''
    return metric === 'PR' && changed ? PRIVILEGES_WHEN_CHANGED[value] : WEIGHTS[metric]?.[value]
  })
  if (!isWhole(weights)) return undefined
  const [av, ac, pr, ui, c, i, a] = weights
  const lost = 1 - (1 - c) * (1 - i) * (1 - a)
  const impact = changed ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost
  if (impact <= 0) return 0
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + 8.22 * av * ac * pr * ui), 10))
}

type Weights = [number, number, number, number, number, number, number]

function isWhole(weights: readonly (number | undefined)[]): weights is Weights {
  return weights.every((weight) => weight !== undefined)
}

/** Appendix A of the specification: up to one decimal, without what floating point adds. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}
