// Settings of other tools in the shapes that projects have them, for tests.

/** Projects by a name, each with its files. */
export const PROJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bump2version, a Python library': {
    '.bumpversion.cfg': `[bumpversion]
current_version = 1.4.2
commit = True
tag = False
tag_name = {new_version}
parse = (?P<major>\\d+)\\.(?P<minor>\\d+)\\.(?P<patch>\\d+)(\\-(?P<release>[a-z]+))?
serialize =
    {major}.{minor}.{patch}-{release}{build}
    {major}.{minor}.{patch}
message = Bump version: {current_version} → {new_version}
sign_tags = yes
flavour = plain

[bumpversion:part:release]
optional_value = gamma
values =
    beta
    gamma

[bumpversion:file:setup.py]

[bumpversion:file:parcel/__init__.py]
search = __version__ = "{current_version}"
replace = __version__ = "{new_version}"

; the manual
[bumpversion:file:docs/conf.py]
search = release = '{current_version}'
replace = release = '{new_version}'

[bumpversion:file(minor):docs/short.py]
serialize = {major}.{minor}

[bumpversion:file:HISTORY.md]
search = Unreleased
replace = {new_version} ({now:%Y-%m-%d})

[bumpversion:file:README.rst]
search = parcel=={current_version}
replace = parcel=={new_version}

[bumpversion:glob:charts/*/Chart.yaml]
[bumpversion:file:../other/setup.py]
`,
  },
  'bump2version, in setup.cfg': {
    'setup.cfg': `[metadata]
name = parcel
  and a line for others
odd line

[bumpversion]
current_version: 0.9.0
tag_name: release-{new_version}
[bumpversion:file:src/parcel/version.py]
`,
  },
  'bump-my-version, a Python service': {
    'pyproject.toml': `[project]
name = "lantern"
version = "2.0.0"

[tool.bumpversion]
current_version = "2.0.0"
allow_dirty = false
tag = true
search = "{current_version}"
regex = false
pre_commit_hooks = ["uv lock"]
moveable_tags = []

[tool.bumpversion.parts.pre_l]
values = ["dev", "final"]

[[tool.bumpversion.files]]
filename = "src/lantern/__init__.py"

[[tool.bumpversion.files]]
filename = "docker/compose.yaml"
search = "lantern:{current_version}"
replace = "lantern:{new_version}"

[[tool.bumpversion.files]]
glob = "docs/**/*.md"

[[tool.bumpversion.files]]
filename = "docs/api.md"
regex = true
search = "v\\\\d+"

[[tool.bumpversion.files]]
filename = "CHANGELOG.md"
search = "## Unreleased"
replace = "## {new_version} ({now:%Y-%m-%d})"
`,
  },
  'semantic-release, a Node service': {
    '.releaserc': `{
\t"branches": ["main", { "name": "next", "prerelease": true }, "1.x"],
\t"tagFormat": "\${version}",
\t"repositoryUrl": "git+https://github.com/acme/harbour.git",
\t"plugins": [
\t\t["@semantic-release/commit-analyzer", { "preset": "conventionalcommits", "releaseRules": [{ "type": "docs", "release": "patch" }] }],
\t\t"@semantic-release/release-notes-generator",
\t\t["@semantic-release/changelog", { "changelogFile": "docs/CHANGELOG.md", "changelogTitle": "# Changes" }],
\t\t["@semantic-release/npm", { "npmPublish": false }],
\t\t["@semantic-release/git", {
\t\t\t"assets": ["package.json", "docs/CHANGELOG.md", "dist/*.js"],
\t\t\t"message": "chore(release): \${nextRelease.version} [skip ci]"
\t\t}],
\t\t["@semantic-release/exec", { "verifyConditionsCmd": "npm run lint", "publishCmd": "./push \${nextRelease.version}" }],
\t\t["@codedependant/semantic-release-docker", { "dockerImage": "harbour", "dockerRegistry": "ghcr.io", "dockerProject": "acme", "dockerFile": "docker/Dockerfile" }],
\t\t["@google/semantic-release-replace-plugin", {
\t\t\t"replacements": [{ "files": ["helm/values.yaml"], "from": "tag: .*", "to": "tag: \${nextRelease.version}" }]
\t\t}],
\t\t["@semantic-release/github", { "assets": [], "successComment": false, "releaseNameTemplate": "Harbour <%= nextRelease.version %>" }],
\t\t["@acme/release-tweets", { "loud": true }]
\t],
\t"colour": "green"
}
`,
  },
  'semantic-release, in package.json': { 'package.json': '{\n  "name": "quay",\n  "version": "1.0.0",\n  "release": {\n    "branches": "trunk",\n    "plugins": ["@semantic-release/npm"]\n  }\n}\n' },
  'semantic-release, in YAML': { '.releaserc.yaml': 'branches:\n  - name: "+([0-9])?(.{+([0-9]),x}).x"\n  - main\nextends: "@acme/release-config"\nplugins: []\n' },
  'semantic-release, in code': { 'release.config.cjs': 'module.exports = { branches: ["main"] }\n' },
  'release-please, a Rust tool': {
    'release-please-config.json': `{
  "$schema": "https://raw.githubusercontent.com/googleapis/release-please/main/schemas/config.json",
  "release-type": "rust",
  "include-component-in-tag": false,
  "bump-minor-pre-major": true,
  "changelog-sections": [{ "type": "feat", "section": "Features" }],
  "packages": {
    ".": {
      "package-name": "gull",
      "changelog-path": "NEWS.md",
      "extra-files": [
        "README.md",
        "VERSION",
        { "type": "yaml", "path": "deploy/app.yaml", "jsonpath": "$.metadata.labels.version" },
        { "type": "toml", "path": "/py/pyproject.toml", "jsonpath": "$.project.version" },
        { "type": "generic", "path": "docs/*.md", "glob": true }
      ]
    },
    "crates/egg": { "release-type": "rust" }
  }
}
`,
    '.release-please-manifest.json': '{\n  ".": "0.4.0",\n  "crates/egg": "0.1.0"\n}\n',
  },
  'release-it, a Node library': {
    '.release-it.json': `{
  "$schema": "https://unpkg.com/release-it@19/schema/release-it.json",
  "git": {
    "tagName": "v\${version}",
    "commitMessage": "chore: release v\${version}",
    "requireBranch": "main",
    "push": true,
    "commit": false
  },
  "github": { "release": true, "releaseName": "Rope \${version}", "comments": { "submit": true } },
  "npm": { "publish": true },
  "hooks": { "before:init": ["npm run lint", "npm test"], "after:bump": "npm run build" },
  "plugins": {
    "@release-it/keep-a-changelog": { "filename": "CHANGES.md", "addUnreleased": true },
    "@release-it/bumper": { "in": "package.json", "out": [{ "file": "manifest.json", "path": "app.revision" }, "VERSION", "src/*.js"] },
    "release-it-beer": {}
  }
}
`,
  },
  'release-it, in TOML': { '.release-it.toml': 'npm = false\n\n[git]\ntagName = "rope-${version}"\nrequireBranch = ["main", "next"]\n' },
  'release-it, in package.json': { 'package.json': '{ "name": "rope", "release-it": { "github": { "comments": false }, "gitlab": { "release": true } } }' },
  'changesets, a monorepo': {
    '.changeset/config.json': `{
  "$schema": "https://unpkg.com/@changesets/config@3.0.0/schema.json",
  "changelog": ["@changesets/changelog-github", { "repo": "acme/kelp" }],
  "commit": false,
  "fixed": [],
  "linked": [["@kelp/a", "@kelp/b"]],
  "access": "restricted",
  "baseBranch": "develop",
  "updateInternalDependencies": "patch",
  "ignore": []
}
`,
  },
  'GoReleaser, a Go program': {
    '.goreleaser.yaml': `version: 2
project_name: anchor

before:
  hooks:
    - go mod tidy
    - go test ./...

builds:
  - &base
    env: [CGO_ENABLED=0]
    goos: [linux, darwin]
  - <<: *base
    id: other

archives:
  - formats: [tar.gz]

dockers:
  - image_templates:
      - "ghcr.io/acme/anchor:{{ .Tag }}-amd64"
      - "ghcr.io/acme/anchor:v{{ .Major }}"
      - ghcr.io/acme/anchor:latest
    dockerfile: build/Dockerfile
    goarch: amd64

docker_manifests:
  - name_template: "ghcr.io/acme/anchor:{{ .Tag }}"
    image_templates: ["ghcr.io/acme/anchor:{{ .Tag }}-amd64"]

sboms:
  - artifacts: archive

release:
  github:
    owner: acme
    name: anchor
  draft: true
  name_template: "{{.ProjectName}} {{ .Version }}"

checksum:
  name_template: checksums.txt
brews:
  - name: anchor
shiny: true
`,
  },
  'python-semantic-release': {
    'pyproject.toml': `[project]
name = "tide"

[tool.semantic_release]
version_toml = ["pyproject.toml:project.version"]
version_variables = [
    "src/tide/__init__.py:__version__",
    "docs/conf.py:release",
]
tag_format = "{version}"
commit_message = "{version}"
major_on_zero = false
build_command = "pip install build && python -m build"
upload_to_pypi = true

[tool.semantic_release.branches.main]
match = "(main|master)"

[tool.semantic_release.branches.beta]
match = "beta"
prerelease = true

[tool.semantic_release.changelog.default_templates]
changelog_file = "CHANGELOG.md"

[tool.semantic_release.remote]
type = "github"
token = { env = "RELEASE_TOKEN" }
`,
  },
  'python-semantic-release, its older settings': { 'releaserc.toml': '[semantic_release]\nbranch = "trunk"\nversion_variable = "tide.py:__version__,docs/index.txt:tide"\nversion_pattern = "README.md:v{version}"\n' },
}
