// Where an index lives: its public hosts with its state.
import type { SigstoreState } from '../sigstore/state.ts'
import type { PypiState } from './state.ts'

/** Which public index is played. */
export type IndexName = 'pypi' | 'testpypi'

/** An index at its public hosts. */
export interface Site {
  /** Serves the pages and the read APIs. */
  readonly host: string
  readonly uploadHost: string
  readonly filesHost: string
  readonly state: PypiState
  /** Who issues identities, and what signatures are verified against; trusted publishing is switched off without. */
  readonly sigstore?: SigstoreState
  /** The simple API, with its slash, that asks for projects which this index does not have are sent on to: dependencies, and what builds need. */
  readonly elsewhere?: string
}

/** The public hosts of an index, with this state behind them. */
export function siteOf(index: IndexName, state: PypiState, { elsewhere, sigstore }: Pick<Site, 'elsewhere' | 'sigstore'> = {}): Site {
  const site: Site = index === 'pypi'
    ? { host: 'pypi.org', uploadHost: 'upload.pypi.org', filesHost: 'files.pythonhosted.org', state }
    : { host: 'test.pypi.org', uploadHost: 'test.pypi.org', filesHost: 'test-files.pythonhosted.org', state }
  return { ...site, ...(elsewhere === undefined ? {} : { elsewhere }), ...(sigstore === undefined ? {} : { sigstore }) }
}
