// The refs of a bare repository.
import { git } from '../git/bare.ts'
import type { Ref } from './views/git.ts'

/** Every branch and tag, sorted by name. GitHub's own refs of pull requests are left out. */
export async function readRefs(bare: string, ...under: readonly string[]): Promise<readonly Ref[]> {
  const patterns = under.length === 0 ? ['refs/heads', 'refs/tags'] : under
  const listed = await git(bare, ['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)', ...patterns])
  return listed.split('\n').filter((line) => line !== '').map((line) => {
    const [sha = '', type = '', name = ''] = line.split(' ')
    return { sha, type, name }
  })
}

/** One ref by its whole name. */
export async function readRef(bare: string, name: string): Promise<Ref | undefined> {
  return (await readRefs(bare, name)).find((ref) => ref.name === name)
}
