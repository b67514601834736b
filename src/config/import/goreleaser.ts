// GoReleaser: .goreleaser.yaml.
import { at, entriesOf, itemsOf, textAt } from '../read/node.ts'
import type { Entry, Node } from '../read/node.ts'
import { readYaml } from '../read/yaml.ts'
import { checkOf } from './checks.ts'
import { imageGiven } from './names.ts'
import { anyway, became, fromDocument, gives, left, orItself, ruled, whether } from './outcome.ts'
import type { Found, Given, Importer, Outcome, Rules } from './outcome.ts'
import { placeIn } from './place.ts'

const BINARIES = left('Slipway builds Python packages and container images, and no binaries. Keep GoReleaser for them, in a workflow that runs when the tag is pushed.')
const PACKAGES = left('Slipway does not publish there. Keep GoReleaser for it, in a workflow that runs when the tag is pushed.')
const FORGE = left('Slipway makes releases on GitHub; a forge other than GitHub gets the tag alone, with `git.merge: push`.')
const ANNOUNCE = left('Write the channels under `announce` by hand: the words are another template there.')
const CHANGELOG = left('Slipway takes the notes from the changelog, and makes them from the commits where nobody wrote any.')
const VERSION = /\{\{-?\s*\.(?:Version|RawVersion)\s*-?\}\}/g
const TAG = /\{\{-?\s*\.Tag\s*-?\}\}/g

function title(node: Node): Outcome {
  const text = (textAt(node) ?? '').replaceAll(VERSION, '{version}').replaceAll(TAG, '{tag}').replaceAll(/\{\{-?\s*\.ProjectName\s*-?\}\}/g, '{name}')
  return text === '' || text.includes('{{') ? left('Write `github.title` by hand; {name}, {version} and {tag} stand for what they say.') : gives('github.title', text)
}

const RELEASE: Rules = {
  'release.github': (node) => {
    const [owner, name] = [textAt(at(node, 'owner')), textAt(at(node, 'name'))]
    return owner === undefined || name === undefined || /\{\{/.test(`${owner}${name}`) ? left('It does not name the repository whole. Write `github.repository` by hand.') : gives('github.repository', `${owner}/${name}`)
  },
  'release.name_template': title,
  'release.draft': whether(left('Slipway publishes its draft when everything else is out.'), anyway('Slipway\'s release is a draft until everything is published.')),
  'release.use_existing_draft': anyway('Slipway finds its own draft again.'),
  'release.replace_existing_draft': anyway('Slipway finds its own draft again.'),
  'release.replace_existing_artifacts': left('Slipway never replaces a file that is published.'),
  'release.prerelease': (node) => (textAt(node) === 'auto' || (node.is === 'scalar' && node.value === false) ? anyway('Slipway marks a prerelease by its version.') : left('Slipway marks a prerelease by its version.')),
  'release.make_latest': (node) => gives('github.latest', node.is === 'scalar' && String(node.value) === 'false' ? 'never' : 'auto'),
  'release.mode': left('The text of a release is its section of the changelog.'),
  'release.header': left('The text of a release is its section of the changelog.'),
  'release.footer': left('The text of a release is its section of the changelog.'),
  'release.disable': whether(left('Leave `github` out of slipway.yaml if a release is to end with its tag.'), anyway('Slipway makes the GitHub release.')),
  'release.skip_upload': left('Slipway attaches whatever it builds.'),
  'release.target_commitish': anyway('Slipway tags the merged commit.'),
  'release.discussion_category_name': left('Slipway opens no discussions.'),
  'release.extra_files': left('Slipway attaches what it builds and signs. Other files have no place in its release yet: upload them by hand.'),
  'release.gitlab': FORGE,
  'release.gitea': FORGE,
}

const RULES: Rules = {
  ...RELEASE,
  version: anyway('It is the version of GoReleaser\'s own format.'),
  pro: anyway('It is about GoReleaser itself.'),
  project_name: (node) => (textAt(node) === undefined ? left('It is no text.') : gives('name', textAt(node) ?? '')),
  dist: anyway('Slipway keeps what it builds in a store of its own.'),
  env: left('Checks and builds see a short list of variables; see docs/how-it-works.md.'),
  env_files: left('Slipway takes secrets from the environment, by the names in slipway.yaml.'),
  includes: left('What it includes is not read. Write what that sets to slipway.yaml by hand.'),
  variables: left('Slipway fills in {version}, {tag} and {name}, and nothing else.'),
  metadata: left('Slipway has nothing like it.'),
  after: left('Slipway runs no command after a release.'),
  snapshot: anyway('`slipway rehearse` makes a whole release without publishing anything.'),
  nightly: left('Slipway makes prereleases: `slipway release minor --pre rc`.'),
  checksum: anyway('Slipway names every artifact by its sha256.'),
  git: left('Slipway counts from the highest tag that is reachable from the branch.'),
  monorepo: left('Slipway releases one version from one repository.'),
  partial: left('Slipway builds everything in one run.'),
  source: left('Slipway attaches what it builds; GitHub attaches the sources.'),
  changelog: CHANGELOG,
  sboms: gives('sbom', { formats: ['cyclonedx'] }),
  signs: left('Slipway signs provenance with the identity of the job: turn on `provenance`.'),
  binary_signs: left('Slipway signs provenance with the identity of the job: turn on `provenance`.'),
  docker_signs: left('Slipway signs provenance with the identity of the job: turn on `provenance`.'),
  announce: ANNOUNCE,
  milestones: left('Slipway closes no milestones.'),
  github_urls: left('Write `github.api` by hand, with the address of the API.'),
  gitlab_urls: FORGE,
  gitea_urls: FORGE,
  force_token: FORGE,
  report_sizes: anyway('A plan names the size of every artifact.'),
  ...Object.fromEntries(['builds', 'build', 'archives', 'universal_binaries', 'upx', 'gomod', 'prebuilt', 'dmg', 'msi', 'app_bundles', 'notarize', 'makeself', 'nsis', 'pkg'].map((key) => [key, BINARIES])),
  ...Object.fromEntries(['brews', 'homebrew_casks', 'nfpms', 'snapcrafts', 'scoops', 'scoop', 'winget', 'aurs', 'aur_sources', 'krews', 'chocolateys', 'nix', 'kos', 'blobs', 'uploads', 'artifactories', 'publishers', 'furies', 'gemfury', 'cloudsmiths', 'npms', 'dockerhub', 'mcp', 'flatpak', 'docker_digest'].map((key) => [key, PACKAGES])),
}

/** An image's name without its tag, and the tag in Slipway's words. */
function imageOf(template: string): { readonly name: string; readonly tag: string } {
  const tagless = /^(.*?)(?::([^/:]*(?:\{\{[^}]*\}\}[^/:]*)*))?$/.exec(template) ?? []
  const tag = (tagless[2] ?? '').replaceAll(VERSION, '{version}').replaceAll(TAG, 'v{version}').replaceAll(/\{\{-?\s*\.Major\s*-?\}\}/g, '{major}').replaceAll(/\{\{-?\s*\.Minor\s*-?\}\}/g, '{minor}').replaceAll(/\{\{-?\s*\.Patch\s*-?\}\}/g, '{patch}')
  return { name: tagless[1] ?? '', tag }
}

const ARCHITECTURE = /-(?:amd64|arm64(?:v8)?|armv[67]|arm|386|i386|x86_64|aarch64|ppc64le|s390x|riscv64)(?:v\d)?$/

function images(templates: readonly string[]): Outcome {
  const found = templates.map(imageOf)
  const given = found.map(({ name }) => imageGiven(name)).find((each) => each !== undefined)
  if (given === undefined) return left('It names the image by a template. Write `image.repository` by hand.')
  const tags = [...new Set(found.filter(({ name }) => imageGiven(name)?.value === given.value).map(({ tag }) => tag.replace(ARCHITECTURE, '')))].filter((tag) => tag !== '' && !/\{\{/.test(tag))
  const version = tags.find((tag) => /^v?\{version\}$|^v?\{major\}\.\{minor\}\.\{patch\}$/.test(tag))
  const floating = tags.filter((tag) => tag === 'latest' || /^v?\{major\}(?:\.\{minor\})?$/.test(tag))
  const whole = version?.replace('{major}.{minor}.{patch}', '{version}')
  return became(given, ...(whole === undefined || whole === '{version}' ? [] : [{ setting: 'image.tag', value: whole } satisfies Given]), ...(floating.length === 0 ? [] : [{ setting: 'image.floating', value: floating } satisfies Given]))
}

const IMAGE: Rules = {
  image_templates: (node) => images(itemsOf(node).map((item) => textAt(item) ?? '')),
  name_template: (node) => images([textAt(node) ?? '']),
  images: (node) => images(itemsOf(node).map((item) => textAt(item) ?? '')),
  tags: left('Write `image.tag` and `image.floating` by hand.'),
  dockerfile: (node) => {
    const path = placeIn(textAt(node) ?? '')?.path
    return path === undefined || /\{\{/.test(path) ? left('Its path is none within the repository.') : gives('image.dockerfile', path)
  },
  platforms: (node) => gives('image.platforms', itemsOf(node).map((item) => textAt(item) ?? '').filter((text) => /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(text))),
  goos: left('Write `image.platforms` by hand: linux/amd64.'),
  goarch: left('Write `image.platforms` by hand: linux/amd64.'),
  goarm: left('Write `image.platforms` by hand: linux/arm/v7.'),
  goamd64: left('Write `image.platforms` by hand: linux/amd64.'),
  use: anyway('Slipway builds with the first of buildx, podman and buildah that it finds.'),
  id: anyway('Slipway has one image.'),
  ids: left('Slipway builds the image from its Dockerfile; what GoReleaser built is not there. Build it in a stage of the Dockerfile.'),
  extra_files: anyway('Slipway gives the build the whole tree that is released.'),
  build_flag_templates: left('Slipway writes the labels of the image itself, and gives VERSION, BUILD_DATE and VCS_REF as arguments; others go under `image.args`.'),
  flags: left('Slipway writes the labels of the image itself; arguments go under `image.args`.'),
  build_args: left('Write them to `image.args` by hand.'),
  labels: left('Slipway writes the labels of the image itself: see docs/images.md.'),
  annotations: left('Slipway writes the labels of the image itself: see docs/images.md.'),
  sbom: left('Slipway lists what is in the image where slipway.yaml has `sbom`.'),
  push_flags: left('Slipway pushes by itself.'),
  skip_push: left('Slipway publishes the image wherever slipway.yaml has `image`.'),
  create_flags: left('Slipway makes the index of all platforms by itself.'),
}

function imageSettings({ key, place, value }: Entry): readonly Found[] {
  const items = itemsOf(value)
  return orItself(items.flatMap((item): readonly Found[] => {
    const before = items.length === 1 ? `${key}.` : `${key}[${items.indexOf(item)}].`
    if (item.is !== 'map') return [{ ...left('It is no mapping.'), setting: key, place }]
    // The images of a manifest are those that it is made of, told by their own lines.
    return item.entries.flatMap((entry) => ruled({ ...item, entries: [entry] }, key === 'docker_manifests' && entry.key === 'image_templates' ? { image_templates: anyway('Slipway makes the index of all platforms by itself.') } : IMAGE, before))
  }), { key, place })
}

function before(whole: Entry): readonly Found[] {
  return orItself(entriesOf(whole.value).flatMap((entry): readonly Found[] => {
    if (entry.key !== 'hooks') return [{ ...left('Slipway has no such setting.'), setting: `before.${entry.key}`, place: entry.place }]
    return orItself(itemsOf(entry.value).map((item) => {
      const command = textAt(item) ?? textAt(at(item, 'cmd')) ?? ''
      const check = checkOf(command)
      const why = left('Slipway runs no command before a release but its checks. What it writes belongs into a commit, and what it builds into the build.')
      return { ...(check === undefined ? why : became(check)), setting: `before.hooks ${command}`, place: item.place }
    }), entry)
  }), whole)
}

function settingsOf(root: Node): readonly Found[] {
  return entriesOf(root).flatMap((entry): readonly Found[] => {
    if (entry.key === 'before') return before(entry)
    if (['dockers', 'dockers_v2', 'docker_manifests'].includes(entry.key)) return imageSettings(entry)
    return ruled({ is: 'map', place: entry.place, entries: [entry] }, RULES)
  })
}

/** GoReleaser. */
export const goreleaser: Importer = {
  tool: 'GoReleaser',
  files: ['.goreleaser.yaml', '.goreleaser.yml', 'goreleaser.yaml', 'goreleaser.yml', '.config/goreleaser.yaml', '.config/goreleaser.yml'],
  read: (file, content) => fromDocument(readYaml(file, content), settingsOf),
}
