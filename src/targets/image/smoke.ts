// image.smoke: the built image of this machine's own platform, started in a container, answers on its port before anybody pulls it.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { lastLines } from '../checks/output.ts'
import { listOf } from '../checks/lists.ts'
import { imageArtifact, imageIn, type Image, type ImageArtifact } from './artifact.ts'
import { findEngine, withContainer } from './smoke-engine.ts'
import { waitFor } from './smoke-wait.ts'

const input = z.strictObject({
  /** Every blob of the image. */
  artifacts: listOf(imageArtifact),
  /** The port that the container listens on. */
  port: z.int().min(1).max(65_535),
  /** The path that answers with a 2xx when the container works. */
  path: z.string(),
})
const output = z.strictObject({ evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Starts the image and stops it again. Throws Refused `image-invalid`; where no container can be started, that is reported as not verified. */
export const imageSmoke = defineKind<Input, Output>({
  kind: 'image.smoke',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ artifacts }) => [{ artifacts: artifacts.filter(({ by }) => by === 'image').map((one) => imageArtifact.parse(one)), port: 8000, path: '/health' }],
  describe: (test) => {
    const name = nameOf(imageOf(test))
    return {
      apply: `Start ${name} in a container and ask for ${test.path} on port ${test.port}.`,
      undo: 'Nothing to take back: the container and its image are removed after the test.',
      byHand: [
        'docker load --input /tmp/image.tar',
        `docker run --detach --name try --publish 127.0.0.1:${test.port}:${test.port} ${name}`,
        `curl --fail --retry 30 --retry-all-errors --retry-delay 1 http://127.0.0.1:${test.port}${test.path}`,
        'docker rm --force try',
      ],
    }
  },
  probe: (look, test) => probeEvidence(look, keyOf(test), output),
  apply: async (world, test, once) => {
    const image = imageOf(test)
    const title = `start of ${nameOf(image)}`
    const notVerified = (why: string): Output => ({ evidence: [{ title, passed: false, detail: `not verified: ${why}` }] })
    const engine = await findEngine(world)
    if ('cannot' in engine) return notVerified(engine.cannot)
    const manifest = image.manifests.find(({ about }) => about.role === 'manifest' && about.platform === engine.platform)
    if (manifest?.about.role !== 'manifest') return notVerified(`the image is not for ${engine.platform}, which ${engine.name} runs here`)
    const found = await world.scratch((scratch) => withContainer({ world, once, scratch, engine, port: test.port }, manifest, (container) => waitFor({ world, once }, container, test.path)))
    if ('cannot' in found) return notVerified(found.cannot)
    if ('wrong' in found) {
      throw new Refused({
        code: 'image-invalid',
        message: `The image ${nameOf(image)} for ${engine.platform} does not work: ${found.wrong}.`,
        hint: `Mend the image, or "smoke" under "image" in slipway.yaml (port ${test.port}, path ${test.path}; false when it is not to be started), or see for yourself: ${imageSmoke.describe(test).byHand.join(' && ')}`,
        ...(found.log === '' ? {} : { detail: lastLines(found.log) }),
      })
    }
    const result = { evidence: [{ title, passed: true, detail: `${engine.name} on ${engine.platform}: ${test.path} on port ${test.port} answered ${found.status}` }] }
    await recordEvidence(world, { key: keyOf(test), title, passed: true, output: result })
    return result
  },
})

function keyOf(test: Input): string {
  return evidenceKey('image.smoke', { image: imageOf(test).index.sha256, port: test.port, path: test.path })
}

function imageOf({ artifacts }: Input): Image {
  const image = imageIn(artifacts)
  if (image !== undefined) return image
  throw new Refused({ code: 'image-invalid', message: 'There is no image among what was built.', hint: 'Build the image again.' })
}

function nameOf({ index: { about } }: { readonly index: ImageArtifact }): string {
  return about.role === 'index' ? `${about.image}:${about.version}` : about.image
}
