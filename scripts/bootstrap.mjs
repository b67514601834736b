// Runs a script of this repository on its own Node, after installing what is missing: node scripts/bootstrap.mjs SCRIPT [ARGS…]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const tools = join(root, 'node_modules', '.bin')
const node = join(tools, 'node')
const [script, ...args] = process.argv.slice(2)

if (script === undefined) fail('Name the script to run: node scripts/bootstrap.mjs SCRIPT [ARGS…]', 2)
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node ${process.versions.node} is too old to begin with: install Node 20 or newer (https://nodejs.org), then run this again.`, 2)
if (!isInstalled()) install()
run()

/** True when the packages are there and as new as the lockfile. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  // existsSync follows the link: a dangling one counts as missing.
  if (!existsSync(node) || !existsSync(installed)) return false
  return statSync(join(root, 'package-lock.json')).mtimeMs <= statSync(installed).mtimeMs
}

function install() {
  console.error('Installing the packages of package-lock.json (npm ci) …')
  // Not with the Node of node_modules, which npm ci is about to remove: under `npm run` npm names its own Node and itself.
  const { npm_execpath: npm, npm_node_execpath: base } = process.env
  const [program, ...first] = npm && base && !base.startsWith(root) ? [base, npm] : ['npm']
  const env = { ...process.env, PATH: (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== tools).join(delimiter) }
  const done = spawnSync(program, [...first, 'ci'], { cwd: root, env, stdio: ['ignore', 2, 2] })
  if (done.error?.code === 'ENOENT') fail('npm is not on the PATH: install Node with npm (https://nodejs.org), then run this again.', 1)
  if (done.signal) process.exit(128 + constants.signals[done.signal])
  if (done.status !== 0) fail('The packages could not be installed: npm ci failed, for the reason above. Once a package registry can be reached, run this again.', 1)
  if (!existsSync(node)) fail("npm ci brought no Node 24 along: npm's install scripts may be switched off (ignore-scripts). Switch them on for this folder, then run this again.", 1)
}

function run() {
  const env = { ...process.env, PATH: [tools, process.env.PATH].filter(Boolean).join(delimiter) }
  const child = spawn(node, [resolve(root, script), ...args], { stdio: 'inherit', env })
  // A terminal sends Ctrl-C to both; other senders reach only this process, so it hands everything on and waits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal) })
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}. Delete the folder node_modules, then run this again.`, 1))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}

function fail(sentence, code) {
  console.error(sentence)
  process.exit(code)
}
