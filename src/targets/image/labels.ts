// Labels and build arguments that come from the plan, and the version label that a Dockerfile writes itself.
import { Refused } from '../../model/error.ts'
import { dockerfileInstructions, type Instruction } from '../../version/dockerfile-lines.ts'
import { readDockerfile } from '../../version/dockerfile-place.ts'

/** The label that carries an image's version (https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md). */
export const VERSION_LABEL = 'org.opencontainers.image.version'

/** The label that carries the commit that an image was built from. */
export const REVISION_LABEL = 'org.opencontainers.image.revision'

/** What the labels and arguments are made of. */
export interface Named {
  readonly version: string
  readonly commit: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly labels: { readonly title: string; readonly source?: string; readonly licenses?: string }
}

/** The labels of an image. A version that the Dockerfile writes itself is left to it, so that what it writes is seen afterwards. */
export function labelsOf({ version, commit, date, labels }: Named, dockerfile: string): Readonly<Record<string, string>> {
  const all = {
    title: labels.title,
    ...(ownVersionLabels(dockerfile).length > 0 ? {} : { version }),
    revision: commit,
    created: moment(date),
    ...(labels.source === undefined ? {} : { source: labels.source }),
    ...(labels.licenses === undefined ? {} : { licenses: labels.licenses }),
  }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`org.opencontainers.image.${name}`, value]))
}

/** The build arguments that every build is given, and the wheel's path in the context where there is a wheel. */
export function argsOf({ version, commit, date }: Named, wheel: string | undefined): Readonly<Record<string, string>> {
  return { VERSION: version, BUILD_DATE: moment(date), VCS_REF: commit, ...(wheel === undefined ? {} : { WHEEL: wheel }) }
}

/** RFC 3339 in whole seconds. */
function moment(date: string): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Throws Refused `image-version` for a Dockerfile that writes another version into its label than the release has. */
export function checkDockerfile(dockerfile: { readonly path: string; readonly text: string }, version: string): void {
  const own = ownVersionLabels(dockerfile.text)
  const { spots } = readDockerfile(dockerfile.text)
  for (const { offsets } of own) {
    const wrong = spots.find(({ start, written }) => offsets.includes(start) && written !== version)
    if (wrong === undefined) continue
    const line = lineAt(dockerfile.text, wrong.start)
    throw new Refused({
      code: 'image-version',
      message: `${dockerfile.path} labels the image with version ${wrong.written}, but the release is ${version}.`,
      hint: `List ${dockerfile.path} under "version.places" in slipway.yaml, so that the label is written anew, or take it from the build argument: ARG VERSION and LABEL ${VERSION_LABEL}=$VERSION.`,
      place: { file: dockerfile.path, line },
    })
  }
}

/** The line of a Dockerfile on which this instruction begins, as a builder tells it; undefined when it is not found. */
export function lineOf(dockerfile: string, told: string): number | undefined {
  const even = (text: string) => text.replace(/\s+/g, ' ').trim()
  const found = dockerfileInstructions(dockerfile).find(({ name, text }) => even(`${name} ${text}`) === even(told))
  const start = found?.offsets[0]
  return start === undefined ? undefined : lineAt(dockerfile, start)
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** The LABEL instructions that name the version, in the stages that the image is made of. */
function ownVersionLabels(dockerfile: string): readonly Instruction[] {
  return stagesOfImage(dockerfileInstructions(dockerfile)).filter(({ name, text }) => name === 'LABEL' && text.includes(VERSION_LABEL))
}

/** The instructions of the last stage and of those that it is built upon. */
function stagesOfImage(all: readonly Instruction[]): readonly Instruction[] {
  const stages: { readonly base: string; readonly as: string | undefined; readonly all: Instruction[] }[] = []
  for (const instruction of all) {
    const [, base, as] = instruction.name === 'FROM' ? /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction.text) ?? [] : []
    if (base !== undefined) stages.push({ base: base.toLowerCase(), as: as?.toLowerCase(), all: [] })
    else stages.at(-1)?.all.push(instruction)
  }
  const used: Instruction[] = []
  for (let at = stages.length - 1; at >= 0;) {
    const stage = stages[at]
    if (stage === undefined) break
    used.unshift(...stage.all)
    at = stages.slice(0, at).findLastIndex(({ as }) => as === stage.base)
  }
  return used
}
