// What a job's tools say to a registry: logged in once by the challenge, each request tried again as they try it.

/** One request, by its path below the repository or by the address that the registry gave. */
interface Sent {
  readonly method: 'POST' | 'PUT'
  readonly to: string
  readonly type?: string
  readonly body?: Uint8Array
}

/** A repository that may be pushed to. */
export interface Registry {
  /** Rejects with the registry's words for a refusal. */
  send(request: Sent): Promise<Response>
}

/** Logs in to a repository of a registry (https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/auth/token.md). */
export async function openRegistry({ host, name, token, address }: { readonly host: string; readonly name: string; readonly token: string; address(url: string): string }): Promise<Registry> {
  const base = address(`https://${host}/v2/${name}/`)
  const authorization = await login(address(`https://${host}/v2/`), name, token)
  return {
    async send({ method, to, type, body }) {
      // A Location may be a path from the root of the host.
      const url = to.startsWith('/') ? address(`https://${host}${to}`) : new URL(to, base)
      const answer = await tried(() => fetch(url, {
        method, headers: { ...(authorization === undefined ? {} : { authorization }), ...(type === undefined ? {} : { 'content-type': type }) }, ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      }))
      if (answer.ok) return answer
      throw new Error(`error: failed to push ${host}/${name}: unexpected status from ${method} request: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
    },
  }
}

/** The header that every request carries; undefined where the registry asks for no login. */
async function login(root: string, name: string, token: string): Promise<string | undefined> {
  const asked = await tried(() => fetch(root))
  const challenge = asked.headers.get('www-authenticate') ?? ''
  const basic = `Basic ${Buffer.from(`github-actions:${token}`).toString('base64')}`
  if (asked.status !== 401) return undefined
  if (!/^bearer /i.test(challenge)) return basic
  const part = (key: string): string => new RegExp(`${key}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const url = new URL(part('realm'))
  url.searchParams.set('service', part('service'))
  url.searchParams.set('scope', `repository:${name}:pull,push`)
  const answer = await tried(() => fetch(url, { headers: { authorization: basic } }))
  if (!answer.ok) throw new Error(`error: denied: the registry refused the login of the job (${answer.status})`)
  const { token: bearer } = await answer.json() as { token: string }
  return `Bearer ${bearer}`
}

/** Tries again what was not answered or answered with 5xx. */
async function tried(request: () => Promise<Response>): Promise<Response> {
  for (let left = 3; ; left -= 1) {
    const answer = await request().catch(() => undefined)
    if (answer !== undefined && (answer.status < 500 || left === 0)) return answer
    if (left === 0) throw new Error('error: the registry gave no answer')
  }
}
