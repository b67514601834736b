// A simple index of wheels, for builds in environments of their own: filled by the pip of whoever runs the tests.
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdirSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { rigPython } from './rig-environment.ts'

/** Wheels of these requirements and of what they need; undefined where they cannot be had here. */
export async function openWheelhouse(folder: string, requirements: readonly string[]): Promise<({ readonly index: string } & AsyncDisposable) | undefined> {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync(rigPython().path, ['-m', 'pip', 'download', '--quiet', '--only-binary', ':all:', '--retries', '0', '--dest', folder, ...requirements], { stdio: 'ignore', timeout: 60_000 })
  } catch {
    return undefined
  }
  const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')
  const server = createServer((request, answer) => {
    const [, first = '', name = ''] = (request.url ?? '/').split('/').map(decodeURIComponent)
    const files = readdirSync(folder)
    if (first === 'files' && files.includes(name)) return void createReadStream(join(folder, name)).pipe(answer)
    const own = files.filter((file) => normal(file.slice(0, file.indexOf('-'))) === name)
    answer.writeHead(first === 'simple' && own.length > 0 ? 200 : 404, { 'content-type': 'text/html' })
    return void answer.end(own.map((file) => `<a href="/files/${file}">${file}</a>`).join('\n'))
  })
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening) })
  const address = server.address()
  return {
    index: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/simple`,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => { server.close(() => { closed() }); server.closeAllConnections() }),
  }
}
