// Pages and refusals in HTML, in the words and the frame of warehouse.
import type { Reply } from '../service.ts'

/** Text made safe for HTML, as Python's `html.escape` does it. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** A page. `body` is HTML. */
export function page(title: string, body: string): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html>\n  <head>\n    <title>${escapeHtml(title)}</title>\n  </head>\n  <body>\n${body}\n  </body>\n</html>\n`,
  }
}

const EXPLANATIONS: Readonly<Record<number, string>> = {
  308: 'The resource has been moved; you should be redirected automatically.',
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  409: 'There was a conflict when trying to complete your request.',
  410: 'This resource is no longer available.  No forwarding address is given.',
}

/** A refusal whose message stands in the reason phrase and in the body, as the upload API gives them. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    reason: message,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
    body: [
      '<html>', ' <head>', `  <title>${status} ${message}</title>`, ' </head>', ' <body>', `  <h1>${status} ${message}</h1>`,
      `  ${EXPLANATIONS[status] ?? ''}<br/><br/>`, escapeHtml(message), '', '', ' </body>', '</html>',
    ].join('\n'),
  }
}
