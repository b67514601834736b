// Pure: the hidden line by which pull requests and releases of ours are found again.

const REST = '\n\n…\n\nThe rest is in the changelog.'

/** A line that Markdown does not show, made from a step's key. */
export function marker(key: string): string {
  // Two hyphens would end the comment.
  return `<!-- slipway:${key.replace(/[%<>\s]|-(?=[->])/g, (character) => encodeURIComponent(character).replace('-', '%2D'))} -->`
}

/** True when a body carries the marker of this key as a line of its own. */
export function isMarked(body: string | null, key: string): boolean {
  const line = marker(key)
  return body !== null && body.split('\n').some((found) => found.trim() === line)
}

/** A text written by people, in which nothing passes for a marker. */
export function withoutMarkers(text: string): string {
  return text.replace(/<!--(?=\s*slipway:)/g, '&lt;!--')
}

/** A text of at most this many characters, cut at a line and saying so. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = text.slice(0, most - REST.length)
  return kept.slice(0, Math.max(kept.lastIndexOf('\n'), 0)).trimEnd() + REST
}
