// Upload of 1 GiB over loopback through the real world, against `curl -T` to the same server: wall time and peak memory.
import http from 'node:http'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fork, spawn } from 'node:child_process'
import { join } from 'node:path'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { openWorld } from '../src/world/world.ts'
import type { ChildProcess } from 'node:child_process'
import type { Digest } from '../src/model/plan.ts'

/** One measured thing beside its limit; `ratio` is ours by the limit. */
export interface UploadRow {
  readonly name: string
  readonly ours: number
  readonly limit: number
  readonly ratio: number
  readonly unit: string
}

const size = 1024 ** 3
const rounds = 3
const self = fileURLToPath(import.meta.url)

/** Measures three times and takes medians. Needs curl and, for a moment, 2 GiB of room in the temporary folder; memory is measured where there is a /proc. */
export async function uploadRows(): Promise<UploadRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  const sink = fork(self, ['sink'])
  try {
    const [port] = await once(sink, 'message') as [number]
    const address = `http://127.0.0.1:${port}/`
    const sha256 = await keepOne(folder)
    const hex = sha256.slice('sha256:'.length)
    const file = join(folder, 'artifacts', 'sha256', hex.slice(0, 2), hex)
    const ours: Sent[] = []
    const curls: Sent[] = []
    for (let round = 0; round < rounds; round += 1) {
      curls.push(await send(sink, 'curl', ['--silent', '--output', '/dev/null', '--write-out', '{"send": %{time_total}, "check": 0}', '--upload-file', file, address]))
      ours.push(await send(sink, process.execPath, [self, 'send', folder, sha256, address]))
    }
    const median = (of: readonly Sent[], what: (sent: Sent) => number) => of.map(what).toSorted((one, other) => one - other)[Math.floor(of.length / 2)]!
    const row = (name: string, unit: string, what: (sent: Sent) => number): UploadRow => {
      const [mine, limit] = [median(ours, what), median(curls, what)]
      return { name, ours: mine, limit, ratio: mine / limit, unit }
    }
    return [
      row('upload 1 GiB: send what this process kept or has checked', 's', (sent) => sent.send),
      row('upload 1 GiB: check the digest first, then send', 's', (sent) => sent.check + sent.send),
      ...(existsSync('/proc/self/status') ? [row('upload 1 GiB: peak memory', 'MB', (sent) => sent.memory)] : []),
    ]
  } finally {
    sink.kill()
    await rm(folder, { recursive: true })
  }
}

interface Sent {
  /** Seconds. */
  readonly check: number
  /** Seconds. */
  readonly send: number
  /** MB resident at the most. */
  readonly memory: number
}

async function send(sink: ChildProcess, program: string, args: readonly string[]): Promise<Sent> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' }
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const said = text(child.stdout)
  const [got] = await Promise.race([once(sink, 'message') as Promise<[number]>, once(child, 'exit').then(() => { throw new Error(`${program} ended before it had sent everything`) })])
  if (got !== size) throw new Error(`${program} sent ${got} bytes`)
  // The sink answers only now: the sender is still there to be looked at.
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
  sink.send('answer')
  const memory = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  return { ...JSON.parse(await said) as Omit<Sent, 'memory'>, memory }
}

function worldIn(folder: string) {
  return openWorld({ repository: folder, folder, env: process.env, version: 'bench', evidence: { find: async () => undefined, record: async () => undefined } })
}

async function keepOne(folder: string): Promise<Digest> {
  const { sha256 } = await worldIn(folder).scratch(async (scratch) => {
    const block = randomBytes(16 * 1024 * 1024)
    await using file = await open(join(scratch.path, 'artifact'), 'w')
    for (let at = 0; at < size; at += block.length) await file.write(block)
    return await scratch.keep('artifact')
  })
  return sha256
}

/** Counts what it is sent, tells its parent, and answers when told to. */
function beSink(): void {
  const server = http.createServer((request, response) => {
    let got = 0
    request.on('data', (piece: Buffer) => { got += piece.length })
    request.on('end', () => {
      process.once('message', () => response.end())
      process.send?.(got)
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
}

async function beSender(folder: string, sha256: Digest, address: string): Promise<void> {
  const world = worldIn(folder)
  const began = performance.now()
  const body = await world.artifacts.body(sha256)
  const checked = performance.now()
  await world.http({ method: 'PUT', url: address, body })
  console.log(JSON.stringify({ check: (checked - began) / 1000, send: (performance.now() - checked) / 1000 }))
}

if (import.meta.main) {
  const [role, folder = '', sha256 = '', address = ''] = process.argv.slice(2)
  if (role === 'sink') beSink()
  else if (role === 'send') await beSender(folder, sha256 as Digest, address)
  else console.table(await uploadRows())
}
