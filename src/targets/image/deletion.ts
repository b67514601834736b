// How a person deletes a tag of an image, in a registry that deletes nothing by its own API (GHCR, Docker Hub).
import type { Instructions } from '../../model/kind.ts'
import type { Digest } from '../../model/plan.ts'
import { packagePage, placeOf } from './reference.ts'

/** A tag that is to go, with what it names where that is known beforehand. */
export interface Deleting {
  readonly image: string
  readonly tag: string
  readonly digest?: Digest
}

/** The way back of a tag that only a person can delete. */
export const deletion = {
  // A registry shows what it has at once: a tag that is not found is not there.
  lag: 2_000,
  leaves: 'Copies that were pulled stay where they are, and the image can still be pulled by its digest until it is deleted.',
  instructions: ({ image, tag, digest }: Deleting): Instructions => {
    const page = packagePage(image)
    const named = digest === undefined ? tag : `${tag} (${digest})`
    return {
      page,
      steps: placeOf(image).host === 'ghcr.io'
        ? [
            `Open ${page} and log in as somebody who administers the package ${image}.`,
            `Open the package, press "View and manage all versions", and find the version tagged ${named}.`,
            'See that it carries no other tag that is to stay: deleting a version deletes all its tags.',
            'Press "Delete version" in its menu and confirm. A public version of more than 5,000 downloads can only be deleted by GitHub\'s support; a deleted one can be restored for 30 days.',
            'GitHub does not delete the last version of a package: where this one is the only one, delete the package in its settings.',
          ]
        : [`Open ${page} and log in as an owner.`, `Under "Tags", choose ${named} and delete it.`],
      done: `${image}:${tag} is not found any more.`,
    }
  },
  words: ({ image, tag }: Deleting): string => `By hand: delete the version ${tag} on ${packagePage(image)}.`,
}
