// Takes a tag off an image, as far as its registry lets anybody do so.
import { Refused } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { inParallel } from '../checks/in-parallel.ts'
import type { Access } from './access.ts'
import { headManifest, listTags } from './registry.ts'
import { openSession, type Session } from './session.ts'

/** A tag to be taken off. */
export interface Dropping {
  readonly tag: string
  /** What it must name. */
  readonly ours: Digest
  /** Tags that the same release gave to this image, and that go with it. */
  readonly siblings: readonly string[]
}

/**
 * Deletes a tag that names our image: by its name, or, where the registry deletes digests only, the manifest that no tag but its siblings names.
 * Does nothing when it is gone. Throws Refused `tag-moved` when it names something else, `request-refused` when the registry deletes nothing.
 */
export async function dropTag(world: World, access: Access, { tag, ours, siblings }: Dropping): Promise<void> {
  const session = openSession(world, access)
  const found = await headManifest(session, tag)
  if (found === undefined) return
  if (found !== ours) throw moved(access, { tag, found, ours })
  const byName = await session.ask({ method: 'DELETE', to: `manifests/${tag}`, right: 'pull,push,delete' })
  if (byName.status === 202 || byName.status === 200 || byName.status === 404) return
  if (byName.status !== 400 && byName.status !== 405) throw session.trouble(byName, `the deletion of ${tag}`)
  const others = (await othersOn(session, { tag, ours })).filter((each) => !siblings.includes(each))
  if (others.length > 0) {
    throw new Refused({
      code: 'request-refused',
      message: `The registry deletes images but no tags, and ${access.image} ${ours} is also tagged ${others.join(', ')}, so ${tag} was left.`,
      hint: `Take the other tags off it, or delete ${tag} by hand in the registry, and run the rollback again.`,
    })
  }
  const byDigest = await session.ask({ method: 'DELETE', to: `manifests/${ours}`, right: 'pull,push,delete' })
  if (byDigest.status === 202 || byDigest.status === 200 || byDigest.status === 404) return
  if (byDigest.status !== 400 && byDigest.status !== 405) throw session.trouble(byDigest, `the deletion of ${ours}`)
  throw new Refused({
    code: 'request-refused',
    message: `The registry of ${access.image} deletes neither tags nor images, so ${tag} is still there.`,
    hint: 'Switch deletion on in the registry, or delete the tag by hand there, and run the rollback again.',
  })
}

/** The refusal to touch a tag that somebody else has moved. */
export function moved({ image }: Access, { tag, found, ours }: { readonly tag: string; readonly found: string; readonly ours: string }): Refused {
  return new Refused({
    code: 'tag-moved',
    message: `${image}:${tag} is ${found} now and no longer ${ours}, which this release put there, so it was left alone.`,
    hint: 'Somebody else has moved it. Find out who, and decide by hand where it is to point.',
  })
}

async function othersOn(session: Session, { tag, ours }: { readonly tag: string; readonly ours: Digest }): Promise<readonly string[]> {
  const tags = (await listTags(session)).filter((each) => each !== tag)
  const named = await inParallel(tags, 4, async (each) => (await headManifest(session, each)) === ours)
  return tags.filter((_, at) => named[at])
}
