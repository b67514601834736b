// docs/coming-from-other-tools.md: what the settings of other release tools become, told by the importers themselves.
import { IMPORTERS, importSettings, type SettingLine } from '../../src/config/import/index.ts'
import { PROJECTS } from '../../src/config/import/settings.rig.ts'
import { code, GENERATED, page, table } from './markdown.ts'

/** The page. */
export function otherToolsPage(): string {
  return page(
    GENERATED,
    '# Coming from another tool',
    '`slipway init` reads the settings of the release tools below and takes over what they mean for `slipway.yaml`. It prints one line for each setting, with its file and line, so that nothing is lost without a word:',
    '- **→** it became settings of `slipway.yaml`;\n- **anyway**: Slipway does it without being told;\n- **left**: it is not taken over. The line says why, and what to do.',
    'What the repository itself shows counts more than what a tool\'s settings say: existing tags, the main branch of the remote, a changelog that is there, an image that a workflow publishes. Where the two differ, the line says so. A place that a tool writes is taken when it holds a version just as the settings say. Checks are added to those that were found, unless they run the same command. Settings that are code, such as `release.config.js`, are named and not run.',
    'A file that cannot be read is told with line and column under *To mend*, and the rest is taken over all the same.',
    '## The move',
    '1. `slipway init`, and read the lines of your tool.\n2. `slipway rehearse` makes the next release in a world of its own. Your old tool stays as it is meanwhile.\n3. Switch off what runs the old tool (a workflow, mostly), and release with Slipway.\n4. Delete the old settings. If they are a place of the version (`current_version` of bumpversion), take that out of `version.places` too.',
    ...IMPORTERS.flatMap(({ tool, files }) => [
      `## ${tool}`,
      `Read from ${files.map((file) => code(file)).join(', ')}.`,
      table(['Setting', 'In slipway.yaml', 'Why'], rowsOf(tool)),
    ]),
  )
}

/** What became of each setting in the examples that the importers are tested with, each setting once. */
function rowsOf(tool: string): readonly (readonly string[])[] {
  const lines = Object.values(PROJECTS).flatMap((files) => importSettings(new Map(Object.entries(files))).lines).filter((line) => line.tool === tool)
  return lines.filter(({ setting }, index) => lines.findIndex((other) => other.setting === setting) === index).map((line) => [code(line.setting), became(line), line.why ?? ''])
}

function became({ outcome, what }: SettingLine): string {
  return outcome === 'became' ? what.map((each) => code(each)).join('<br>') : outcome
}
