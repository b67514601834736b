#!/usr/bin/env node
// Starts slipway: from dist/ when it is built, from the sources otherwise.
import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'

const only = process.argv.length === 3 ? process.argv[2] : undefined
if (only === '--version' || only === '-V') {
  console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
} else if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`slipway needs Node 24 or newer, and this is Node ${process.versions.node}: install a newer one (https://nodejs.org), then run it again.`)
  process.exitCode = 2
} else {
  module.enableCompileCache()
  const built = new URL('../dist/main.js', import.meta.url)
  const { main } = await import(existsSync(built) ? built.href : new URL('../src/cli/main.ts', import.meta.url).href)
  await main(process.argv.slice(2))
}
