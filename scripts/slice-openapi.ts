// Cuts GitHub's published OpenAPI description down to the operations that the rehearsal serves.
//
//   node scripts/slice-openapi.ts path/to/@octokit/openapi/generated/api.github.com.json
//
// The package unpacks to some 390 MB, of which one file is needed:
//
//   npm pack @octokit/openapi@23.0.2
//   tar -xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { routes } from '../src/rehearsal/github/routes.ts'

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree }
type Branch = { [key: string]: Tree }

const METHODS = ['get', 'put', 'post', 'patch', 'delete']
const TARGET = fileURLToPath(new URL('../src/rehearsal/github/openapi.json', import.meta.url))

const source = process.argv[2]
if (source === undefined) {
  console.error('Give the path of generated/api.github.com.json from the package @octokit/openapi.')
  process.exit(2)
}
const whole = JSON.parse(readFileSync(source, 'utf8')) as Branch

const served = new Set<string>(routes.map((route) => route.operation))
const paths: Branch = {}
for (const [path, item] of Object.entries(whole['paths'] as Branch)) {
  const operations = Object.entries(item as Branch).filter(([method, operation]) =>
    METHODS.includes(method) && served.delete((operation as { operationId: string }).operationId))
  if (operations.length > 0) paths[path] = bare(Object.fromEntries(operations))
}
if (served.size > 0) throw new Error(`The description has no ${[...served].join(', ')}.`)

const components: Branch = {}
collect(paths)
const slice = { openapi: whole['openapi']!, info: bare(whole['info']!), paths, components: sorted(components) }
writeFileSync(TARGET, `${JSON.stringify(slice)}\n`)
console.log(`${TARGET}: ${JSON.stringify(slice).length} bytes, ${Object.keys(paths).length} paths`)

/** Copies every component that is referred to, and what it refers to in turn. */
function collect(tree: Tree): void {
  if (tree === null || typeof tree !== 'object') return
  if (Array.isArray(tree)) {
    for (const item of tree) collect(item)
    return
  }
  if (typeof tree['$ref'] === 'string') {
    const [, , section = '', name = ''] = tree['$ref'].split('/')
    const home = (components[section] ??= {}) as Branch
    if (home[name] === undefined) {
      home[name] = bare(((whole['components'] as Branch)[section] as Branch)[name]!)
      collect(home[name])
    }
  }
  for (const value of Object.values(tree)) collect(value)
}

/** Leaves out what is for readers. A property may itself be called `description`, so names of properties always stay. */
function bare(tree: Tree, names = false): Tree {
  if (Array.isArray(tree)) return tree.map((item) => bare(item))
  if (tree === null || typeof tree !== 'object') return tree
  const kept = Object.entries(tree).filter(([key]) => names || !(['description', 'example', 'examples', 'tags', 'summary'].includes(key) || key.startsWith('x-')))
  return Object.fromEntries(kept.map(([key, value]) => [key, bare(value, !names && key === 'properties')]))
}

function sorted(tree: Branch): Branch {
  return Object.fromEntries(Object.keys(tree).sort().map((key) => {
    const section = tree[key] as Branch
    return [key, Object.fromEntries(Object.keys(section).sort().map((name) => [name, section[name]!]))]
  }))
}
