// A folder of advisories, as OSV's own exports are when unpacked: one JSON file for each, in any folders (https://google.github.io/osv.dev/data/).
import { parseJson } from '../../model/json.ts'
import type { Scratch } from '../../model/world.ts'
import { inParallel } from '../checks/in-parallel.ts'
import { advisory, type Advisory } from './advisory.ts'
import { unreadable } from './unreadable.ts'

/** Files read at once. */
const AT_ONCE = 16

/** The advisories that are wanted; the others are not kept in memory. Throws Refused `scan-unreadable` naming a file that holds no advisory, or a folder without any. */
export async function readFolder(folder: Pick<Scratch, 'list' | 'read'>, path: string, wanted: (of: Advisory) => boolean): Promise<readonly Advisory[]> {
  const files = await filesIn(folder, '')
  if (files.length === 0) {
    throw unreadable(`The folder ${path} holds no advisories, so nobody knows what is vulnerable.`, 'Let "database" under "scan" in slipway.yaml name a folder of OSV\'s JSON files, for example an unpacked all.zip of https://osv-vulnerabilities.storage.googleapis.com.')
  }
  const kept = await inParallel(files, AT_ONCE, async (file) => {
    const read = advisory.safeParse(parseJson(await folder.read(file)))
    if (!read.success) throw unreadable(`${path}/${file} is no advisory in OSV's form, so what is vulnerable is not known for certain.`, 'Remove the file from the folder, or fetch it again.')
    return wanted(read.data) ? [read.data] : []
  })
  return kept.flat()
}

/** Every `.json` file below, by its path. What has another ending is taken for a folder, and is an empty one when it is a file. */
async function filesIn(folder: Pick<Scratch, 'list'>, under: string): Promise<readonly string[]> {
  const names = await folder.list(under === '' ? '.' : under)
  const all = await Promise.all(names.map(async (name) => {
    const path = under === '' ? name : `${under}/${name}`
    return name.toLowerCase().endsWith('.json') ? [path] : name.startsWith('.') ? [] : filesIn(folder, path)
  }))
  return all.flat()
}
