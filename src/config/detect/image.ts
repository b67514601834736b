// The container image: its Dockerfile, the name that it is published under, and how it is seen to work.
import type { Problem } from '../../model/error.ts'
import { baseName, depthOf, found, lineOf, type Detected, type Guess, type ProjectFacts } from './facts.ts'
import type { WorkflowStep } from './workflows.ts'

/** What is known before the image is looked at. */
export interface ImageContext {
  /** `owner/name` on GitHub. */
  readonly repository: string | undefined
  readonly steps: readonly WorkflowStep[]
  /** The Python package that is published; undefined where none is. */
  readonly wheel: string | undefined
}

/** Guesses everything under `image`. Without a name for it the block is not written. */
export function detectImage(facts: ProjectFacts, { repository, steps, wheel }: ImageContext): Detected {
  const dockerfiles = facts.paths.filter((path) => /^(?:Dockerfile|Containerfile)$/.test(baseName(path)) && facts.texts.has(path)).toSorted((a, b) => depthOf(a) - depthOf(b))
  const [file] = dockerfiles
  const text = file === undefined ? undefined : facts.texts.get(file)
  if (file === undefined || text === undefined) return found({})
  const guesses: Guess[] = [...nameOf(steps, repository), { setting: 'image.dockerfile', value: file, because: 'it is there', place: { file }, ...(file === 'Dockerfile' && { isDefault: true as const }) }]
  guesses.push(platformsOf(steps), smokeOf(file, text))
  const licence = /^\s*MIT License/m.test(facts.texts.get('LICENSE') ?? '') ? 'MIT' : /Apache License\s+Version 2\.0/.test(facts.texts.get('LICENSE') ?? '') ? 'Apache-2.0' : undefined
  if (licence !== undefined) guesses.push({ setting: 'image.licenses', value: licence, because: 'LICENSE says so', place: { file: 'LICENSE' } })
  const isNamed = guesses.some(({ setting }) => setting === 'image.repository')
  return found({
    guesses,
    findings: needs(file, text, wheel),
    remarks: [
      ...(isNamed ? [] : [`${file} builds an image, but nothing tells where it is published: add \`image: { repository: ghcr.io/OWNER/NAME }\` to publish it.`]),
      ...(dockerfiles.length > 1 ? [`Only ${file} is taken for the image; ${dockerfiles.slice(1).join(', ')} ${dockerfiles.length === 2 ? 'is' : 'are'} left alone.`] : []),
    ],
    questions: isNamed ? [] : [{
      setting: 'image.repository', text: `Under which name is the image of ${file} published, registry included? [none]`,
      read: (answer) => /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+$/.test(answer) ? answer : undefined,
    }],
  })
}

function nameOf(steps: readonly WorkflowStep[], repository: string | undefined): readonly Guess[] {
  for (const step of steps) {
    const written = step.uses === 'docker/metadata-action' ? step.inputs['images'] : step.uses === 'docker/build-push-action' ? step.inputs['tags'] : undefined
    const name = written === undefined ? undefined : imageIn(written, repository)
    if (name !== undefined) return [{ setting: 'image.repository', value: name, because: `${step.file} publishes it`, place: { file: step.file, line: step.line } }]
  }
  return repository === undefined ? [] : [{ setting: 'image.repository', value: `ghcr.io/${repository.toLowerCase()}`, because: `the repository is ${repository}` }]
}

/** The first image that a workflow's text names, when it can be told without running the workflow. */
function imageIn(text: string, repository: string | undefined): string | undefined {
  const filled = text.replaceAll(/\$\{\{\s*github\.repository\s*\}\}/g, repository ?? '$').replaceAll(/\$\{\{\s*github\.repository_owner\s*\}\}/g, repository?.split('/')[0] ?? '$')
  const [first = ''] = filled.split(/[\n,]+/).map((line) => line.trim().replace(/^name=/, '')).filter((line) => line !== '')
  const name = first.replace(/(?<=\/[^/]*):[^/:]*$/, '').toLowerCase()
  if (!/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/.test(name)) return undefined
  return /^[^/]*[.:][^/]*\//.test(name) ? name : `docker.io/${name}`
}

function platformsOf(steps: readonly WorkflowStep[]): Guess {
  const step = steps.find(({ uses, inputs }) => uses === 'docker/build-push-action' && inputs['platforms'] !== undefined)
  const platforms = (step?.inputs['platforms'] ?? '').split(/[\s,]+/).filter((each) => /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(each))
  if (step === undefined || platforms.length === 0) return { setting: 'image.platforms', value: ['linux/amd64'], because: 'nothing says that it is built for another one; add linux/arm64 once it is' }
  return { setting: 'image.platforms', value: platforms, because: `${step.file} builds them`, place: { file: step.file, line: step.line } }
}

function smokeOf(file: string, text: string): Guess {
  const port = /^\s*EXPOSE\s+(\d+)/im.exec(text)?.[1]
  const [, health, path] = /^\s*HEALTHCHECK\b(?:[^\n\\]|\\\n?)*?https?:\/\/[^/\s"':]+(?::(\d+))?(\/[^\s"'|)]*)?/im.exec(text) ?? []
  const listens = port ?? health
  if (listens === undefined) return { setting: 'image.smoke', value: false, because: `${file} has no EXPOSE, so there is nothing to ask a started container` }
  const line = lineOf(text, port === undefined ? /^\s*HEALTHCHECK/im : /^\s*EXPOSE/im)
  const where = path === undefined ? '/' : path
  return { setting: 'image.smoke', value: { port: Number(listens), path: where }, because: path === undefined ? `${file} listens there; no HEALTHCHECK names a path` : 'its HEALTHCHECK asks there', place: { file, line } }
}

/** What the image lacks for the way that Slipway builds and checks it. */
function needs(file: string, text: string, wheel: string | undefined): readonly Problem[] {
  const own = /^\s*RUN\b.*\bpip3?\s+install\b.*?(?:\s\.(?:\[|\s|$)|\s\/\w+\/?\s*$)/im
  if (wheel === undefined || /^\s*ARG\s+WHEEL\b/im.test(text) || !own.test(text)) return []
  return [{
    code: 'wheel-not-inside',
    message: `${file} installs ${wheel} from its sources, so the image would hold other files than the wheel that is published.`,
    hint: `Let it take the release's own wheel: \`ARG WHEEL\`, \`COPY \${WHEEL} /wheels/\`, \`RUN pip install /wheels/*.whl\` (docs/images.md).`,
    place: { file, line: lineOf(text, own) },
  }]
}
