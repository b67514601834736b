// Is the wheel of this release what is installed in the image? Every file is compared, streamed out of the layers.
import { Refused } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import { normalName } from '../../model/python-name.ts'
import type { World } from '../../model/world.ts'
import { collapse, readLayer, type LayerFiles } from './inside-layers.ts'
import { readWheel, type Wheel } from './inside-wheel.ts'
import type { Descriptor } from './layout.ts'

/** What was found of a wheel in an image. */
export interface Inside {
  /** False when no installed package of the wheel's project is in the image. */
  readonly installed: boolean
  /** Files that were compared. */
  readonly files: number
}

/** An image of one platform, as far as it is looked into. */
export interface Layered {
  readonly platform: string
  /** In the manifest's order. */
  readonly order: readonly Descriptor[]
}

/** Opens a wheel, and gives the function that looks for it in images. A layer that several images share is read once. */
export async function openInside(world: World, wheel: { readonly name: string; readonly sha256: Digest }): Promise<(image: Layered) => Promise<Inside>> {
  const read = await readWheel(world, wheel)
  const layers = new Map<Digest, Promise<LayerFiles>>()
  const layerOf = (blob: Descriptor): Promise<LayerFiles> => {
    const known = layers.get(blob.digest) ?? readLayer(world, blob, read)
    layers.set(blob.digest, known)
    return known
  }
  return async (image) => {
    const all: LayerFiles[] = []
    for (const blob of image.order) all.push(await layerOf(blob))
    return compare(collapse(all), { wheel: read, file: wheel.name, platform: image.platform })
  }
}

interface Comparing {
  readonly wheel: Wheel
  /** The wheel's file name. */
  readonly file: string
  readonly platform: string
}

function compare(files: LayerFiles['files'], { wheel, file, platform }: Comparing): Inside {
  const installed = [...files].flatMap(([path, { text }]) => {
    const [, root, folder, stem] = /^((?:.*\/)?)(([^/]+)-[^/-]+\.dist-info)\/METADATA$/.exec(path) ?? []
    return root === undefined || folder === undefined || stem === undefined || normalName(stem) !== wheel.project ? [] : [{ root, folder, version: /^Version:\s*(\S+)/mi.exec(text ?? '')?.[1] }]
  })
  for (const { root, folder, version } of installed) {
    if (version !== wheel.version) throw notInside(`/${root}${folder} is version ${version ?? 'unknown'}`, { file, platform })
    const wrong = wheel.files.find(({ path, hashes }) => !hashes.every(({ algorithm, hash }) => files.get(`${root}${path}`)?.hashes[algorithm] === hash))
    if (wrong === undefined) continue
    throw notInside(files.has(`${root}${wrong.path}`) ? `/${root}${wrong.path} has other bytes than in the wheel` : `/${root}${wrong.path} is missing`, { file, platform })
  }
  return { installed: installed.length > 0, files: installed.length === 0 ? 0 : wheel.files.length }
}

function notInside(what: string, { file, platform }: Omit<Comparing, 'wheel'>): Refused {
  return new Refused({
    code: 'wheel-not-inside',
    message: `The image for ${platform} does not hold ${file} of this release: ${what}.`,
    hint: 'Have the Dockerfile install the wheel that it is given: ARG WHEEL, COPY ${WHEEL} /wheels/ and pip install --no-deps /wheels/*.whl, and let no later instruction change what is installed.',
  })
}
