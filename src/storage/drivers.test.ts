// Tests of who drives, and whether they live.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { isAlive, thisDriver } from './drivers.ts'

const linux = process.platform === 'linux' ? {} : { skip: 'start times are read from /proc' }

/** A process that says its own driver's name and then waits to be ended. */
async function otherDriver() {
  const module = JSON.stringify(new URL('drivers.ts', import.meta.url).href)
  const script = `import { thisDriver } from ${module}; console.log(thisDriver()); process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [name] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, name: name.toString().trim() }
}

test('a driver is named after its host and process, the same each time', () => {
  assert.equal(thisDriver(), thisDriver())
  assert.ok(thisDriver().startsWith(`${hostname()} pid ${process.pid}`))
  assert.equal(isAlive(thisDriver()), true)
})

test('another process is alive until it has ended', async () => {
  const { child, name } = await otherDriver()
  assert.notEqual(name, thisDriver())
  assert.equal(isAlive(name), true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(isAlive(name), false)
})

test('a process that has the id of an older one is not that one', linux, () => {
  assert.match(thisDriver(), / start \d+ space \d+$/)
  assert.equal(isAlive(thisDriver().replace(/start \d+/, 'start 1')), false)
})

test('a process that ended but was never collected counts as gone', linux, async (t) => {
  // A parent that starts a child, tells its id and never asks for its end.
  const script = 'import os, sys\nchild = os.fork()\nif child == 0: os._exit(0)\nprint(child, flush=True)\nsys.stdin.read()'
  const parent = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => parent.stdin.end())
  const [said] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = said.toString().trim()
  const status = () => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  }
  while (status()[0] !== 'Z') await new Promise(setImmediate)
  assert.equal(isAlive(thisDriver().replace(/pid \d+ start \d+/, `pid ${pid} start ${status()[19]}`)), false)
})

test('whoever cannot be looked at counts as alive: another host, another process id space, an unknown name', async () => {
  const { child, name } = await otherDriver()
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(isAlive(`elsewhere${name}`), true)
  if (name.includes('space')) assert.equal(isAlive(`${name}1`), true)
  assert.equal(isAlive('somebody'), true)
  assert.equal(isAlive(''), true)
  assert.equal(isAlive(`${hostname()} pid 0`), true)
})
