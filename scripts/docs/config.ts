// docs/config.md: every key of slipway.yaml.
import { formatOf } from '../../src/version/place-formats.ts'
import { TARGETS } from '../../src/targets/list.ts'
import { configExample } from './config-example.ts'
import { configSchema, keysOf, typeText, type Node } from './config-schema.ts'
import { code, GENERATED, page, sentence, table } from './markdown.ts'

// One file name for each format that a name alone tells.
const PLACES = ['setup.py', '__init__.py', 'pyproject.toml', 'package.json', 'package-lock.json', 'Dockerfile', 'Cargo.toml', 'Cargo.lock', 'Chart.yaml', 'CITATION.cff', 'pom.xml', 'VERSION']

/** The page. */
export function configPage(): string {
  const schema = configSchema()
  const targets = new Set(TARGETS.map(({ name }) => name))
  const properties = Object.entries(schema.properties ?? {})
  const own = properties.filter(([key]) => !targets.has(key)).flatMap(([key, node]) => rows(key, node, schema.required?.includes(key) === true))
  const ofTargets = properties.filter(([key]) => targets.has(key)).flatMap(([key, node]) => [
    `## ${key}`,
    `${sentence(node.description ?? '')} ${whenOn(key)}${inShort(key, node)}`,
    table(HEADINGS, below(key, node)),
  ])
  return page(
    GENERATED,
    '# slipway.yaml',
    'The file stands at the root of the repository and must be committed: Slipway reads it from the commit that is released. A key that means nothing is an error, told with its line and column, and so is every other mistake, all at once.',
    'Editors can complete and check it with [slipway.schema.json](slipway.schema.json): save that beside your config and begin the config with `# yaml-language-server: $schema=./slipway.schema.json`.',
    '## Everything at once',
    'A whole file with every key there is. Where a key has a default and nothing else would show more, the default is shown. Most projects need `name`, `version`, `pypi`, `github` and `checks`, with few keys each; [images.md](images.md) is about the keys of an image and its supply chain.',
    `\`\`\`yaml\n${configExample()}\`\`\``,
    '## The project',
    table(HEADINGS, own),
    '### Places that carry the version',
    `A path alone is enough where the file's name tells how the version stands in it. Elsewhere give \`search\` with \`{version}\` in it. A place that does not hold the current version is an error that names file and line.`,
    table(['File', 'What is looked for'], PLACES.map((path) => [code(path === '__init__.py' ? '*.py' : path), formatOf(path)?.holds ?? ''])),
    '`npm-shrinkwrap.json` is read as `package-lock.json`, `Containerfile` and `*.Dockerfile` as `Dockerfile`, `version.txt` as `VERSION`. `Cargo.lock` may lock several packages of the repository as long as they hold one version.',
    ...ofTargets,
    '## Secrets and the environment',
    'A config names secrets and never holds them: a value that looks like a token is an error. Each name is looked up among the environment variables when it is needed, and nothing that Slipway prints or keeps shows its value. Checks and builds do not see secrets.',
    table(['Variable', 'Meaning'], [
      ['`GITHUB_TOKEN`, `PYPI_TOKEN`, `TESTPYPI_TOKEN`, `REGISTRY_TOKEN`', 'The secrets, by the default names above. [targets.md](targets.md) says what each is for.'],
      ['`SIGSTORE_ID_TOKEN`', 'An identity to sign with outside of GitHub Actions: a token with the audience `sigstore`.'],
      ['`SLIPWAY_TRUSTED_HOSTS`', 'Further hosts that secrets may be sent to, with commas between them; loopback ones too.'],
      ['`SLIPWAY_TRUSTED_ROOT`', 'A file with the trusted root (JSON) of a Sigstore of your own, that signatures are verified against.'],
      ['`REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`', 'Where the logins of `docker login`, podman, buildah and skopeo are looked for, as those programs do.'],
      ['`SLIPWAY_PYTHON`', 'The Python that runs `build` and `twine`, tried before every other that is found.'],
      ['`SLIPWAY_WORLD`', 'The file that `slipway world` names: every service is then looked for in that world.'],
    ]),
  )
}

const HEADINGS = ['Key', 'Type', 'Default', 'Meaning']

function rows(path: string, node: Node, required: boolean): readonly (readonly string[])[] {
  return [[code(path), typeText(node), defaultText(node, required), sentence(node.description ?? meaningOf(path))], ...below(path, node)]
}

/** The keys under a mapping, or under each item of a list. */
function below(path: string, node: Node): readonly (readonly string[])[] {
  const { properties = {}, required } = keysOf(node) ?? {}
  const inMapping = Object.entries(properties).flatMap(([key, inner]) => rows(`${path}.${key}`, inner, required?.includes(key) === true))
  return [...inMapping, ...(node.items === undefined ? [] : below(`${path}[]`, node.items))]
}

function defaultText(node: Node, required: boolean): string {
  if (required) return '**required**'
  return node.default === undefined || keysOf(node) !== undefined ? '' : code(typeof node.default === 'string' ? node.default : JSON.stringify(node.default))
}

function meaningOf(path: string): never {
  throw new Error(`The key ${path} says nothing about itself: describe it in its schema.`)
}

/** A single word in place of the mapping, where the target takes one. */
function inShort(target: string, { anyOf = [] }: Node): string {
  const [first, ...more] = anyOf.flatMap((form) => form.enum ?? []).map((word) => code(`${target}: ${String(word)}`))
  return first === undefined ? '' : ` One word is enough: ${[first, ...more].join(', ')}.`
}

function whenOn(target: string): string {
  return target === 'git' ? 'Always on, also without its key.' : `On when the key ${code(target)} is there.`
}
