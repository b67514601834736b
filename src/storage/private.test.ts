// Tests that nobody else on the machine can read what is kept.
import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openArtifacts } from '../world/artifacts.ts'
import { temporaryFolder } from '../world/test-rig.ts'
import { openSqliteJournal } from './sqlite.ts'

test('the folders of the journal and of the artifacts are their owner\'s alone, whatever the umask', async (t) => {
  const umask = process.umask(0)
  t.after(() => { process.umask(umask) })
  await using at = await temporaryFolder()
  const mode = async (path: string) => ((await stat(join(at.path, path))).mode & 0o777).toString(8)
  openSqliteJournal({ file: join(at.path, 'slipway', 'journal.db'), now: () => new Date(0) }).close()
  assert.equal(await mode('slipway'), '700')
  await writeFile(join(at.path, 'file'), 'x')
  await openArtifacts(join(at.path, 'store', 'artifacts')).keep(join(at.path, 'file'))
  assert.deepEqual([await mode('store'), await mode('store/artifacts'), await mode('store/artifacts/sha256')], ['700', '700', '700'])
})
