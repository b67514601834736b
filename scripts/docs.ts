// Writes the pages of docs/ that are made from the code, so that they cannot say anything else.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { configJsonSchema } from '../src/config/index.ts'
import { TARGETS } from '../src/targets/list.ts'
import { configPage } from './docs/config.ts'
import { errorsPage } from './docs/errors.ts'
import { faultsPage } from './docs/faults.ts'
import { otherToolsPage } from './docs/other-tools.ts'
import { targetsPage } from './docs/targets.ts'

/** The text of every generated file, by its path from the root of the repository. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/slipway.schema.json', `${JSON.stringify(configJsonSchema(TARGETS), null, 2)}\n`],
    ['docs/config.md', configPage()],
    ['docs/targets.md', targetsPage()],
    ['docs/errors.md', errorsPage()],
    ['docs/faults.md', faultsPage()],
    ['docs/coming-from-other-tools.md', otherToolsPage()],
  ])
}

if (import.meta.main) {
  for (const [path, text] of generatedDocs()) {
    await writeFile(resolve(import.meta.dirname, '..', path), text)
    console.log(path)
  }
}
