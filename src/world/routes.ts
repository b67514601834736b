// Where public hosts are served: the one translation that lets a rehearsal run the very code of a release.

/** From a public host (`pypi.org`) to the base URL that serves it (`http://127.0.0.1:8080/pypi.org`). */
export type Routes = Readonly<Record<string, string>>

/** The address that serves a public one; the same address where the host has no route. */
export function servedAddress(url: URL, routes: Routes): URL {
  const base = routes[url.host]
  return base === undefined ? url : new URL(withoutSlash(base) + url.pathname + url.search + url.hash)
}

/** The public address of a served one, so that origins are compared as the outside knows them; the same address where no route serves it. */
export function publicAddress(url: URL, routes: Routes): URL {
  for (const [host, base] of Object.entries(routes)) {
    const prefix = withoutSlash(base)
    const rest = url.href.startsWith(prefix) ? url.href.slice(prefix.length) : undefined
    if (rest !== undefined && /^([/?#]|$)/.test(rest)) return new URL(`https://${host}${rest}`)
  }
  return url
}

function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '')
}
