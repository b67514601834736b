// Sigstore as a service: identity tokens, Fulcio, Rekor and the timestamp authority at their public hosts, over one state.
import type { Service } from '../service.ts'
import { giveCertificate } from './fulcio.ts'
import { serveLog } from './rekor.ts'
import type { SigstoreState } from './state.ts'
import { giveTimestamp } from './timestamps.ts'
import { giveToken } from './tokens.ts'

/** Serves fulcio.sigstore.dev, rekor.sigstore.dev, timestamp.sigstore.dev and the host where jobs of GitHub Actions ask for their identity tokens. */
export function sigstoreService(state: SigstoreState): Service {
  return {
    hosts: ['fulcio.sigstore.dev', 'rekor.sigstore.dev', 'timestamp.sigstore.dev', 'pipelines.actions.githubusercontent.com'],
    handle: async (call) => {
      switch (call.url.host) {
        case 'fulcio.sigstore.dev': return giveCertificate(state, call)
        case 'rekor.sigstore.dev': return serveLog(state, call)
        case 'timestamp.sigstore.dev': return giveTimestamp(state, call)
        default: return giveToken(state, call)
      }
    },
  }
}
