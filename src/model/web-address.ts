// Where a repository's page is, as the address of its git remote tells it.

/** `https://host/owner/name` of an address that git knows, without credentials and without `.git`; null where there is none. */
export function webAddressOf(remote: string): string | null {
  const [, host, path] = /^(?:https?:\/\/|ssh:\/\/|git:\/\/)(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote) ?? /^(?:[^@/:]+@)([^/:]+):(?!\/)(.+)$/.exec(remote) ?? []
  const name = path?.replace(/\/+$/, '').replace(/\.git$/, '')
  const url = host === undefined || name === undefined ? null : URL.parse(`https://${host}/${name}`)
  return url === null || !/^\/[^/]+\/./.test(url.pathname) ? null : `https://${url.host}${url.pathname}`
}
